import * as z from "zod";

/** What a grid yielded, every configuration with every seed: a look-up table for test/bench/search.ts. */
export const gridTable = z.strictObject({
  schemaVersion: z.literal(1),
  /** recorded: of trials that ran. simulated: invented, and says nothing of schedulers. */
  origin: z.enum(["recorded", "simulated"]),
  /** Values by path. */
  parameters: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)),
  objectives: z.array(z.strictObject({ key: z.string(), better: z.enum(["lower", "higher"]), scale: z.enum(["linear", "log10"]) })).min(1),
  rows: z
    .array(
      z.strictObject({
        values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        seed: z.int(),
        objectives: z.record(z.string(), z.number()).nullable(),
      }),
    )
    .min(1),
});
export type GridTable = z.output<typeof gridTable>;
