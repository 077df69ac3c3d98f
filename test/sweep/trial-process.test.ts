import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { trialProcess } from "../../sweep/run/trial-process.ts";
import { isAlive, until } from "../toolchain/project.ts";
import { trialsOf } from "./fixtures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-trial-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [trial] = trialsOf({}) as [PlannedTrial];

/** Starts a shell script in the place of a trial's process. */
function start(script: string) {
  writeFileSync(join(folder, "script"), `cd ${folder}\n${script}`);
  const steps: string[] = [];
  const running = trialProcess(["bash", join(folder, "script")], join(folder, "logs"))(trial, { hypervisor: "qemu:///system" }, (step) =>
    steps.push(step),
  );
  return { running, steps, log: () => readFileSync(join(folder, "logs", `${trial.stack}.log`), "utf8") };
}

test("a trial's process is told what to run and where; its steps and its end come back", async () => {
  const { running, steps, log } = start(`
    echo "$*" >&2
    echo '{"step":"cluster-ssh"}'; echo "not ours"; echo '{"step":"suite-0-burst-0"}'
    echo '{"end":{"kind":"interrupted"}}'`);
  expect(await running.ended).toEqual({ kind: "interrupted" });
  expect(steps).toEqual(["cluster-ssh", "suite-0-burst-0"]);
  expect(log()).toBe(`s ${trial.id} --hypervisor qemu:///system --events\n`);
});

test("a process that ends without a word is a crash that says how, and where its last words are", async () => {
  expect(await start("echo why >&2; exit 3").running.ended).toEqual({
    kind: "crashed",
    message: expect.stringMatching(/^its process ended by exit status 3: "why"; more is in .*sweep-s-[0-9a-f]{12}\.log$/),
  });
  expect(await start("kill -SEGV $$").running.ended).toMatchObject({ message: expect.stringContaining("ended by SIGSEGV") });
});

test("a command that is not there is a crash, too", async () => {
  const running = trialProcess([join(folder, "none")], join(folder, "logs"))(trial, { hypervisor: "qemu:///system" }, () => {});
  expect(await running.ended).toMatchObject({ kind: "crashed", message: expect.stringContaining("ENOENT") });
});

test("a log that cannot be written ends no trial, and a crash says so", async () => {
  mkdirSync(join(folder, "logs"));
  symlinkSync("/dev/full", join(folder, "logs", `${trial.stack}.log`));
  const done = start(`echo words >&2; echo '{"end":{"kind":"interrupted"}}'`);
  expect(await done.running.ended).toEqual({ kind: "interrupted" });
  expect(await start("echo why >&2; exit 3").running.ended).toEqual({
    kind: "crashed",
    message: expect.stringMatching(/exit status 3: "why"; .*\.log could not be written: ENOSPC/),
  });
});

test("stop reaches the trial's process and none that it started", async () => {
  const { running } = start(`
    (trap 'touch reached' INT; for i in {1..30}; do sleep 0.1; done) & touch ready
    trap 'echo "{\\"end\\":{\\"kind\\":\\"interrupted\\"}}"; kill %1; exit 75' INT
    wait`);
  await until(() => existsSync(join(folder, "ready")));
  await new Promise((resolve) => setTimeout(resolve, 200));
  running.stop();
  expect(await running.ended).toEqual({ kind: "interrupted" });
  expect(existsSync(join(folder, "reached"))).toBe(false);
});

test("kill ends all that the trial started, in whatever process group", async () => {
  const { running } = start(`
    set -m
    trap '' INT TERM
    (trap '' INT TERM; echo $BASHPID >inner; mv inner pid; sleep 300) &
    wait`);
  await until(() => existsSync(join(folder, "pid")));
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  running.kill();
  expect(await running.ended).toMatchObject({ kind: "crashed", message: expect.stringContaining("SIGKILL") });
  await until(() => !isAlive(pid));
});
