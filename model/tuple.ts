import { z } from "zod";
import { imageFile } from "./kernels/binary.ts";
import { InvalidInput, type Problem, parse } from "./problem.ts";
import { scheduler, schedulerKind } from "./schedulers/index.ts";
import { topology, topologyProblems } from "./topology.ts";
import { workload, workloadKind } from "./workloads/index.ts";

const image = z
  .strictObject({
    backend: z.enum(["debian"]).default("debian").describe("What builds the image."),
    suite: z.enum(["trixie"]).default("trixie").describe("Debian's release."),
  })
  .describe("How the nodes' image is built.");

/** One experiment: A, B and C, and the image that carries them. Every default of the program stands in here. */
export const tuple = z.strictObject({
  topology,
  scheduler,
  workloads: z.array(workload).min(1).max(64).describe("C: what is run, in this order."),
  image: image.prefault({}),
});

export type Tuple = z.output<typeof tuple>;
export type ImageOptions = Tuple["image"];

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
    ...programProblems(parsed),
  ];
  if (problems.length > 0) throw new InvalidInput("tuple", problems);
  return parsed;
}

/** Programs that the image's distribution does not have, and of which no build is named. */
function programProblems({ workloads, image }: Tuple): Problem[] {
  if (image.backend !== "debian") return [];
  return workloads.flatMap((given, i) => {
    const own = workloadKind(given).ownProgram?.(given) ?? null;
    if (own === null || own.binary !== undefined) return [];
    const message = `is missing: Debian has no ${own.name}; name a build of it as {path, sha256}`;
    return [{ path: ["workloads", i, "binary"], message }];
  });
}

/** The builds that users name, and where in the tuple. */
export function binaries({ workloads }: Tuple) {
  return workloads.flatMap((given, i) => {
    const { name, binary } = workloadKind(given).ownProgram?.(given) ?? {};
    return name === undefined || binary === undefined ? [] : [{ at: ["workloads", i, "binary"], name, binary }];
  });
}

/** What the image depends on: nothing of the topology's size, no parameter. */
export function imageRequest(tuple: Tuple) {
  const { scheduler, workloads, image } = tuple;
  const own = binaries(tuple);
  const packages = [
    ...[schedulerKind(scheduler), ...workloads.map(workloadKind)].flatMap((kind) => kind.debianPackages),
    ...own.flatMap(({ binary }) => binary.debianPackages),
  ];
  const files = new Map(own.map(({ name, binary }) => imageFile(name, binary)).map((file) => [file.destination, file]));
  return { ...image, packages: [...new Set(packages)].sort(), files: [...files.values()] };
}
