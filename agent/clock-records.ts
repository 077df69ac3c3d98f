import type { JobEvent } from "../model/event.ts";

/** `s1 started 1795467838.012345`, as the bodies write it on their nodes. A line that is cut short is none. */
export function parseClock(text: string): JobEvent[] {
  return [...text.matchAll(/^(\S+) (started|ended) (\d+\.\d{6})$/gm)].map(([, job = "", event, seconds]) => ({
    job,
    event: event as "started" | "ended",
    seconds: Number(seconds),
    clock: "job",
    precisionSeconds: 1e-6,
  }));
}
