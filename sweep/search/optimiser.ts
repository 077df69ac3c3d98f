import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { AxisValues } from "../../model/axis-values.ts";
import { isActive, orderedSpace, type Parameter, type Space } from "./space.ts";

/** A configuration that an optimiser wants to know about. */
export interface Suggestion {
  readonly number: number;
  readonly values: AxisValues;
}

/** What came of it. */
export interface Told {
  readonly number: number;
  readonly values: AxisValues;
  /** On the objectives' scales and to be minimised; null: it has none, for it was refused or failed. */
  readonly objectives: readonly number[] | null;
  /** How far it is beyond each limit; at most 0 is within. */
  readonly excess: readonly number[];
}

/** Proposes configurations and learns from what came of them. */
export interface Optimiser {
  /** At most so many; fewer where nothing is left to try. Numbers go on from what was told. */
  ask(count: number): Promise<readonly Suggestion[]>;
  /** What came of a suggestion of its own, or of one of an earlier process, whose search then goes on. */
  tell(told: Told): Promise<void>;
  close(): Promise<void>;
}

/** Draws each parameter anew, whatever came of others. */
export function randomSearch(space: Space, seed: number): Optimiser {
  const ordered = orderedSpace(space);
  let number = 0;
  return {
    ask: async (count) =>
      Array.from({ length: count }, () => {
        // A generator for each, so that a search that goes on draws what it would have drawn.
        const random = xoroshiro128plus(seed * 65_537 + number);
        for (let i = 0; i < 20; i++) uniformFloat64(random);
        return { number: number++, values: drawn(ordered, () => uniformFloat64(random)) };
      }),
    tell: async (told) => {
      number = Math.max(number, told.number + 1);
    },
    close: async () => {},
  };
}

function drawn(ordered: readonly [string, Parameter][], uniform: () => number): AxisValues {
  const values: Record<string, unknown> = {};
  for (const [path, own] of ordered) {
    const share = uniform();
    if (isActive(own, values)) values[path] = valueAt(own, share);
  }
  return values;
}

/** The value at a share from 0 to 1 of the range. */
function valueAt(own: Parameter, share: number): unknown {
  if ("values" in own) return own.values[Math.min(own.values.length - 1, Math.floor(share * own.values.length))];
  const { from, to, scale, integer } = own;
  // Each whole number with the same probability, the ends too.
  const [low, high] = integer ? [from - 0.5, to + 0.5] : [from, to];
  const value = scale === "log" ? Math.max(low, from / 2) * (high / Math.max(low, from / 2)) ** share : low + (high - low) * share;
  return integer ? Math.min(to, Math.max(from, Math.round(value))) : Number(value.toPrecision(6));
}

/** Every combination, the last parameter fastest. */
export function gridSearch(space: Space, steps: number): Optimiser {
  const all = combinations(orderedSpace(space), steps);
  let number = 0;
  return {
    ask: async (count) => {
      const found = all.slice(number, number + count).map((values, i) => ({ number: number + i, values }));
      number += found.length;
      return found;
    },
    tell: async (told) => {
      number = Math.max(number, told.number + 1);
    },
    close: async () => {},
  };
}

function combinations(ordered: readonly [string, Parameter][], steps: number): AxisValues[] {
  return ordered.reduce<AxisValues[]>(
    (rows, [path, own]) =>
      rows.flatMap((row) => (isActive(own, row) ? gridValues(own, steps).map((value) => ({ ...row, [path]: value })) : [row])),
    [{}],
  );
}

function gridValues(own: Parameter, steps: number): unknown[] {
  if ("values" in own) return [...own.values];
  const { from, to, scale, integer } = own;
  const values = Array.from({ length: steps }, (_, i) => {
    const share = i / (steps - 1);
    const value = scale === "log" ? from * (to / from) ** share : from + (to - from) * share;
    return integer ? Math.round(value) : Number(value.toPrecision(6));
  });
  return [...new Set(values)];
}
