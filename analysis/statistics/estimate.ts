/** A number from runs, with what is known about it. */
export interface Estimate {
  readonly value: number;
  /** Null where the runs do not tell; `reason` says why. */
  readonly interval: Interval | null;
  readonly reason?: string;
}

/** Low and high end, in the unit of what is estimated, and how often such an interval should hold the truth. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}
