import * as z from "zod";
import { label, type Topology } from "../../topology.ts";
import { furtherWords, wordValue } from "./setting.ts";
import { timeLimit } from "./time.ts";

/** slurm.conf's PartitionName lines (slurm.conf(5), PARTITION CONFIGURATION). */

const mebibytes = z.int().min(1).max(2_147_483_647).describe("MiB.");
const nodes = z.int().min(1).max(1_000_000);
const names = z
  .array(wordValue.regex(/^[^,]*$/))
  .min(1)
  .max(64);

export const partition = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/),
  groups: z.array(label).min(1).max(16).optional().describe("Compute groups whose nodes it has; all where it is not given."),
  Default: z.boolean().default(false),
  State: z.enum(["UP", "DOWN", "DRAIN", "INACTIVE"]).optional(),
  MaxTime: timeLimit.nullable().default(null).describe("Minutes, or any of Slurm's forms of a time; null: no limit."),
  DefaultTime: timeLimit.optional().describe("Limit of a job that names none; those of a suite all name one."),
  MinNodes: nodes.optional().describe("Least nodes of a job."),
  MaxNodes: nodes.optional().describe("Most nodes of a job."),
  MaxCPUsPerNode: z.int().min(1).max(1_000_000).optional(),
  DefMemPerCPU: mebibytes.optional(),
  DefMemPerNode: mebibytes.optional(),
  MaxMemPerCPU: mebibytes.optional(),
  MaxMemPerNode: mebibytes.optional(),
  PriorityTier: z.int().min(0).max(65_533).default(1),
  PriorityJobFactor: z.int().min(0).max(65_533).default(1),
  OverSubscribe: z
    .string()
    .regex(/^(EXCLUSIVE|NO|(YES|FORCE)(:\d{1,3})?)$/)
    .default("NO"),
  PreemptMode: z.enum(["OFF", "CANCEL", "REQUEUE", "SUSPEND"]).optional(),
  GraceTime: z.int().min(0).max(2_147_483_647).optional().describe("Seconds between the notice of a preemption and the end."),
  OverTimeLimit: z.int().min(0).max(65_532).optional().describe("Minutes that a job may go over its limit."),
  QOS: wordValue.optional(),
  AllowQos: names.optional(),
  AllowAccounts: names.optional(),
  AllowGroups: names.optional(),
  TRESBillingWeights: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9/:_-]{0,63}$/),
      z.union([z.number().min(0), z.string().regex(/^\d{1,9}(\.\d{1,6})?[KMGTP]?$/)]),
    )
    .optional(),
  LLN: z.boolean().optional().describe("Jobs go to the least loaded nodes."),
  ExclusiveUser: z.boolean().optional(),
  Hidden: z.boolean().optional(),
  extra: furtherWords.describe("Further keys of its line."),
});

export type Partition = z.output<typeof partition>;

/** Keys of its line that are made of other fields. */
export const ownPartitionKeys = ["PartitionName", "Nodes"];

export const groupsOf = ({ groups }: Partition, topology: Topology) =>
  topology.compute.filter((group) => groups?.includes(group.name) ?? true);

const written = (value: unknown): unknown => {
  if (typeof value === "boolean") return value ? "YES" : "NO";
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, one]) => `${key}=${one}`)
      .join(",");
  return value;
};

/** What stands on its line, by slurm.conf's names; `nodes` are those of its groups as a list of Slurm's. */
export function partitionFields({ name, groups: _groups, extra, ...given }: Partition, nodes: string) {
  const fields = Object.entries({ ...given, MaxTime: given.MaxTime ?? "INFINITE", ...extra }).map(([key, value]) => [key, written(value)]);
  return { PartitionName: name, Nodes: nodes, ...Object.fromEntries(fields) } as Record<string, unknown>;
}
