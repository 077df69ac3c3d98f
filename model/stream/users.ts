import * as z from "zod";
import type { Uniform } from "./random.ts";
import { pick } from "./weighted.ts";

export const mostUsers = 64;

export const users = z
  .strictObject({
    count: z.int().min(1).max(mostUsers).default(1).describe("Users who submit; with one, jobs have no user of their own."),
    skew: z.number().min(0).max(5).default(1).describe("Zipf's exponent: user k submits in proportion to k^-skew; 0: all alike."),
  })
  .prefault({})
  .describe("Who submits, so that fairness can be measured: accounts u1, u2 … on the cluster.");

/** Account of the k-th user, from 1. */
export const userName = (k: number): string => `u${k}`;

/** Accounts that every cluster has, whatever its workloads use, so that another workload changes no machine. */
export const accounts: readonly string[] = Array.from({ length: mostUsers }, (_, i) => userName(i + 1));

/** Draws a job's user; none where there is only one. Zipf: the k-th of n submits k^-skew ÷ Σ i^-skew of the jobs. */
export function userOf({ count, skew }: z.output<typeof users>, uniform: Uniform): () => { user?: string } {
  if (count === 1) return () => ({});
  const all = Array.from({ length: count }, (_, i) => ({ user: userName(i + 1), weight: (i + 1) ** -skew }));
  return () => ({ user: pick(uniform, all).user });
}
