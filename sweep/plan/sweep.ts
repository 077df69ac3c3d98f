import * as z from "zod";
import { hypervisorUri } from "../../model/hypervisor-uri.ts";
import { stackName } from "../../model/stack-name.ts";
import { search } from "../search/space.ts";

/** The sweep file, `sweeps/<name>.yaml`: which tuples are tried, how often, and within what bounds. */

const range = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    step: z.number().positive().optional().describe("Distance of two values; or give count."),
    count: z.int().min(2).max(10_000).optional().describe("How many values, both ends among them."),
    scale: z.enum(["linear", "log"]).default("linear").describe("log: equal ratios; needs count."),
    integer: z.boolean().default(false).describe("Round to whole numbers, and drop what is then twice there."),
  })
  .describe("Values from one number to another.");
export type Range = z.output<typeof range>;

const axis = z.union([z.array(z.unknown()).min(1).max(10_000), range]);
export type Axis = z.output<typeof axis>;

const axes = z.record(z.string(), axis);

const condition = z.union([
  z.strictObject({
    below: z.number().optional(),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
    above: z.number().optional(),
  }),
  z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);
export type Condition = z.output<typeof condition>;

const conditions = z.record(z.string(), condition);

const constraint = z.strictObject({
  where: conditions.default({}).describe("Which configurations it speaks of: all of these hold. Empty: all configurations."),
  not: conditions.optional().describe("Drops those in which all of these hold, too."),
  require: conditions.optional().describe("Drops those in which one of these does not hold."),
});
export type Constraint = z.output<typeof constraint>;

const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const sweep = z
  .strictObject({
    description: z.string().optional().describe("What the sweep is to find out."),
    base: stackName.describe("Stack whose file, Pulumi.<base>.yaml, every configuration starts from."),
    set: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Path in the tuple → value, in place of the base's, for all configurations."),
    includeBase: z.boolean().default(false).describe("Run the base, too, as it is where the axes leave it out: the report's baseline."),
    axes: axes.default({}).describe("Path in the tuple → values. Every value meets every other."),
    zipped: z.array(axes).default([]).describe("Groups of axes whose values go together, first with first."),
    search: search.optional(),
    constraints: z.array(constraint).default([]).describe("Which configurations are left out."),
    seeds: z
      .union([z.array(seed).min(1).max(10_000), z.strictObject({ from: seed, count: z.int().min(1).max(10_000) })])
      .default([1])
      .describe("The workloads' seeds, the same for every configuration."),
    repetitions: z.int().min(1).max(1000).default(1).describe("How often each configuration runs with each seed: the rig's own noise."),
    orderSeed: seed.default(1).describe("Where the random order of the trials starts."),
    trialMinutes: z.number().positive().max(30_000).default(120).describe("A trial that takes longer is ended, and counts as timed out."),
    budget: z
      .strictObject({
        trials: z.int().min(1).max(100_000).default(10_000).describe("A sweep of more is refused."),
        hours: z.number().positive().optional().describe("No trial starts after this long."),
      })
      .prefault({}),
    hosts: z
      .array(hypervisorUri)
      .min(1)
      .max(1000)
      .optional()
      .describe("Connections to the hosts that share the trials, as topology.hypervisor.uri; the base's own where not given."),
  })
  .describe("A schedfront sweep: sweeps/<name>.yaml");

export type Sweep = z.output<typeof sweep>;

/** `sweeps/backfill.yaml` → `backfill`: lower-case words joined by hyphens, for stacks are named after it. */
export const sweepName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const sweepNameLength = 40;
