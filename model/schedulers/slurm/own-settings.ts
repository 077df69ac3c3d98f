import { areEmulated, type Topology } from "../../topology.ts";

/** Settings of slurm.conf that the program writes itself, from the topology or for its own measuring. */

/** The head's name in every cluster. */
const head = "head";

/**
 * For a slurmd that believes slurm.conf, not the machine that it shares; and for jobs that only sleep there. proctrack/linuxproc
 * reads the table of all nodes' processes several times for each job, so that a job would cost more the more nodes there are.
 */
export const emulatedSettings = { SlurmdParameters: "config_overrides", ProctrackType: "proctrack/pgid" };

/** Seconds: the daemons of all nodes share the head's processors, and answer as slowly as these let them. */
export const emulatedDefaults = { MessageTimeout: 100 };

const places = (topology: Topology) =>
  areEmulated(topology)
    ? // Each of the head's slurmds has its own.
      { SlurmdSpoolDir: "/var/lib/slurm/slurmd/%n", SlurmdPidFile: "/run/slurmd/%n.pid", SlurmdLogFile: "/var/log/slurm/slurmd/%n.log" }
    : { SlurmdSpoolDir: "/var/lib/slurm/slurmd", SlurmdLogFile: "/var/log/slurm/slurmd.log" };

/** What the rest of the configuration stands on: who the daemons are, where they keep things, and what they log. */
export const ownSettings = (topology: Topology, accounting: boolean): Record<string, string> => ({
  ClusterName: "schedfront",
  SlurmctldHost: head,
  SlurmUser: "slurm",
  AuthType: "auth/munge",
  CredType: "cred/munge",
  StateSaveLocation: "/var/lib/slurm/slurmctld",
  ...places(topology),
  SlurmctldLogFile: "/var/log/slurm/slurmctld.log",
  LogTimeFormat: "iso8601_ms",
  // With both, the log says to the millisecond when a job's nodes are clean again.
  SlurmctldDebug: "verbose",
  DebugFlags: "TraceJobs",
  JobCompType: "jobcomp/filetxt",
  JobCompLoc: "/var/log/slurm/jobcomp.log",
  MpiDefault: "pmix",
  // Nobody gets mail; slurmctld complains of a program that is not there.
  MailProg: "/bin/true",
  ...(accounting ? { AccountingStorageHost: head } : {}),
  ...(topology.compute.some((group) => group.gpus > 0) ? { GresTypes: "gpu" } : {}),
});

/** Names of all that cannot be set otherwise; MailProg can. */
export const ownNames = [
  "ClusterName", "SlurmctldHost", "SlurmUser", "NodeName", "PartitionName", "StateSaveLocation", "SlurmdSpoolDir", "AuthType",
  "CredType", "MpiDefault", "JobCompType", "JobCompLoc", "SlurmctldLogFile", "SlurmdLogFile", "LogTimeFormat", "SlurmctldDebug", "DebugFlags", "GresTypes",
  "AccountingStorageType", "AccountingStorageHost", "JobAcctGatherType", "Include",
] as const; // biome-ignore format: a list
