import { metric } from "../model/metrics/metric.ts";
import { stealFraction } from "../model/metrics/steal.ts";
import type { Doubt, Metric } from "../model/run.ts";

/** What was read of one node at one time. */
export interface NodeReading {
  /** How far its clock is ahead of the head's; of the head, how far it was set forward since the agent began. */
  readonly clockOffsetSeconds: number;
  /** First line of its /proc/stat. */
  readonly processorTimes: string;
}

/** By node, the head among them. */
export type NodeReadings = ReadonlyMap<string, NodeReading>;

/** The nodes before and after a run. */
export interface Watch {
  readonly before: NodeReadings;
  readonly after: NodeReadings;
}

/** Each node's clock offset in seconds, of the two readings the one further from 0. */
export const clockOffsets = ({ before, after }: Watch): Map<string, number> =>
  new Map(
    [...after].map(([node, { clockOffsetSeconds: now }]) => {
      const then = before.get(node)?.clockOffsetSeconds ?? now;
      return [node, Math.abs(then) > Math.abs(now) ? then : now];
    }),
  );

/** Share of its processors' time that each node waited for the hypervisor; a node that has no such figure is left out. */
export const steals = ({ before, after }: Watch): Map<string, number> =>
  new Map(
    [...after].flatMap(([node, { processorTimes: now }]) => {
      const fraction = stealFraction(before.get(node)?.processorTimes ?? now, now);
      return fraction === null ? [] : [[node, fraction] as const];
    }),
  );

export function watchMetrics(watch: Watch): Metric[] {
  const most = (values: ReadonlyMap<string, number>) => [...values.values()].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return [metric("maxClockOffset", most(clockOffsets(watch))), metric("maxSteal", most(steals(watch)))];
}

export const watchDoubts = (watch: Watch): Doubt[] => [...skewDoubts(clockOffsets(watch)), ...stealDoubts(steals(watch))];

/** Clocks further apart than this, in seconds, are said to be; ten times as far spoils what is measured across nodes. */
const skewSeconds = 0.1;

export function skewDoubts(offsets: ReadonlyMap<string, number>): Doubt[] {
  return [...offsets].flatMap(([node, offset]) => {
    if (Math.abs(offset) <= skewSeconds) return [];
    const severity = Math.abs(offset) > 10 * skewSeconds ? "invalid" : "caution";
    const seconds = Math.abs(offset).toFixed(3);
    const message =
      node === "head"
        ? `the head's clock was set ${offset > 0 ? "forward" : "back"} by ${seconds} s`
        : `${node}'s clock is ${seconds} s ${offset > 0 ? "ahead of" : "behind"} the head's`;
    return [{ code: "clock skew", severity, message } as const];
  });
}

/** A node that waited for the hypervisor longer than this share of its time was disturbed. */
const stealLimit = 0.05;

export const stealDoubts = (fractions: ReadonlyMap<string, number>): Doubt[] =>
  [...fractions].flatMap(([node, fraction]) => {
    const message = `${node} waited ${(100 * fraction).toFixed(1)} % of its time for the hypervisor; the most is ${100 * stealLimit} %`;
    return fraction > stealLimit ? [{ code: "processor stolen", severity: "caution", message } as const] : [];
  });
