import type { Machine } from "../machine.ts";
import type { JobTimes } from "../timeline.ts";
import { mser5 } from "./mser.ts";
import { offeredLoad } from "./offered-load.ts";

/** How long a queue remembers that it began empty. */
export interface WarmUp {
  /** How many jobs at the beginning are left out of every figure of the stream. */
  readonly jobs: number;
  /** How many jobs a stream of this load needs; null where no number is enough. */
  readonly needed: number | null;
}

/** An empty start leaves e⁻² of its effect after two relaxation times; of ten that many make a few percent of a mean. */
const relaxationsCut = 2;
const relaxationsNeeded = 10;

/**
 * The longer of what MSER-5 finds in the logarithms of the slowdowns and of two relaxation times of the queue, at most half
 * of the stream. MSER-5 alone keeps most of the warm-up, for slowdowns scatter over decades. The relaxation time, in jobs, is
 * ρ (C²ₐ + C²ₛ) ÷ (2.8 (1 − √ρ)²), with the variations of arrivals and work (Odoni and Roth, "An empirical investigation of
 * the transient behavior of stationary queueing systems", Operations Research 31, 1983).
 * @param rows in order of submission, with their `slowdowns`
 */
export function warmUp(rows: readonly JobTimes[], slowdowns: readonly number[], machine: Machine): WarmUp {
  const found = mser5(slowdowns.map(Math.log));
  const { load, workVariation, arrivalVariation } = offeredLoad(rows, machine);
  if (!(load < 1)) return { jobs: found, needed: null };
  const relaxation = (load * (arrivalVariation + workVariation)) / (2.8 * (1 - Math.sqrt(load)) ** 2);
  const cut = Math.max(found, Math.ceil(relaxationsCut * relaxation));
  return { jobs: Math.min(cut, Math.floor(rows.length / 2)), needed: Math.ceil(relaxationsNeeded * relaxation) };
}
