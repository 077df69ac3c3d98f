import { appendFileSync, readFileSync } from "node:fs";
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import type { jobObject } from "../../../agent/schedulers/volcano/job-object.ts";
import type { Node, Pod, VolcanoJob } from "../../../agent/schedulers/volcano/objects.ts";
import { VolcanoAdapter } from "../../../agent/schedulers/volcano.ts";
import { gpuResource, volcano } from "../../../model/schedulers/volcano.ts";
import { setBoundary } from "./boundary.ts";
import { type End, type Recorder, type ScriptedJob, ScriptedScheduler } from "./scripted-scheduler.ts";
import type { MakeStand } from "./stand.ts";

/** kube-apiserver over HTTP/2, its audit log, and what Volcano's scheduler says of itself. */

const fixture = (name: string) => readFileSync(`test/agent/fixtures/volcano/${name}`, "utf8");
const real: readonly (Node & { readonly kind: string })[] = JSON.parse(fixture("cluster.json")).items;

type Item = VolcanoJob | Pod | Node;

/** Objects of one path, and who watches them. */
class Collection {
  readonly items = new Map<string, Item>();
  readonly #watches = new Set<ServerHttp2Stream>();

  set(item: Item) {
    const change = this.items.has(item.metadata.name) ? "MODIFIED" : "ADDED";
    this.items.set(item.metadata.name, item);
    this.#tell(change, item);
  }

  delete(name: string) {
    const item = this.items.get(name);
    this.items.delete(name);
    if (item !== undefined) this.#tell("DELETED", { ...item, metadata: { ...item.metadata, deletionTimestamp: new Date().toISOString() } });
  }

