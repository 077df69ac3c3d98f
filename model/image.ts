import * as z from "zod";
import { filePath } from "./file-path.ts";
import { type ImageFile, imageFile } from "./kernels/binary.ts";
import type { Problem } from "./problem.ts";
import type { SchedulerKind } from "./scheduler.ts";
import { schedulerKind } from "./schedulers/index.ts";
import { areEmulated } from "./topology.ts";
import type { Tuple } from "./tuple.ts";
import type { WorkloadKind } from "./workload.ts";
import { workloadKind } from "./workloads/index.ts";

/** What builds the nodes' image, and what of the tuple it depends on: nothing of the topology's size, no parameter. */

/** Every builder; each is a folder of `images/`. */
export const imageBackends = ["debian", "nixos"] as const;
export type ImageBackend = (typeof imageBackends)[number];

const source = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("archive"),
      path: filePath.describe("A tar archive on the machine that runs Pulumi; relative to the project."),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .describe("sha256 of the archive, as sha256sum prints it."),
    }),
    z.strictObject({
      kind: z.literal("oci"),
      repository: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9][a-z0-9._-]*)+$/)
        .describe("Registry and repository of a container image: docker.io/fluxrm/flux-sched."),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .describe("Digest of the image's manifest, not a tag that may move."),
    }),
  ])
  .describe("A Debian root file system that the image starts from: an archive of it, or a container image.");

export const image = z
  .strictObject({
    backend: z
      .enum([...imageBackends, "auto"])
      .default("debian")
      .describe("What builds the image: mmdebstrap, Nix, or auto: Nix where one with a binary cache is found, else mmdebstrap."),
    suite: z
      .enum(["trixie"])
      .default("trixie")
      .describe("Debian's release; a source has its own, and so has a NixOS image, in nix/flake.lock."),
    source: source.optional(),
  })
  .describe("How the nodes' image is built. Results of different backends are never compared.");

type ImageParts = Pick<Tuple, "topology" | "scheduler" | "workloads" | "image">;

const kinds = ({ scheduler, workloads }: ImageParts) => [schedulerKind(scheduler), ...workloads.map(workloadKind)];

/** The builds that users name, and where in the tuple. */
export function binaries({ workloads }: Pick<Tuple, "workloads">) {
  return workloads.flatMap((given, i) => {
    const { name, binary } = workloadKind(given).ownProgram?.(given) ?? {};
    return name === undefined || binary === undefined ? [] : [{ at: ["workloads", i, "binary"], name, binary }];
  });
}

/** What of the tuple each backend cannot carry, in words; nothing where it can carry all. */
export const lacks = {
  /** Programs that Debian does not have, and of which no build is named. */
  debian: ({ scheduler, workloads, image }: ImageParts): Problem[] => [
    ...withoutSource(scheduler, image),
    ...workloads.flatMap((given, i) => {
      const own = workloadKind(given).ownProgram?.(given) ?? null;
      if (own === null || own.binary !== undefined) return [];
      const message = `is missing: Debian has no ${own.name}; name a build of it as {path, sha256}`;
      return [{ path: ["workloads", i, "binary"], message }];
    }),
  ],
  nixos: (tuple: ImageParts): Problem[] => {
    const { scheduler, workloads, image } = tuple;
    const parts = [
      { path: ["scheduler", "kind"], name: scheduler.kind, lacking: schedulerKind(scheduler).notInNixpkgs },
      ...workloads.map((given, i) => ({ path: ["workloads", i, "kind"], name: given.kind, lacking: workloadKind(given).notInNixpkgs })),
      ...binaries(tuple).map(({ at, name }) => ({ path: at, name, lacking: "a user's build is made for Debian's Open MPI" })),
      ...(image.source === undefined ? [] : [{ path: ["image", "source"], name: image.source.kind, lacking: "Nix starts from nothing" }]),
    ];
    return parts.flatMap(({ path, name, lacking }) =>
      lacking === undefined ? [] : [{ path, message: `"${name}" is on no NixOS image: ${lacking}` }],
    );
  },
};

function withoutSource(scheduler: Tuple["scheduler"], { source }: Tuple["image"]): Problem[] {
  const { notInDebian } = schedulerKind(scheduler);
  return notInDebian === undefined || source !== undefined ? [] : [{ path: ["image", "source"], message: `is missing: ${notInDebian}` }];
}

/** What the backend that the tuple names cannot carry; for `auto`, where neither can carry all, what Debian lacks. */
export function imageProblems(tuple: ImageParts): Problem[] {
  const { backend } = tuple.image;
  if (backend === "nixos")
    return lacks.nixos(tuple).map(({ path, message }) => ({ path, message: `${message}; set image.backend to debian` }));
  return backend === "auto" && lacks.nixos(tuple).length === 0 ? [] : lacks.debian(tuple);
}

/** Folders of `toolchain/` whose programs a scheduler needs in the image, those with which the head pretends to be nodes among them. */
export const programFolders = ({ programs, emulation }: SchedulerKind, emulated: boolean): string[] =>
  [programs, emulated && "programs" in emulation ? emulation.programs : undefined].filter((folder) => folder !== undefined);

export const programFoldersOf = ({ scheduler, topology }: Pick<ImageParts, "scheduler" | "topology">): string[] =>
  programFolders(schedulerKind(scheduler), areEmulated(topology));

/** What `images/<backend>/build` is asked. @param built programs that were built for the scheduler ({@link SchedulerKind.programs}) */
export const imageRequest = (tuple: ImageParts, backend: ImageBackend, built: readonly ImageFile[] = []) => requests[backend](tuple, built);

/** Whether it runs more than what every image has. */
export const needsPrograms = ({ debianPackages, ownProgram }: WorkloadKind): boolean =>
  debianPackages.length > 0 || ownProgram !== undefined;

const ownFiles = (tuple: ImageParts) => binaries(tuple).map(({ name, binary }) => imageFile(name, binary));

const distinct = <T>(values: readonly T[]) => [...new Set(values)].sort();

export const requests = {
  debian: (tuple: ImageParts, built: readonly ImageFile[] = []) => ({
    backend: "debian" as const,
    ...(tuple.image.source === undefined ? { suite: tuple.image.suite } : { source: tuple.image.source }),
    packages: distinct([
      ...kinds(tuple).flatMap((kind) => kind.debianPackages),
      ...binaries(tuple).flatMap(({ binary }) => binary.debianPackages),
    ]),
    files: [...new Map([...ownFiles(tuple), ...built].map((file) => [file.destination, file])).values()],
  }),
  /** The projection that nix/projection.nix has the types of. One image for all machines, which share a base volume. */
  nixos: ({ scheduler, workloads, topology }: ImageParts, built: readonly ImageFile[] = []) => ({
    backend: "nixos" as const,
    roles: ["compute", "head"] as const,
    scheduler: scheduler.kind,
    workloads: distinct(workloads.filter((given) => needsPrograms(workloadKind(given))).map(({ kind }) => kind)),
    gpu: topology.compute.some((group) => group.gpuPciAddresses.length > 0),
    ...(built.length === 0 ? {} : { files: built }),
  }),
};
