import * as z from "zod";
import type { AxisValues } from "../../model/axis-values.ts";
import { InvalidInput, type Problem } from "../../model/problem.ts";

/** What a search may try: `search:` of a sweep's file. */

const when = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)]))
  .optional()
  .describe("Only where other parameters of the search have these values (or one of a list); elsewhere it keeps the base's.");

const range = z.strictObject({
  from: z.number(),
  to: z.number(),
  scale: z.enum(["linear", "log"]).default("linear").describe("log: ratios matter, as of an interval in seconds."),
  integer: z.boolean().default(false),
  when,
});

const choice = z.strictObject({
  values: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(2)
    .max(1000),
  when,
});

const parameter = z.union([range, choice]);
export type Parameter = z.output<typeof parameter>;

export const methods = ["tpe", "nsga2", "random", "grid"] as const;
export type Method = (typeof methods)[number];

export const search = z
  .strictObject({
    parameters: z.record(z.string(), parameter).describe("Path in the tuple → range or values."),
    method: z.enum(methods).default("tpe").describe("tpe and nsga2: Optuna's samplers; random; grid: every combination in turn."),
    objectives: z
      .record(z.string(), z.strictObject({ limit: z.number().optional().describe("A mean that is worse is infeasible.") }))
      .refine((all) => Object.keys(all).length > 0, "names no objective")
      .describe("By key, as `responsiveness: {}` or `controlPlaneCost: { limit: 500 }`."),
    configurations: z.int().min(1).max(10_000).default(100).describe("Most configurations that are tried."),
    seedsFirst: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe("Seeds that each configuration gets; the rest of `seeds` if it is not clearly dominated."),
    atOnce: z.int().min(1).max(1000).default(4).describe("Configurations that are asked for together."),
    patience: z
      .int()
      .min(5)
      .max(10_000)
      .default(30)
      .describe("Ends after so many configurations without growth of the hypervolume beyond its interval."),
    gridSteps: z.int().min(2).max(1000).default(5).describe("Values of a range, for grid."),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1)
      .describe("Where the search's own random numbers start."),
  })
  .describe("Parameters that are searched instead of listed. `seeds` are the replicates.");
export type Search = z.output<typeof search>;
export type Space = Search["parameters"];

/** Whether the other values let a parameter vary. */
export function isActive({ when: conditions = {} }: Pick<Parameter, "when">, values: AxisValues): boolean {
  return Object.entries(conditions).every(([path, wanted]) =>
    Array.isArray(wanted) ? wanted.some((one) => one === values[path]) : wanted === values[path],
  );
}

/** Parameters in an order in which each stands behind those on which it depends; throws InvalidInput where there is none. */
export function orderedSpace(space: Space): [string, Parameter][] {
  const problems: Problem[] = Object.entries(space).flatMap(([path, own]) => {
    const complaints: Problem[] = Object.keys(own.when ?? {})
      .filter((other) => !(other in space) || other === path)
      .map((other) => ({ path: ["search", "parameters", path, "when", other], message: "is not another parameter of the search" }));
    if ("from" in own && own.from >= own.to)
      complaints.push({ path: ["search", "parameters", path], message: `from, ${own.from}, must be below to, ${own.to}` });
    if ("from" in own && own.scale === "log" && own.from <= 0)
      complaints.push({ path: ["search", "parameters", path], message: `scale: log needs a from above 0, not ${own.from}` });
    return complaints;
  });
  const rest = new Map(Object.entries(space));
  const ordered: [string, Parameter][] = [];
  while (problems.length === 0 && rest.size > 0) {
    const free = [...rest].filter(([, own]) => Object.keys(own.when ?? {}).every((other) => !rest.has(other)));
    if (free.length === 0)
      problems.push({ path: ["search", "parameters"], message: `${[...rest.keys()].join(", ")} depend on each other` });
    for (const [path, own] of free) {
      ordered.push([path, own]);
      rest.delete(path);
    }
  }
  if (problems.length > 0) throw new InvalidInput("search", problems);
  return ordered;
}
