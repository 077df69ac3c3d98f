import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../toolchain/project.ts";

/** Whether this machine has Slurm's daemons: Debian's slurmctld, slurmd, slurm-client and munge. */
export const hasSlurm = ["slurmctld", "slurmd", "munged"].every((daemon) => existsSync(`/usr/sbin/${daemon}`));

/** A Slurm of one pretended node of eight cores, all of it in a folder of its own. Needs root, and ports that nobody else has. */
export class RealSlurm {
  readonly folder = mkdtempSync(join(tmpdir(), "schedfront-slurm-"));
  readonly environment = { ...process.env, SLURM_CONF: join(this.folder, "slurm.conf") };
  private readonly daemons: ChildProcess[] = [];

  async start(): Promise<void> {
    const socket = join(this.folder, "munge/socket");
    mkdirSync(join(this.folder, "munge"), { mode: 0o711 });
    mkdirSync(join(this.folder, "spool"));
    writeFileSync(join(this.folder, "munge/key"), randomBytes(128), { mode: 0o600 });
    writeFileSync(
      this.environment.SLURM_CONF,
      [
        "ClusterName=array",
        `SlurmctldHost=${hostname()}(127.0.0.1)`,
        "SlurmUser=root",
        "AuthType=auth/munge",
        `AuthInfo=socket=${socket}`,
        "SlurmctldPort=16817",
        `StateSaveLocation=${this.folder}/state`,
        `SlurmctldPidFile=${this.folder}/slurmctld.pid`,
        `SlurmdPidFile=${this.folder}/slurmd.pid`,
        `SlurmdSpoolDir=${this.folder}/spool`,
        "ProctrackType=proctrack/linuxproc",
        "TaskPlugin=task/none",
        "JobAcctGatherType=jobacct_gather/none",
        "AccountingStorageType=accounting_storage/none",
        "MpiDefault=none",
        "SelectType=select/cons_tres",
        "SelectTypeParameters=CR_Core_Memory",
        "SlurmdParameters=config_overrides",
        "SchedulerParameters=sched_min_interval=0,batch_sched_delay=0",
        "ReturnToService=2",
        "KillWait=5",
        "NodeName=pretended NodeAddr=127.0.0.1 Port=16818 CPUs=8 RealMemory=65536",
        "PartitionName=batch Nodes=pretended Default=YES MaxTime=INFINITE",
        "",
      ].join("\n"),
    );
    // Nothing here asks for cgroups; version 1 is the one that slurmd does not look for when it starts.
    writeFileSync(join(this.folder, "cgroup.conf"), "CgroupPlugin=cgroup/v1\n");
    const inside = (file: string) => join(this.folder, "munge", file);
    this.daemon(
      "munged",
      "--foreground",
      "--force",
      `--socket=${socket}`,
      `--key-file=${inside("key")}`,
      `--pid-file=${inside("pid")}`,
      `--seed-file=${inside("seed")}`,
      `--log-file=${inside("log")}`,
    );
    await until(() => existsSync(socket));
    this.daemon("slurmctld", "-D");
    this.daemon("slurmd", "-D", "-N", "pretended");
    await until(() => this.says("sinfo", "--noheader", "--format=%T").trim() === "idle");
  }

  /** What a command prints, or nothing where it fails. */
  says(program: string, ...args: string[]): string {
    try {
      return execFileSync(program, args, { env: this.environment, encoding: "utf8", timeout: 20_000, stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      return "";
    }
  }

  async stop(): Promise<void> {
    for (const daemon of this.daemons.reverse()) {
      const ended = new Promise((resolve) => daemon.once("exit", resolve));
      if (daemon.exitCode === null && daemon.kill("SIGTERM")) await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private daemon(name: string, ...args: string[]): void {
    const log = join(this.folder, `${name}.out`);
    const descriptor = openSync(log, "a");
    const daemon = spawn(`/usr/sbin/${name}`, args, { env: this.environment, stdio: ["ignore", descriptor, descriptor] });
    closeSync(descriptor);
    daemon.once("exit", (status, signal) => {
      if (signal === null && status !== 0) console.error(`${name} ended with ${status}:\n${readFileSync(log, "utf8").slice(-2000)}`);
    });
    this.daemons.push(daemon);
  }
}
