import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";

let backend: string;
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "schedfront-locks-"));
  return () => rmSync(backend, { recursive: true });
});

/** Pulumi's lock of a stack, as its file backend writes it. */
function writeLock(owner: { pid: number; hostname?: string; timestamp?: string }, stack = "s") {
  const folder = join(backend, ".pulumi/locks/organization/schedfront", stack);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "0.json");
  writeFileSync(file, JSON.stringify({ username: "u", hostname: hostname(), timestamp: new Date().toISOString(), ...owner }));
  writeFileSync(`${file}.attrs`, "{}");
  return file;
}

const script = "toolchain/break-stale-lock";
const environment = () => ({ ...process.env, PULUMI_BACKEND_URL: `file://${backend}` });

/** Whether the script left stack s's lock, or another's. */
function lock(owner: Parameters<typeof writeLock>[0], stack = "s", ...options: string[]) {
  const file = writeLock(owner, stack);
  const { status, stderr } = spawnSync(script, ["s", ...options], { encoding: "utf8", env: environment() });
  expect(existsSync(`${file}.attrs`)).toBe(existsSync(file));
  return { status, kept: existsSync(file), stderr };
}

/** The number of a process that has ended. */
const deadPid = () => spawnSync("true").pid;

test("a lock whose owner is dead is removed with its attributes, and that is said", () => {
  const pid = deadPid();
  const { status, kept, stderr } = lock({ pid });
  expect([status, kept]).toEqual([0, false]);
  expect(stderr).toContain(`stack s was locked by process ${pid}, which is dead`);
});

test("an owner that has ended and that nobody has reaped is dead", async () => {
  // The child ends only once its parent is sleep, which reaps nobody; bash might.
  const parent = spawn("bash", ["-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 300 3<&-"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [pid] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
  await vi.waitUntil(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n");
  parent.stdin.end();
  await vi.waitUntil(() => readFileSync(`/proc/${Number(pid)}/stat`, "utf8").includes(") Z "));
  expect(lock({ pid: Number(pid) })).toMatchObject({ status: 0, kept: false });
  parent.kill();
});

test("a process of the same number that began after the lock was made is not its owner", () => {
  expect(lock({ pid: process.pid, timestamp: "2020-01-01T00:00:00Z" }).kept).toBe(false);
});

test("a pulumi that seems to have begun after its lock was made is waited for: somebody set the clock", async () => {
  const program = join(backend, "pulumi");
  copyFileSync("/bin/sleep", program);
  const owner = spawn(program, ["300"]);
  await once(owner, "spawn");
  const file = writeLock({ pid: owner.pid as number, timestamp: "2020-01-01T00:00:00Z" });
  const waiting = spawn(script, ["s"], { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
  await once(waiting.stderr, "data");
  expect(existsSync(file)).toBe(true);
  owner.kill();
  await once(waiting, "close");
});

test("of a clock that was set a few seconds back since, nobody dies", async () => {
  const owner = spawn("sleep", ["300"]);
  const file = writeLock({ pid: owner.pid as number, timestamp: new Date(Date.now() - 20_000).toISOString() });
  const waiting = spawn(script, ["s"], { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
  await once(waiting.stderr, "data");
  expect(existsSync(file)).toBe(true);
  owner.kill();
  await once(waiting, "close");
});

test("a lock of another stack stays", () => {
  expect(lock({ pid: deadPid() }, "t")).toEqual({ status: 0, kept: true, stderr: "" });
});

test("a lock of another host stays, and is told of with what to do, unless the caller knows better", () => {
  const owner = { pid: 1_000_000, hostname: "elsewhere" };
  const { status, kept, stderr } = lock(owner);
  expect([status, kept]).toEqual([3, true]);
  expect(stderr).toMatch(
    /^stack s is locked by process 1000000 on elsewhere since \S+: wait for it, or if it is dead: pulumi cancel --yes s\n$/,
  );
  expect(lock(owner, "s", "--claimed")).toMatchObject({ status: 0, kept: false });
});

describe("an owner that lives", () => {
  /** The script, waiting for a process that lives, and what it has said so far. */
  async function waitFor(owner: ChildProcess) {
    const file = writeLock({ pid: owner.pid as number });
    const waiting = spawn(script, ["s"], { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    waiting.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await vi.waitUntil(() => said.includes("\n"));
    return { file, waiting, said: () => said };
  }

  test("is named, with the command that ends it, and waited for", async () => {
    const owner = spawn("sleep", ["300"]);
    const { file, waiting, said } = await waitFor(owner);
    expect(said()).toMatch(
      new RegExp(
        `^stack s is locked by process ${owner.pid} \\(sleep 300\\), since \\S+: waiting for it to finish; to end it: kill -INT ${owner.pid}\n`,
      ),
    );
    await vi.waitUntil(() => said().includes(`waiting for process ${owner.pid}, `), { timeout: 20_000 });
    expect([waiting.exitCode, existsSync(file)]).toEqual([null, true]);
    spawnSync("bash", ["-c", /to end it: (.*)\n/.exec(said())?.[1] ?? ""]);
    const [status] = await once(waiting, "close");
    expect([status, existsSync(file)]).toEqual([0, false]);
  });

  test("takes its lock away itself, and nothing is said of it", async () => {
    const owner = spawn("sleep", ["300"]);
    const { file, waiting, said } = await waitFor(owner);
    rmSync(file);
    const [status] = await once(waiting, "close");
    expect([status, said().includes("dead")]).toEqual([0, false]);
    owner.kill();
  });

  test("is waited for until Ctrl-C, and keeps its lock", async () => {
    const owner = spawn("sleep", ["300"]);
    const { file, waiting } = await waitFor(owner);
    waiting.kill("SIGINT");
    const [status, signal] = await once(waiting, "close");
    expect(signal ?? status).toBe("SIGINT");
    expect(existsSync(file)).toBe(true);
    owner.kill();
  });
});

describe("what was being written when Pulumi was killed", () => {
  const files = (...names: readonly string[]) => names.map((name) => join(backend, ".pulumi", name));
  const broken = () =>
    files("stacks/schedfront/s.json.attrs", "stacks/schedfront/s.json.1a2b.tmp", "history/schedfront/s/s-1.checkpoint.json.attrs");
  const ofAnother = () => files("stacks/schedfront/s-2.json.attrs");
  const whole = () => [...files("stacks/schedfront/s.json", "stacks/schedfront/s.json.bak.attrs"), ...ofAnother()];
  const write = () => {
    const empty = [...broken(), ...ofAnother()];
    for (const file of [...broken(), ...whole()]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, empty.includes(file) ? "" : "{}");
    }
  };

  test("goes with its lock, and nothing else", () => {
    write();
    expect(lock({ pid: deadPid() })).toMatchObject({ kept: false });
    expect([broken().filter((file) => existsSync(file)), whole().filter((file) => existsSync(file))]).toEqual([[], whole()]);
  });

  test("stays where somebody may be writing it now", () => {
    write();
    lock({ pid: 1_000_000, hostname: "elsewhere" });
    expect([...broken(), ...whole()].every((file) => existsSync(file))).toBe(true);
  });
});
