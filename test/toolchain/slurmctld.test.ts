import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { schedulerParameterBounds, schedulerParameters } from "../../model/schedulers/slurm/scheduler-parameters.ts";
import { type Answer, judge, rootOf } from "./slurmctld.ts";

/** Every bound of the schema against the slurmctld of each Debian that images may start from. */

/** Keys that a version does not have, and bounds that it does not have. */
const versions: Record<string, { readonly unbounded: readonly string[] }> = {
  bookworm: { unbounded: ["bf_topopt_iterations", "bf_window_linear"] },
  trixie: { unbounded: [] },
  sid: { unbounded: [] },
};

/** What slurmctld reads and says nothing of, whatever it is: nothing to compare a bound with. */
const unchecked = [
  "bb_array_stage_cnt",
  "delay_boot",
  "max_array_tasks",
  "max_script_size",
  "max_submit_line_size",
  "max_switch_wait",
  "step_retry_count",
  "step_retry_time",
];

/** They take -1 for 0. */
const takesMinusOne = ["sched_max_job_start", "sched_min_interval"];

const conf = (line: string) =>
  `ClusterName=s
SlurmctldHost=head
SlurmUser=slurm
AuthType=auth/munge
CredType=cred/munge
MpiDefault=none
MailProg=/bin/true
StateSaveLocation=/var/lib/slurm/slurmctld
MessageTimeout=100
${line}
NodeName=cn[1-4] CPUs=1
PartitionName=batch Nodes=cn[1-4] Default=YES
`;

const asked = (value: (key: string) => number | null) =>
  Object.keys(schedulerParameterBounds)
    .filter((key) => !unchecked.includes(key))
    .flatMap((key) => (value(key) === null ? [] : [`${key}=${value(key)}`]))
    .join(",");

/** `Invalid build_queue_time` is what it calls build_queue_timeout. */
const complainedOf = ({ log }: Answer) => {
  const lines = log.split("\n").filter((line) => /invalid|ignor/i.test(line));
  return Object.keys(schedulerParameterBounds).filter((key) =>
    lines.some((line) => new RegExp(`\\b${key.replace(/out$/, "(out)?")}\\b`).test(line)),
  );
};

describe.each(Object.entries(versions))("slurmctld of %s", (suite, { unbounded }) => {
  const found = rootOf(suite);
  const name = "missing" in found ? `not run: ${found.missing.split("\n")[0]}` : "takes each least and each most, and nothing beyond";

  test(name, (context) => {
    if ("missing" in found) return context.skip(found.missing);
    const bounds = (key: string) => schedulerParameterBounds[key] ?? { least: 0, most: 0 };
    // Its own two hours would keep it from ever scheduling.
    const most = (key: string) =>
      /^(sched_min_interval|batch_sched_delay)$/.test(key) ? 1000 : key === "max_sched_time" ? 50 : bounds(key).most;
    const questions = [
      (key: string) => bounds(key).least,
      most,
      (key: string) => bounds(key).least - (takesMinusOne.includes(key) ? 2 : 1),
      (key: string) => bounds(key).most + 1,
    ].map((value) => ({ files: { "slurm.conf": conf(`SchedulerParameters=${asked(value)}`) } }));
    const [least, largest, below, above] = judge(found.root, questions);
    const all = Object.keys(schedulerParameterBounds).filter((key) => !unchecked.includes(key) && !unbounded.includes(key));
    expect({ least: least && complainedOf(least), most: largest && complainedOf(largest) }).toEqual({ least: [], most: [] });
    expect(below && all.filter((key) => !complainedOf(below).includes(key))).toEqual([]);
    expect(above && all.filter((key) => !complainedOf(above).includes(key))).toEqual([]);
  });
});

/** Read by slurmd, which the root does not have. */
const ofSlurmd = ["Ignore_NUMA", "no_env_cache", "requeue_setup_env_fail"];

test("Slurm of trixie knows the name of each key", (context) => {
  const found = rootOf("trixie");
  if ("missing" in found) return context.skip(found.missing);
  const programs = ["sbin/slurmctld-wlm", "bin/srun", "bin/salloc", "lib/x86_64-linux-gnu/slurm-wlm"].map(
    (path) => `${found.root}/usr/${path}`,
  );
  const known = execFileSync(
    "grep",
    ["--recursive", "--text", "--only-matching", "--no-filename", "--extended-regexp", "[A-Za-z]\\w{4,}", ...programs],
    {
      encoding: "latin1",
      maxBuffer: 2 ** 30,
    },
  );
  const words = new Set(known.split("\n"));
  const { extra: _extra, ...typed } = schedulerParameters.shape;
  expect(Object.keys(typed).filter((key) => !words.has(key) && !ofSlurmd.includes(key))).toEqual([]);
});
