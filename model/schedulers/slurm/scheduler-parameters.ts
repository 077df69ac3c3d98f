import * as z from "zod";
import { wordValue } from "./setting.ts";

/**
 * slurm.conf's SchedulerParameters (slurm.conf(5), Slurm 24.11). Outside of a key's bounds slurmctld logs a complaint, runs with
 * its default, and still prints what was asked, so the bounds are its own: test/toolchain/slurmctld.test.ts asks it.
 */

/** The most that slurmctld reads of a number that it does not bound itself. */
const mostRead = 2_147_483_647;

const number = (least: number, most: number, what?: string) => {
  const bounded = z.int().min(least).max(most);
  return what === undefined ? bounded : bounded.describe(what);
};
const count = (what?: string) => number(0, mostRead, what);
const flag = z.boolean();

const numbers = {
  batch_sched_delay: count("Seconds by which the start of a batch job may be delayed."),
  bb_array_stage_cnt: count(),
  bf_interval: number(1, 10_800, "Seconds between backfill cycles."),
  bf_job_part_count_reserve: number(0, 100_000),
  bf_max_job_array_resv: number(0, 1000),
  bf_max_job_assoc: count(),
  bf_max_job_part: count(),
  bf_max_job_start: number(0, 10_000),
  bf_max_job_test: number(1, 1_000_000, "Jobs that one backfill cycle looks at."),
  bf_max_job_user: count(),
  bf_max_job_user_part: count(),
  bf_max_time: number(1, 3600, "Seconds that one backfill cycle may take."),
  bf_min_age_reserve: number(0, 2_592_000),
  bf_min_prio_reserve: number(1, 4_294_967_295),
  bf_node_space_size: number(2, 2_000_000),
  bf_resolution: number(1, 3600, "Time resolution of the backfill plan, in seconds."),
  bf_topopt_iterations: number(2, 30),
  bf_window: number(1, 43_200, "How far backfill looks ahead, in minutes."),
  bf_window_linear: number(1, mostRead),
  bf_yield_interval: number(1, 10_000_000, "Microseconds between releases of backfill's locks."),
  bf_yield_sleep: number(1, 10_000_000, "Microseconds that backfill sleeps then."),
  build_queue_timeout: number(100, mostRead, "Microseconds."),
  correspond_after_task_cnt: number(10, mostRead),
  default_queue_depth: count(),
  delay_boot: count("Minutes."),
  max_array_tasks: count(),
  max_rpc_cnt: number(0, 1000),
  max_sched_time: number(1, 32_767, "Seconds that one main scheduling cycle may take, below MessageTimeout."),
  max_script_size: number(0, 536_870_912, "Bytes."),
  max_submit_line_size: number(0, 2_097_152, "Bytes."),
  max_switch_wait: count("Seconds."),
  partition_job_depth: count(),
  sched_interval: number(-1, mostRead, "Seconds between main scheduling cycles over all jobs; -1 turns them off."),
  sched_max_job_start: count(),
  sched_min_interval: count("Microseconds between main scheduling cycles."),
  step_retry_count: count(),
  step_retry_time: count("Seconds."),
};

const flags = {
  Ignore_NUMA: flag,
  allow_zero_lic: flag,
  assoc_limit_stop: flag,
  bf_allow_magnetic_slot: flag,
  bf_busy_nodes: flag,
  bf_continue: flag,
  bf_hetjob_immediate: flag,
  bf_licenses: flag,
  bf_one_resv_per_job: flag,
  bf_running_job_reserve: flag,
  bf_topopt_enable: flag,
  defer: flag.describe("Do not try to start a job when it is submitted."),
  defer_batch: flag,
  disable_hetjob_steps: flag,
  disable_job_shrink: flag,
  enable_job_state_cache: flag,
  enable_user_top: flag,
  extra_constraints: flag,
  ignore_constraint_validation: flag,
  ignore_prefer_validation: flag,
  no_backup_scheduling: flag,
  no_env_cache: flag,
  nohold_on_prolog_fail: flag,
  pack_serial_at_end: flag,
  reduce_completing_frag: flag,
  requeue_setup_env_fail: flag,
  salloc_wait_nodes: flag,
  sbatch_wait_nodes: flag,
  spec_cores_first: flag,
  time_min_as_soft_limit: flag,
  whole_hetjob: flag,
};

/** Each key with the numbers that slurmctld takes. */
export const schedulerParameterBounds: Readonly<Record<string, { readonly least: number; readonly most: number }>> = Object.fromEntries(
  Object.entries(numbers).map(([key, { minValue, maxValue }]) => [key, { least: Number(minValue), most: Number(maxValue) }]),
);

export const schedulerParameters = z
  .strictObject({ ...numbers, ...flags, bf_hetjob_prio: z.enum(["min", "avg", "max"]) })
  .partial()
  .extend({
    extra: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{1,63}$/), z.union([z.boolean(), z.number(), wordValue.regex(/^[^,]*$/)]))
      .default({})
      .describe("Further keys, which slurmctld ignores without a word where it does not know them; true writes a key alone."),
  });

export type SchedulerParameters = z.output<typeof schedulerParameters>;

/** `{ bf_continue: true, bf_interval: 30, defer: false }` → `bf_continue,bf_interval=30`. */
export const schedulerParametersText = ({ extra, ...typed }: SchedulerParameters): string =>
  Object.entries({ ...typed, ...extra })
    .filter(([, value]) => value !== false && value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`))
    .sort()
    .join(",");

/** Keys of `extra` that have a parameter of their own. */
export const typedAgain = ({ extra }: SchedulerParameters): string[] =>
  Object.keys(extra).filter((key) => key in numbers || key in flags || key === "bf_hetjob_prio");
