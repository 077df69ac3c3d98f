import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { failureLine } from "../../model/failure.ts";
import { failureOutcome } from "../../sweep/run/failure-outcome.ts";
import { noFailure, note } from "../../sweep/run/pulumi-stacks.ts";
import { isAlive, Project, until } from "./project.ts";

vi.setConfig({ testTimeout: 60_000 });

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

/** A program that makes one command; strings starting with "=" are TypeScript. */
function command(args: object): string {
  const source = JSON.stringify(args).replace(/"=((?:[^"\\]|\\.)*)"/g, (_, code: string) => JSON.parse(`"${code}"`));
  return `
    import * as pulumi from "@pulumi/pulumi";
    import { local } from "@pulumi/command";
    const config = new pulumi.Config();
    const made = new local.Command("made", ${source});
    export const stdout = made.stdout;
    export const stderr = made.stderr;
  `;
}

test("create runs once and yields what it wrote, without the last newline", () => {
  const program = command({ create: "echo create >> events; echo out; echo; echo err >&2" });
  project.up(program);
  expect(project.outputs()).toEqual({ stdout: "out\n", stderr: "err" });

  project.up(program);
  expect(project.events()).toEqual(["create"]);
});

test("a changed input runs update, which sees the previous output", () => {
  const args = {
    create: "echo create >> events; echo first; echo warning >&2",
    update: 'echo "update $NEW $PULUMI_COMMAND_STDOUT $PULUMI_COMMAND_STDERR" >> events; echo second',
  };
  project.up(command(args));
  project.up(command({ ...args, environment: { NEW: "new" } }));
  expect(project.events()).toEqual(["create", "update new first warning"]);
  expect(project.outputs()).toEqual({ stdout: "second", stderr: "" });
});

test("without update, a changed input runs create again", () => {
  project.up(command({ create: "echo one >> events" }));
  project.up(command({ create: "echo two >> events" }));
  expect(project.events()).toEqual(["one", "two"]);
});

test("addPreviousOutputInEnv: false keeps the previous output away", () => {
  const create = (version: number) => `echo "${version}: \${PULUMI_COMMAND_STDOUT-unset}" >> events; echo out`;
  project.up(command({ create: create(1), addPreviousOutputInEnv: false }));
  project.up(command({ create: create(2), addPreviousOutputInEnv: false }));
  expect(project.events()).toEqual(["1: unset", "2: unset"]);
});

test("changed triggers replace: create the new, delete the old", () => {
  const args = {
    create: "echo create >> events; echo made",
    update: "echo update >> events",
    delete: 'echo "delete $PULUMI_COMMAND_STDOUT" >> events',
  };
  project.up(command({ ...args, triggers: ["a", { b: 1 }] }));
  project.up(command({ ...args, triggers: ["a", { b: 2 }] }));
  expect(project.events()).toEqual(["create", "create", "delete made"]);
});

test("destroy runs delete, which sees the previous output", () => {
  project.up(command({ create: "echo made", delete: 'echo "delete $PULUMI_COMMAND_STDOUT" >> events' }));
  project.succeed("destroy", "--yes", "--skip-preview");
  expect(project.events()).toEqual(["delete made"]);
  expect(project.state()).not.toContain("command:local:Command");
});

/** How a sweep sees an update of this program end: by the engine's events, of which `--event-log` makes a file for it, too. */
function outcomeOf(program: string) {
  project.write("index.ts", program);
  project.pulumi("up", "--yes", "--skip-preview", "--event-log", join(project.directory, "log"));
  const failure = noFailure();
  for (const line of readFileSync(join(project.directory, "log"), "utf8").trim().split("\n")) note(JSON.parse(line), failure);
  return failureOutcome(failure);
}

test("what a failing command answers reaches a sweep as it is, and so does what the program answers", () => {
  const line = failureLine("disk full", 'no "room"\n  in <{%reset%}> /pool');
  const create = "echo progress; echo reason >&2; cat answer; exit 3";
  project.write("answer", `${line}\n`);
  expect(outcomeOf(command({ create, logging: "stderr" }))).toEqual({
    kind: "disk full",
    at: "made",
    message: 'no "room"\n  in  /pool',
  });
  const refusing = `
    import * as pulumi from "@pulumi/pulumi";
    const error = new pulumi.RunError(${JSON.stringify(`invalid tuple\n${failureLine("refused", "invalid tuple\n  x: y")}`)});
    error.stack = "";
    throw error;
  `;
  expect(outcomeOf(refusing)).toEqual({ kind: "refused", at: null, message: "invalid tuple\n  x: y" });
});

test("a failing command fails the update, says why, and is tried again", () => {
  const failed = project.failingUp(command({ create: "echo progress; echo reason >&2; exit 3" }));
  expect(failed.text).toContain("exit status 3");
  expect(failed.text).toContain("progress");
  expect(failed.text).toContain("reason");
  expect(project.state()).not.toContain("command:local:Command");

  project.up(command({ create: "echo mended" }));
  expect(project.outputs().stdout).toBe("mended");
});