  watch(stream: ServerHttp2Stream) {
    stream.respond({ ":status": 200 });
    this.#watches.add(stream);
    stream.on("close", () => this.#watches.delete(stream));
  }

  #tell = (type: string, object: object) => {
    for (const stream of this.#watches) stream.write(`${JSON.stringify({ type, object })}\n`);
  };
}

/** Microseconds, of which this clock has thousands. */
const timestamp = () => new Date().toISOString().replace("Z", "000Z");

export const stand: MakeStand = async (bodies) => {
  const scheduler = new ScriptedScheduler();
  const auditLog = scheduler.file("audit.log", "");
  const configuration = scheduler.file("volcano-scheduler.conf", JSON.stringify({ actions: "enqueue, allocate" }));
  const [jobs, pods, nodes] = [new Collection(), new Collection(), new Collection()];
  const audit = (verb: string, resource: string, name: string, more: object = {}, subresource?: string) => {
    const objectRef = { resource, name, ...(subresource === undefined ? {} : { subresource }) };
    const times = { requestReceivedTimestamp: timestamp(), stageTimestamp: timestamp() };
    appendFileSync(
      auditLog,
      `${JSON.stringify({ stage: "ResponseComplete", verb, objectRef, responseStatus: { code: 200 }, ...more, ...times })}\n`,
    );
  };
  const podNames = ({ id, nodes }: ScriptedJob) =>
    Array.from({ length: nodes }, (_, i) => (i === 0 ? `${id}-first-0` : `${id}-others-${i - 1}`));
  const pod = (name: string, nodeName: string, status: Pod["status"]): Pod => ({
    metadata: { name },
    spec: { nodeName },
    status: { ...status },
  });
  const phase = ({ id }: ScriptedJob, state: string): void => jobs.set({ metadata: { name: id }, status: { state: { phase: state } } });
  const eachPod = (job: ScriptedJob, what: (name: string, node: string) => void) =>
    podNames(job).forEach((name, i) => {
      const node = job.given[i];
      if (node !== undefined) what(name, node);
    });

  const finished = ({ outcome, exitCode }: End): Pod["status"] => ({
    phase: outcome === "completed" ? "Succeeded" : "Failed",
    ...(outcome === "timeout" ? { reason: "DeadlineExceeded" } : {}),
    containerStatuses: exitCode === null ? [] : [{ state: { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error" } } }],
  });
  scheduler.recorder = {
    submitted: (job) => {
      audit("create", "jobs", job.id);
      phase(job, "Pending");
    },
    allocated: (job) =>
      eachPod(job, (name, node) => {
        audit("create", "pods", name, {}, "binding");
        pods.set(pod(name, node, { phase: "Pending" }));
      }),
    started: (job) => {
      eachPod(job, (name, node) => {
        audit("patch", "pods", name, { requestObject: { status: { phase: "Running" } } }, "status");
        pods.set(pod(name, node, { phase: "Running" }));
      });
      phase(job, "Running");
    },
    ended: (job, end) => {
      // A job is cancelled by its deletion: its pods go, and then itself.
      if (end.outcome === "cancelled") return;
      eachPod(job, (name, node) => {
        audit("patch", "pods", name, { requestObject: { status: { phase: finished(end)?.phase } } }, "status");
        pods.set(pod(name, node, finished(end)));
      });
      phase(job, end.outcome === "completed" ? "Completed" : "Failed");
    },
    cleaned: () => {},
    node: (name) => {
      const [ready] = real.filter(({ kind }) => kind === "Node");
      const unschedulable = scheduler.drained.has(name);
      nodes.set({ metadata: { name }, spec: unschedulable ? { unschedulable } : {}, status: { ...ready?.status } });
    },
  } satisfies Recorder;
  for (const name of scheduler.nodes) scheduler.recorder.node?.(name, undefined);

  const deleteAll = () => {
    const running = scheduler.left();
    for (const job of scheduler.jobs.values())
      eachPod(job, (name) => {
        if (running.includes(job)) audit("delete", "pods", name, { requestObject: { gracePeriodSeconds: 0 } });
        pods.delete(name);
      });
    scheduler.cancel();
    for (const name of [...jobs.items.keys()]) jobs.delete(name);
  };
  const collections = Object.entries({ "/jobs": jobs, "/pods": pods, "/nodes": nodes });
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const [path = "", query = ""] = String(headers[":path"]).split("?");
    const found = collections.find(([end]) => path.endsWith(end))?.[1];
    if (query.includes("watch=1") && found !== undefined) return found.watch(stream);
    let body = "";
    stream.setEncoding("utf8");
    stream.on("data", (part: string) => {
      body += part;
    });
    stream.on("end", () => {
      const [status, reply] = answer(String(headers[":method"]), path, body, found);
      stream.respond({ ":status": status });
      stream.end(JSON.stringify(reply));
    });
  });
  const answer = (method: string, path: string, body: string, found: Collection | undefined): [number, object] => {
    if (method === "DELETE") {
      deleteAll();
      return [200, {}];
    }
    if (method === "POST") {
      const job = scheduler.submit(askedIn(JSON.parse(body)));
      return typeof job === "string" ? [422, { message: job }] : [201, {}];
    }
    if (path === "/version") return [200, { gitVersion: "v1.34.4" }];
    if (path.endsWith("/nodes") || found !== undefined)
      return [200, { metadata: { resourceVersion: "1" }, items: [...(found?.items.values() ?? [])] }];
    const kind = {
      queues: "Queue",
      leases: "Lease",
      mutatingwebhookconfigurations: "MutatingWebhookConfiguration",
      validatingwebhookconfigurations: "ValidatingWebhookConfiguration",
    }[path.split("/").at(-1) ?? ""];
    return [200, { metadata: { resourceVersion: "1" }, items: real.filter((item) => item.kind === kind) }];
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const metrics = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(fixture("metrics.txt")));
  setBoundary({
    run: async () => "Version: v1.10.0\n",
    commandLine: (daemon) =>
      daemon === "vc-scheduler" ? `vc-scheduler\0--scheduler-conf=${configuration}\0--schedule-period=${period}` : "",
  });
  let period = "1s";
  const close = () => {
    server.close();
    for (const session of sessions) session.destroy();
    metrics.mockRestore();
  };
  const pem = scheduler.file("empty.pem", "");
  return {
    adapter: new VolcanoAdapter(volcano.parameters.parse({ kind: "volcano" }), {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      authority: pem,
      identity: pem,
      auditLog,
    }),
    scheduler,
    bodies,
    change: () => {
      period = "200ms";
      return { key: "vc-scheduler --schedule-period", value: "200ms" };
    },
    die: close,
    close,
  };
};

function askedIn({ metadata, spec }: ReturnType<typeof jobObject>) {
  const [first] = spec.tasks;
  const { containers, affinity } = first?.template.spec ?? {};
  const term = affinity !== undefined && "nodeAffinity" in affinity ? affinity.nodeAffinity : undefined;
  const [selector] = term?.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms ?? [];
  const requests: Record<string, string | undefined> = { ...containers?.[0]?.resources.requests };
  return {
    id: metadata.name,
    nodes: spec.minAvailable,
    onEach: {
      cores: Number(requests.cpu),
      memoryMiB: Number(requests.memory?.replace("Mi", "") ?? 0),
      gpus: Number(requests[gpuResource] ?? 0),
    },
    place: selector?.matchExpressions[0]?.values,
    queue: spec.queue,
    user: metadata.labels.user,
    // Kubernetes reads two dollars as one.
    command: (containers?.[0]?.command ?? []).map((word) => word.replaceAll("$$", "$")),
    environment: Object.fromEntries((containers?.[0]?.env ?? []).map(({ name, value }) => [name, value])),
  };
}
