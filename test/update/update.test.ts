import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../toolchain/project.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-update-"));
  mkdirSync(join(folder, "bin"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const urn = (types: string, name: string) => `urn:pulumi:a::schedfront::${types}::${name}`;
const image = urn("schedfront:index:Image$command:local:Command", "image-build");
const pre = (of: string, op = "create") => ({ resourcePreEvent: { metadata: { urn: of, op } } });
const end = (of: string, op = "create") => ({ resOutputsEvent: { metadata: { urn: of, op } } });

/** `pulumi up` that logs these events and then does what the script says. */
function standIn(events: readonly object[], script: string) {
  writeFileSync(join(folder, "events"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  writeFileSync(
    join(folder, "bin/pulumi"),
    `#!/usr/bin/env bash
if [[ $1 != up && $1 != destroy ]]; then exit; fi
for ((i = 1; i <= $#; i++)); do if [[ \${!i} == --event-log ]]; then log=\${@:i+1:1}; fi; done
${script}`,
  );
  chmodSync(join(folder, "bin/pulumi"), 0o755);
}

/** What `update/main.ts VERB a` wrote to standard error, and its exit status. */
function update(
  verb: string,
  started: (pid: number) => Promise<void> = async () => undefined,
): Promise<{ status: number | null; text: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ["--import", "tsx", resolve("update/main.ts"), verb, "a"], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, TSX_DISABLE_CACHE: "1" },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("close", (status) => done({ status, text }));
    started(child.pid ?? 0).catch(failed);
  });
}

const log = () => readFileSync(join(folder, "results/a/up.log"), "utf8");

test("without a terminal, phases are lines, warnings are shown, and all else is in the log", async () => {
  const events = [
    pre(image),
    { diagnosticEvent: { urn: image, severity: "info#err", message: "I: unpacking libc6" } },
    { diagnosticEvent: { urn: image, severity: "warning", message: "<{%fg 3%}>old mirror<{%reset%}>" } },
    end(image),
    { summaryEvent: { resourceChanges: { create: 1, same: 3 } } },
  ];
  standIn(events, 'echo "I: unpacking libc6"; cat events >"$log"');
  const { status, text } = await update("up");
  expect(status).toBe(0);
  expect(text.replaceAll(/\d+ s/g, "N s")).toBe(
    ["up a; details in results/a/up.log", "warning: image-build: old mirror", "image: N s", "a: 1 created, N s", ""].join("\n"),
  );
  expect(log()).toBe("I: unpacking libc6\n");
  expect(existsSync(join(folder, "results/a/up.events.jsonl"))).toBe(false);
});

test("a failure is shown in full, with the way to the log and Pulumi's exit status", async () => {
  const message = Array.from({ length: 60 }, (_, i) => `line ${i}`).join("\n");
  const events = [
    pre(image),
    { diagnosticEvent: { urn: image, severity: "error", message } },
    { resOpFailedEvent: { metadata: { urn: image } } },
  ];
  standIn(events, 'cat events >"$log"; exit 255');
  const { status, text } = await update("up");
  expect(status).toBe(255);
  expect(text).toContain(`error: image-build: ${message}\n`);
  expect(text).toMatch(/image: failed after \d+ s\n/);
  expect(text).toMatch(/a: up failed after \d+ s; the whole log is results\/a\/up\.log\n$/);
});

test("where no event says why Pulumi failed, the log's last lines are shown", async () => {
  standIn([], 'seq 30; echo "error: passphrase must be set"; exit 255');
  const { status, text } = await update("destroy");
  expect(status).toBe(255);
  expect(text).toContain(
    "\n30\nerror: passphrase must be set\npulumi ended with exit status 255; the whole log is results/a/destroy.log\n",
  );
  expect(text).not.toContain("\n11\n");
});

test("at Ctrl-C Pulumi's own end is waited for, and the command says that it goes on", async () => {
  standIn([pre(image)], `trap 'echo "ended in order"; exit 1' INT; cat events >"$log"; touch ready; while :; do sleep 0.1; done`);
  const { status, text } = await update("up", async (pid) => {
    await until(() => existsSync(join(folder, "ready")), 200);
    process.kill(-pid, "SIGINT");
  });
  expect(status).toBe(1);
  expect(text).toContain("interrupting: waiting for what is under way; Ctrl-C again ends it at once\n");
  expect(text).toMatch(/a: interrupted after \d+ s; the same command continues from here\n$/);
  expect(log()).toBe("ended in order\n");
});
