import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";

const own = resolve("toolchain/bin");
let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-pulumi-"));
  temporary = join(folder, "temporary");
  mkdirSync(temporary);
  return () => rmSync(folder, { recursive: true });
});

/** The other pulumi on PATH: says what it was asked, writes to its TMPDIR, and goes on until it is ended, where it is to. */
function other(text: string) {
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/pulumi"), `#!/bin/bash\necho "$TMPDIR $*" >>${folder}/asked\n${text}\n`, { mode: 0o755 });
}
const environment = () => ({
  ...process.env,
  PATH: `${own}:${join(folder, "bin")}:${process.env.PATH}`,
  TMPDIR: temporary,
  PULUMI_BACKEND_URL: `file://${folder}`,
});
const asked = () => (existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8").trim().split("\n") : []);
const run = (cwd: string, ...args: string[]) => spawnSync("pulumi", args, { cwd, encoding: "utf8", env: environment(), timeout: 60_000 });
const ended = (child: ChildProcess) => once(child, "close");

test("a command that runs no program is handed on as it is", () => {
  other("exit 7");
  const { status } = run(".", "stack", "output", "--json", "--stack", "up");
  expect([status, asked()]).toEqual([7, [`${temporary} stack output --json --stack up`]]);
});

test("what it writes to TMPDIR goes with it, and where it is killed, with the plugins that it leaves", async () => {
  mkdirSync(join(folder, "plugins"));
  const plugin = join(folder, "plugins/pulumi-resource-x");
  copyFileSync("/bin/sleep", plugin);
  const bystander = join(folder, "plugins/virtqemud");
  copyFileSync("/bin/sleep", bystander);
  other(`touch "$TMPDIR/socket"; setsid ${plugin} 300 & plugin=$!; setsid ${bystander} 300 & echo "$plugin $!" >${folder}/pids; wait`);
  const child = spawn("pulumi", ["preview"], { cwd: folder, env: environment(), stdio: "ignore" });
  await vi.waitUntil(() => existsSync(join(folder, "pids")), { timeout: 20_000 });
  const [pluginPid, bystanderPid] = readFileSync(join(folder, "pids"), "utf8").trim().split(" ") as [string, string];
  expect(readdirSync(temporary)).toEqual([expect.stringMatching(new RegExp(`^schedfront\\.\\d+\\.${child.pid}\\.`))]);
  child.kill("SIGKILL");
  await ended(child);
  await vi.waitUntil(() => readdirSync(temporary).length === 0, { timeout: 20_000 });
  const lives = (pid: string) => existsSync(`/proc/${pid}`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  expect([lives(pluginPid), lives(bystanderPid)]).toEqual([false, true]);
  process.kill(Number(bystanderPid));
});

test("a folder whose command and watcher were killed goes with the next command", async () => {
  other("exit 0");
  const dead = join(temporary, "schedfront.NAMESPACE.1.1.0");
  const { stdout } = spawnSync("stat", ["--dereference", "--format", "%i", "/proc/self/ns/pid"], { encoding: "utf8" });
  const left = dead.replace("NAMESPACE", stdout.trim());
  mkdirSync(left);
  run(folder, "preview");
  expect(existsSync(left)).toBe(false);
});

/** What a killed run of stack s leaves. */
function lock() {
  const locks = join(folder, ".pulumi/locks/organization/schedfront/s");
  mkdirSync(locks, { recursive: true });
  const { pid } = spawnSync("true");
  writeFileSync(join(locks, "0.json"), JSON.stringify({ pid, hostname: hostname(), timestamp: new Date().toISOString() }));
  return join(locks, "0.json");
}

const exports = `for last; do :; done; if [[ "$1 $2" == "stack export" ]]; then echo '${JSON.stringify({
  deployment: { pending_operations: [{ type: "creating", resource: { urn: "a::b" } }] },
})}' >"$last"; fi`;

test.each([
  ["up", ["up", "--yes", "--stack", "s"]],
  ["destroy", ["--cwd", resolve("."), "destroy", "-s", "s"]],
])("%s recovers what a killed run left, and then does what it was asked", (verb, args) => {
  other(exports);
  const left = lock();
  const { status, stderr } = run(".", ...args);
  expect(status, stderr).toBe(0);
  expect(existsSync(left)).toBe(false);
  expect(stderr).toContain("which is dead");
  expect(asked().map((line) => /(export|refresh|destroy|up) /.exec(line)?.[1])).toEqual(["export", "refresh", verb]);
});

test("up of another project recovers nothing", () => {
  other(exports);
  const left = lock();
  expect(run(folder, "up", "--stack", "s").status).toBe(0);
  expect(existsSync(left)).toBe(true);
  expect(asked()).toHaveLength(1);
});

test("another checkout's is not taken for Pulumi", () => {
  other("exit 0");
  mkdirSync(join(folder, "checkout/toolchain"), { recursive: true });
  symlinkSync(own, join(folder, "checkout/toolchain/bin"));
  const { status } = spawnSync("pulumi", ["version"], {
    env: { ...environment(), PATH: `${own}:${folder}/checkout/toolchain/bin:${folder}/bin:/usr/bin:/bin` },
    timeout: 20_000,
  });
  expect([status, asked()]).toEqual([0, [`${temporary} version`]]);
});

test("without one it says what to do", () => {
  const { status, stderr } = spawnSync("pulumi", ["version"], { encoding: "utf8", env: { PATH: `${own}:/usr/bin:/bin` } });
  expect(status).toBe(127);
  expect(stderr).toBe("pulumi is not on PATH: run make shell, which installs it and starts a shell that has it\n");
});

test("make and npm run TypeScript also where another user has made tsx's folder, as a file", () => {
  writeFileSync(join(temporary, `tsx-${process.getuid?.()}`), "");
  const { status, stderr } = spawnSync("npm", ["run", "--silent", "pareto", "--", "--help"], { encoding: "utf8", env: environment() });
  expect(status, stderr).toBe(0);
  expect(readFileSync("Makefile", "utf8")).not.toMatch(/^\t.*npx.* tsx /m);
});
