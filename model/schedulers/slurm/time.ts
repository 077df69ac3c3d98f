import * as z from "zod";

/** Slurm's times: minutes, m:ss, h:mm:ss, d-h, d-h:mm, d-h:mm:ss (slurm.conf(5), MaxTime). */
const clock = /^(?:(\d{1,6})-(\d{1,6})(?::(\d{1,6}))?(?::(\d{1,6}))?|(\d{1,9})(?::(\d{1,6}))?(?::(\d{1,6}))?)$/;
const unlimited = /^(UNLIMITED|INFINITE|-1)$/i;

/** Seconds of a time in any of Slurm's forms; infinite where it is no limit; null where it is no time. */
export function slurmSeconds(text: string): number | null {
  if (unlimited.test(text)) return Number.POSITIVE_INFINITY;
  const match = clock.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds, first = 0, second, third] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (days !== undefined) return ((days * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return third === undefined ? first * 60 + (second ?? 0) : (first * 60 + (second ?? 0)) * 60 + third;
}

/** A time limit: whole minutes as a number, or any of Slurm's forms. */
export const timeLimit = z.union([
  z.int().min(1).max(525_600_000),
  z.string().regex(/^((\d{1,6}-\d{1,6}(:\d{1,6}){0,2})|(\d{1,9}(:\d{1,6}){0,2})|UNLIMITED|INFINITE)$/i),
]);

/** Seconds of a {@link timeLimit}. */
export const limitSeconds = (limit: z.output<typeof timeLimit>): number =>
  typeof limit === "number" ? limit * 60 : (slurmSeconds(limit) ?? Number.POSITIVE_INFINITY);

/** PriorityDecayHalfLife: a time that ends. */
export const decayHalfLife = z.union([
  z.int().min(0).max(525_600_000),
  z.string().regex(/^((\d{1,6}-\d{1,6}(:\d{1,6}){0,2})|(\d{1,9}(:\d{1,6}){0,2}))$/),
]);
