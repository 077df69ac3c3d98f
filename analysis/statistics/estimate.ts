/** A number from runs, with what is known about it. */
export interface Estimate {
  readonly value: number;
  /** Null where the runs do not tell; `reason` says why. */
  readonly interval: Interval | null;
  readonly reason?: string;
  /** The value is no less than this, and may be more. */
  readonly lowerBound?: true;
}

/** Low and high end, in the unit of what is estimated, and how often such an interval should hold the truth. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/** Below this an interval would rest on one or two numbers. */
export const seedsForAnInterval = 3;

/** `needs 2 more seeds`. */
export const needsMoreSeeds = (seeds: number, least: number): string =>
  `needs ${least - seeds} more ${least - seeds === 1 ? "seed" : "seeds"}`;
