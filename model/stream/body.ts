import * as z from "zod";
import type { Body } from "../job.ts";

export const body = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sleep") }),
    z.strictObject({ kind: z.literal("spin") }),
    z.strictObject({
      kind: z.literal("mpi"),
      program: z
        .string()
        .regex(/^[A-Za-z0-9_.+/-]{1,200}$/)
        .describe("On the nodes' path, or absolute; the image must have it."),
      arguments: z
        .array(z.string().regex(/^[^\p{Cc}]{0,200}$/u))
        .max(64)
        .default([]),
    }),
  ])
  .default({ kind: "sleep" })
  .describe(
    "What a job does for its run time: sleep; spin, which keeps its cores busy; or an MPI program, which takes the time that it takes.",
  );

/** What a job of this run time does; an MPI program does the same whatever that says. */
export function bodyOf(given: z.output<typeof body>, seconds: number): Body {
  return given.kind === "mpi" ? { ...given, files: {}, outputFile: null } : { kind: given.kind, seconds };
}
