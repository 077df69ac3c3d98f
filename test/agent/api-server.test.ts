import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ApiServer, type KubernetesObject, NoAnswer, Refusal } from "../../agent/schedulers/volcano/api-server.ts";

/** A server that speaks as kube-apiserver does, without TLS. */
const server = createServer();
let sessions = 0;
server.on("session", () => {
  sessions += 1;
});
const listening = new Promise<string>((resolve) =>
  server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
);

type Answer = (stream: ServerHttp2Stream, path: string, body: string) => void;
let open: ApiServer | undefined;

async function serving(answer: Answer): Promise<ApiServer> {
  server.removeAllListeners("stream");
  server.on("stream", (stream, headers) => {
    let body = "";
    stream.setEncoding("utf8");
    stream.on("data", (part: string) => {
      body += part;
    });
    stream.on("end", () => answer(stream, `${headers[":method"]} ${headers[":path"]}`, body));
  });
  sessions = 0;
  open = new ApiServer({ url: await listening, authority: "", certificate: "", key: "" });
  return open;
}

afterEach(() => open?.close());

const say = (stream: ServerHttp2Stream, reply: unknown, status = 200) => {
  stream.respond({ ":status": status });
  stream.end(JSON.stringify(reply));
};
const named = (name: string, resourceVersion = "1") => ({ metadata: { name, resourceVersion } });
const list = (resourceVersion: string, ...names: string[]) => ({ metadata: { resourceVersion }, items: names.map((name) => named(name)) });
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

test("requests share one connection", async () => {
  const api = await serving((stream, path, body) => say(stream, { path, body }));
  const answers = await Promise.all([api.get("/a"), api.post("/b", { x: 1 }), api.delete("/c")]);
  expect(answers).toEqual([
    { path: "GET /a", body: "" },
    { path: "POST /b", body: '{"x":1}' },
    { path: "DELETE /c", body: "" },
  ]);
  expect(sessions).toBe(1);
});

test("what is refused is said in the apiserver's words", async () => {
  const api = await serving((stream) => say(stream, { kind: "Status", message: 'jobs "x" is invalid' }, 422));
  await expect(api.post("/jobs", {})).rejects.toThrow(new Refusal(422, 'jobs "x" is invalid'));
});

test("that a request did not come to an end in time is told apart from a refusal", async () => {
  const api = await serving((stream) => say(stream, { message: "request did not complete within the allotted duration" }, 504));
  await expect(api.delete("/jobs")).rejects.toThrow(NoAnswer);
  await expect(api.delete("/jobs")).rejects.toThrow("DELETE /jobs: request did not complete");
});

describe("a watch", () => {
  /** Collects what is told until there is so much of it. */
  function collector(count: number) {
    const told: string[] = [];
    let done = () => {};
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    const onChange = (change: string, { metadata }: KubernetesObject) => {
      told.push(`${change} ${metadata.name}`);
      if (told.length === count) done();
    };
    return { told, all, onChange };
  }

  test("tells of what is there, then of what changes, from the version that was listed; a line may come in pieces", async () => {
    const paths: string[] = [];
    const api = await serving((stream, path) => {
      paths.push(path);
      if (!path.includes("watch=1")) return say(stream, list("7", "a"));
      stream.respond({ ":status": 200 });
      const text = line("MODIFIED", named("a")) + line("BOOKMARK", named("")) + line("DELETED", named("a"));
      stream.write(text.slice(0, 20));
      return setImmediate(() => stream.write(text.slice(20)));
    });
    const { told, all, onChange } = collector(3);
    await api.watch("/pods", onChange);
    await all;
    expect(told).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
    expect(paths).toEqual(["GET /pods", "GET /pods?watch=1&allowWatchBookmarks=true&resourceVersion=7"]);
  });

  test("goes on from where it ended, and lists anew where that is too old: what has gone was deleted", async () => {
    const versions: (string | undefined)[] = [];
    let lists = 0;
    const api = await serving((stream, path) => {
      if (!path.includes("watch=1")) return say(stream, lists++ === 0 ? list("7", "a", "b") : list("20", "b", "c"));
      versions.push(path.split("resourceVersion=")[1]);
      stream.respond({ ":status": 200 });
      if (versions.length === 1) return stream.end(line("MODIFIED", named("a", "9")));
      if (versions.length === 2) return stream.end(line("ERROR", { kind: "Status", code: 410, metadata: {} }));
      return stream.write(line("MODIFIED", named("c", "21")));
    });
    const { told, all, onChange } = collector(7);
    await api.watch("/pods", onChange);
    await all;
    expect(told).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED a", "MODIFIED b", "ADDED c", "MODIFIED c"]);
    expect(versions).toEqual(["7", "9", "20"]);
  });
});
