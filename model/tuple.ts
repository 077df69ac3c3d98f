import * as z from "zod";
import { admissionProblems } from "./admission.ts";
import { emulationProblems } from "./emulation.ts";
import { image, imageProblems } from "./image.ts";
import { InvalidInput, type Problem, parse } from "./problem.ts";
import { scheduler, schedulerKind } from "./schedulers/index.ts";
import { topology, topologyProblems } from "./topology.ts";
import { virtualTimeProblems } from "./virtual-time.ts";
import { workload, workloadKind } from "./workloads/index.ts";

/** One experiment: A, B and C, and the image that carries them. Every default of the program stands in here. */
export const tuple = z.strictObject({
  topology,
  scheduler,
  workloads: z.array(workload).min(1).max(64).describe("C: what is run, in this order."),
  image: image.prefault({}),
  fresh: z.boolean().default(false).describe("In a sweep, too, boot the machines: never restore them as an earlier trial found them."),
});

export type Tuple = z.output<typeof tuple>;

/** Reads one tuple from untrusted configuration, or throws InvalidInput with everything that is wrong with it. */
export function parseTuple(raw: unknown): Tuple {
  const parsed = parse("tuple", tuple, raw);
  const problems: Problem[] = [
    ...topologyProblems(parsed.topology),
    ...schedulerKind(parsed.scheduler).problems(parsed.scheduler, parsed.topology),
    ...parsed.workloads.flatMap((given, i) =>
      workloadKind(given)
        .problems(given, parsed.topology)
        .map(({ path, message }) => ({ path: ["workloads", i, ...path], message })),
    ),
    ...emulationProblems(parsed),
    ...imageProblems(parsed),
    ...virtualTimeProblems(parsed),
  ];
  // What each part refuses by itself would be refused here once more.
  if (problems.length === 0) problems.push(...admissionProblems(parsed));
  if (problems.length > 0) throw new InvalidInput("tuple", problems);
  return parsed;
}
