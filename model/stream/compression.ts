import * as z from "zod";

export const timeCompression = z.number().min(1).max(10_000).default(1);

/** Milliseconds are as fine as anything is timed. */
export const milli = (seconds: number): number => Math.round(seconds * 1000) / 1000;
