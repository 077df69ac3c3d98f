import { z } from "zod";
import type { Problem } from "./problem.ts";
import { schedulerKind } from "./schedulers/index.ts";
import type { Tuple } from "./tuple.ts";
import { workloadKind } from "./workloads/index.ts";

/** What builds the nodes' image, and what of the tuple it depends on: nothing of the topology's size, no parameter. */

/** Every builder; each is a folder of `images/`. */
export const imageBackends = ["debian", "nixos"] as const;
export type ImageBackend = (typeof imageBackends)[number];

export const image = z
  .strictObject({
    backend: z
      .enum([...imageBackends, "auto"])
      .default("debian")
      .describe("What builds the image: mmdebstrap, Nix, or auto: Nix where one with a binary cache is found, else mmdebstrap."),
    suite: z.enum(["trixie"]).default("trixie").describe("Debian's release; a NixOS image has its own in nix/flake.lock."),
  })
  .describe("How the nodes' image is built. Results of different backends are never compared.");

type ImageParts = Pick<Tuple, "topology" | "scheduler" | "workloads" | "image">;

const kinds = ({ scheduler, workloads }: ImageParts) => [schedulerKind(scheduler), ...workloads.map(workloadKind)];

/** What of the tuple a NixOS image cannot carry, in words; nothing where it can carry all. */
export function nixosLacks({ scheduler, workloads }: ImageParts): Problem[] {
  const parts = [
    { path: ["scheduler", "kind"], name: scheduler.kind, lacking: schedulerKind(scheduler).notInNixpkgs },
    ...workloads.map((given, i) => ({ path: ["workloads", i, "kind"], name: given.kind, lacking: workloadKind(given).notInNixpkgs })),
  ];
  return parts.flatMap(({ path, name, lacking }) =>
    lacking === undefined ? [] : [{ path, message: `"${name}" is on no NixOS image: ${lacking}` }],
  );
}

export const imageProblems = (tuple: ImageParts): Problem[] =>
  tuple.image.backend === "nixos"
    ? nixosLacks(tuple).map(({ path, message }) => ({ path, message: `${message}; set image.backend to debian` }))
    : [];

/** What `images/<backend>/build` is asked. */
export function imageRequest(tuple: ImageParts, backend: ImageBackend) {
  return requests[backend](tuple);
}

const distinct = <T>(values: readonly T[]) => [...new Set(values)].sort();

const requests = {
  debian: (tuple: ImageParts) => ({
    backend: "debian" as const,
    suite: tuple.image.suite,
    packages: distinct(kinds(tuple).flatMap((kind) => kind.debianPackages)),
  }),
  /** The projection that nix/projection.nix has the types of. One image for all machines, which share a base volume. */
  nixos: ({ scheduler, workloads, topology }: ImageParts) => ({
    backend: "nixos" as const,
    roles: ["compute", "head"] as const,
    scheduler: scheduler.kind,
    workloads: distinct(workloads.filter((given) => workloadKind(given).debianPackages.length > 0).map(({ kind }) => kind)),
    gpu: topology.compute.some((group) => group.gpuPciAddresses.length > 0),
  }),
};