test("a failing update keeps the old state and is tried again", () => {
  project.up(command({ create: "echo one" }));
  project.failingUp(command({ create: "echo two; exit 4" }));
  project.up(command({ create: 'echo "after $PULUMI_COMMAND_STDOUT"' }));
  expect(project.outputs().stdout).toBe("after one");
});

test("five megabytes of output, in lines and in one line, arrive whole", () => {
  const lines = "seq 1 600000";
  const line = "head -c 2000000 /dev/zero | tr '\\0' x";
  project.up(command({ create: `${lines}; ${line}`, logging: "none" }));
  const expected = `${Array.from({ length: 600_000 }, (_, i) => i + 1).join("\n")}\n${"x".repeat(2_000_000)}`;
  const stdout = String(project.outputs().stdout);
  expect(stdout.length).toBe(expected.length);
  expect(sha256(stdout)).toBe(sha256(expected));
});

test("stdin, environment, dir and interpreter reach the command", () => {
  project.write("where", "here");
  const create = "import os, sys; print(sys.stdin.read(), os.environ['GIVEN'], open('where').read())";
  project.up(
    command({
      interpreter: ["python3", "-c"],
      create,
      stdin: "a line\nanother",
      environment: { GIVEN: 'with "quotes" and $signs' },
      dir: project.directory,
    }),
  );
  expect(project.outputs().stdout).toBe('a line\nanother with "quotes" and $signs here');
});

test("secrets reach the command, but neither the log nor the state", () => {
  const secret = "s3cret-9f2c61";
  project.succeed("config", "set", "--secret", "key", secret);
  const run = project.up(
    command({
      create: 'test "$KEY" = "$(cat)" && printf "%s" "$KEY" | sha256sum && echo "$KEY"',
      logging: "none",
      environment: { KEY: '=config.requireSecret("key")' },
      stdin: '=config.requireSecret("key")',
    }),
  );
  expect(project.outputs().stdout).toBe(`${sha256(secret)}  -\n${secret}`);
  expect(run.text).not.toContain(secret);
  expect(project.stackOutputs()).not.toContain(secret);
  expect(project.stackOutputs()).not.toContain(sha256(secret));
  expect(project.state()).not.toContain(secret);
  expect(project.state()).not.toContain(sha256(secret));
});

test.each([
  ["stdoutAndStderr", true, true],
  ["stdout", true, false],
  ["stderr", false, true],
  ["none", false, false],
])("logging: %s", (logging, stdout, stderr) => {
  const create = "expr 40 + 2 | sed s/^/out-/; expr 50 + 3 | sed s/^/err-/ >&2";
  const run = project.up(`
    import { local } from "@pulumi/command";
    new local.Command("made", ${JSON.stringify({ create, logging })});
  `);
  expect([run.text.includes("out-42"), run.text.includes("err-53")]).toEqual([stdout, stderr]);
});

test("preview runs nothing, whether inputs are known or not", () => {
  const run = project.preview(`
    import { local } from "@pulumi/command";
    const first = new local.Command("first", { create: "echo first >> events" });
    new local.Command("second", { create: first.stdout.apply((text) => \`echo \${text} >> events\`) });
  `);
  expect(run.text).toContain("3 to create");
  expect(project.events()).toEqual([]);
});

test("preview of an update runs nothing and knows that the output may change", () => {
  project.up(command({ create: "echo one | tee -a events" }));
  project.preview(`
    ${command({ create: "echo two | tee -a events" })}
    new local.Command("next", { create: made.stdout.apply((text) => {
      require("node:fs").appendFileSync("events", "applied to " + text);
      return "true";
    }) });
  `);
  expect(project.events()).toEqual(["one"]);
});

test("local.run runs a command and returns what it wrote", () => {
  project.up(`
    import { local } from "@pulumi/command";
    const ran = local.runOutput({ command: "cat; echo $GIVEN >&2", stdin: "in", environment: { GIVEN: "given" } });
    export const stdout = ran.stdout;
    export const stderr = ran.stderr;
  `);
  expect(project.outputs()).toEqual({ stdout: "in", stderr: "given" });
});

test("a failing local.run fails the program and says why", () => {
  const failed = project.failingUp(`
    import { local } from "@pulumi/command";
    export const ran = local.runOutput({ command: "echo reason >&2; exit 5" });
  `);
  expect(failed.text).toContain("exit status 5");
  expect(failed.text).toContain("reason");
});

test("Ctrl-C ends the command", async () => {
  const status = await project.interruptedUp(command({ create: "echo $$ > pid; mv pid running; exec sleep 300" }), "running");
  expect(status).not.toBe(0);
  const pid = Number(readFileSync(join(project.directory, "running"), "utf8"));
  await until(() => !isAlive(pid), 5);
  expect(project.state()).not.toContain("command:local:Command");
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
