import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";

/** run-virtual against a hypervisor that is a folder (test/components/fakes), with a guest that has said what the test wrote. */

let folder: string;
const inPool = (name: string) => join(folder, "pools/schedfront-a", name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-virtual-"));
  for (const path of ["domains", "networks", "pools/schedfront-a", "results"]) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, "paused"), "schedfront-a-virtual running\n");
  writeFileSync(join(folder, "archive"), "");
  return () => rmSync(folder, { recursive: true });
});

function start(said: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  writeFileSync(inPool("virtual-reply"), said.map((line) => `${line}\n`).join(""));
  const child = spawn("components/libvirt/scripts/run-virtual", {
    env: { ...process.env, PATH: `${resolve("test/components/fakes")}:${process.env.PATH}`, ...environment },
  });
  const input = {
    connection: { privateKey: "key", hosts: [{ name: "head", role: "head", address: "10.128.0.2", hostKey: "ssh-ed25519 AAAA" }] },
    uri: `fake://${folder}`,
    pool: "schedfront-a",
    directory: join(folder, "pools/schedfront-a"),
    headDomain: "schedfront-a-head",
    domain: "schedfront-a-virtual",
    domainXml: "<domain/>",
    archive: join(folder, "archive"),
    starts: [],
    secretFiles: [],
    verify: { verb: "verify" },
    request: { verb: "run" },
    results: join(folder, "results"),
  };
  child.stdin?.end(JSON.stringify(input));
  return child;
}

async function ended(child: ChildProcess) {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (text) => (stdout += text));
  child.stderr?.on("data", (text) => (stderr += text));
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, stdout, stderr };
}

const changes = () => (existsSync(join(folder, "changes")) ? readFileSync(join(folder, "changes"), "utf8").split("\n") : []);

/** Since the head was suspended the guest was destroyed, and then the head resumed. */
function guestIsGone(): boolean {
  const after = changes().slice(changes().indexOf("suspend schedfront-a-head"));
  return (
    after.indexOf("resume schedfront-a-head") > after.indexOf("destroy schedfront-a-virtual") &&
    after.includes("destroy schedfront-a-virtual")
  );
}

test("virtual time has a limit, and what spins is named", async () => {
  const busy = "busy 99% of 60 s up to 660 s, now most of all slurmctld (312), 98%";
  const child = start(["progress 7200 jobstream: 3 of 12 jobs submitted", busy], { SCHEDFRONT_VIRTUAL_CLOCK_SECONDS: "3600" });
  const { status, stdout, stderr } = await ended(child);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      kind: "timeout",
      message: "the run has come to 7200 s of virtual time, the most is 3600; SCHEDFRONT_VIRTUAL_CLOCK_SECONDS sets the limit",
    },
  });
  expect(stderr).toContain("virtual time: warning: the guest spins: 99% of 60 s up to 660 s, now most of all slurmctld (312), 98%\n");
  expect(guestIsGone()).toBe(true);
  expect(existsSync(inPool("virtual-initrd"))).toBe(false);
}, 60_000);

test("wall time has a limit, and until then it is said how long the rest may take", async () => {
  const child = start(["progress 7200 jobstream: 20 of 20 jobs submitted, 2 running, 10 done, 7000 s"], {
    SCHEDFRONT_VIRTUAL_WALL_SECONDS: "1",
  });
  const { status, stdout, stderr } = await ended(child);
  expect(status).toBe(1);
  expect(JSON.parse(stdout).error).toEqual({
    kind: "timeout",
    message: "the run in virtual time has not ended within 1 s of wall time; SCHEDFRONT_VIRTUAL_WALL_SECONDS sets the limit",
  });
  expect(stderr).toMatch(/virtual time 7200 s after \d+ s, factor \d+, about \d+ s left: jobstream: 20 of 20/);
  expect(guestIsGone()).toBe(true);
}, 60_000);

test("a run that is killed takes its guest with it", async () => {
  const child = start(["progress 600 starting the scheduler"]);
  while (!changes().includes("suspend schedfront-a-head")) await setTimeout(50);
  expect(guestIsGone()).toBe(false);
  child.kill("SIGKILL");
  while (!guestIsGone() || existsSync(inPool("virtual-initrd"))) await setTimeout(50);
}, 60_000);
