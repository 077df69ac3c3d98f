import { z } from "zod";
import type { Uniform } from "./random.ts";

export const dependencies = z
  .strictObject({
    share: z.number().min(0).max(1).default(0).describe("Share of the jobs that wait for an earlier one to end."),
    within: z.int().min(1).max(1000).default(10).describe("How many jobs back the earlier one may be."),
  })
  .prefault({})
  .describe("Jobs that may start only after another one has ended.");

/** Of the job with this number (from 0), the number of the one that it waits for, if it does: each of those in reach is as likely. */
export function predecessorOf({ share, within }: z.output<typeof dependencies>, uniform: Uniform): (job: number) => number | null {
  return (job) => {
    const [waits, back] = [uniform() < share, uniform()];
    return waits && job > 0 ? job - 1 - Math.floor(back * Math.min(within, job)) : null;
  };
}
