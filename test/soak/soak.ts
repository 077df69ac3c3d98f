import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Papa from "papaparse";
import { columns } from "../../analysis/columns.ts";
import { svg } from "../../analysis/report/page/svg.ts";
import { growth, growthFigure, type Sample } from "./growth.ts";

/**
 * Runs sweeps/SWEEP.yaml and counts after each of its trials what a leak would make more of: `soak.ts [SWEEP [OPTION of sweep
 * run…]]`. Writes results/soak/SWEEP.csv, a row a trial, and SWEEP.svg, and prints the first ten trials beside the last ten.
 * Runs where the sweep's machines are: `make soak`. An interrupted one goes on with its rows.
 */

const [sweep = "soak", ...options] = process.argv.slice(2);
if (!/^[a-z0-9-]+$/.test(sweep) || !existsSync(`sweeps/${sweep}.yaml`)) throw new Error(`sweep: "${sweep}" is none of sweeps/*.yaml`);
const kept = `results/soak/${sweep}`;
const samples: Sample[] = existsSync(`${kept}.csv`)
  ? Papa.parse<Sample>(readFileSync(`${kept}.csv`, "utf8"), { header: true, dynamicTyping: true, skipEmptyLines: true }).data
  : [];

/** The daemon that holds the machines, of this network namespace: libvirtd, or virtqemud where libvirt is in parts. */
function daemon(): number {
  const own = readlinkSync("/proc/self/ns/net");
  const pids = execFileSync("pgrep", ["--exact", "libvirtd|virtqemud"], { encoding: "utf8" }).split("\n").filter(Boolean);
  const found = pids.find((pid) => readlinkSync(`/proc/${pid}/ns/net`) === own);
  if (found === undefined) throw new Error("no libvirtd runs here, whose memory could be watched");
  return Number(found);
}

const mebibytes = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
const openFiles = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

/** Sizes in bytes of the files below a folder; one that goes meanwhile is none. */
const filesBelow = (folder: string): number[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
        const found = statSync(join(folder, name), { throwIfNoEntry: false });
        return found?.isFile() ? [found.size] : [];
      })
    : [];

const leases = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".status"))
        .reduce((sum, name) => sum + readFileSync(join(folder, name), "utf8").split('"ip-address"').length - 1, 0)
    : 0;

/** The folders of Pulumi's state, where those are some. */
const backend = (process.env.PULUMI_BACKEND_URL ?? "file://~").replace("file://", "").replace(/^~/, homedir());
const stateFolders = ["stacks", "history", "backups", "locks"].map((part) => join(backend, ".pulumi", part));

/** What Pulumi remembers of each folder that it has run in. */
const workspaces = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "workspaces");

function sample(trialSeconds: number, runner: number): Sample {
  const libvirtd = daemon();
  const began = performance.now();
  execFileSync("pulumi", ["stack", "ls", "--all", "--json"]);
  const listStacksSeconds = (performance.now() - began) / 1000;
  const state = stateFolders.flatMap(filesBelow);
  return {
    trialSeconds,
    sweepMiB: mebibytes(runner),
    sweepFiles: openFiles(runner),
    libvirtdMiB: mebibytes(libvirtd),
    libvirtdFiles: openFiles(libvirtd),
    processes: readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length,
    hypervisorFiles: filesBelow("/var/lib/libvirt").length,
    leases: leases("/var/lib/libvirt/dnsmasq"),
    keyFolders: existsSync("/dev/shm") ? readdirSync("/dev/shm").filter((name) => name.startsWith("schedfront.")).length : 0,
    temporaryFiles: readdirSync(tmpdir()).length,
    workspaceFiles: filesBelow(workspaces).length,
    stateFiles: state.length,
    stateMiB: state.reduce((sum, size) => sum + size, 0) / 2 ** 20,
    listStacksSeconds,
  };
}

async function main(): Promise<void> {
  mkdirSync("results/soak", { recursive: true });
  const runner = spawn(
    process.execPath,
    [
      ...process.execArgv,
      "sweep/cli/main.ts",
      "run",
      sweep,
      "--resume",
      ...(options.length > 0 ? options : ["--saved-clusters", "--parallel", "1"]),
    ],
    { stdio: ["inherit", "inherit", "pipe"] },
  );
  // The terminal's Ctrl-C reaches the sweep too, which ends in its own way, and this with it.
  process.on("SIGINT", () => {});
  const lines = createInterface({ input: runner.stderr });
  lines.on("line", (line) => {
    console.error(line);
    const [, seconds] = / ended after (\d+) s: /.exec(line) ?? [];
    if (seconds === undefined) return;
    // In the first seconds of the next trial: the same moment each time.
    samples.push(sample(Number(seconds), runner.pid as number));
    writeFileSync(`${kept}.csv`, `${Papa.unparse(samples)}\n`);
  });
  const [[status]] = await Promise.all([once(runner, "exit"), once(lines, "close")]);
  if (samples.length > 0) {
    writeFileSync(`${kept}.svg`, svg(growthFigure(samples)));
    const rows = growth(samples).map(({ what, first, last, perTrial }) => [
      what,
      ...[first, last, perTrial].map((value) => value.toPrecision(4)),
    ]);
    console.log(
      [`${samples.length} trials; ${kept}.svg draws them`, ...columns(["", "first ten", "last ten", "a trial"], rows)].join("\n"),
    );
  }
  process.exitCode = status as number;
}

void main();
