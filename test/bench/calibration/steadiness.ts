import { mean } from "simple-statistics";
import type { Machine } from "../../../model/machine.ts";
import { saturation } from "../../../model/metrics/saturation.ts";
import { streamMetrics } from "../../../model/metrics/stream.ts";
import type { Timeline } from "../../../model/timeline.ts";
import type { Check } from "./check.ts";
import { easy } from "./easy.ts";
import { stream } from "./streams.ts";

const nodes = 16;
const machine: Machine = {
  nodes: Array.from({ length: nodes }, (_, i) => ({ name: `n${i}`, cores: 1, memoryMiB: 1000, gpus: 0 })),
  allocation: { unit: "node", memory: false },
};

function run(jobs: number, load: number, seed: number): Timeline {
  const rows = easy(stream(jobs, load, nodes, seed, { runTime: { minSeconds: 10, maxSeconds: 3600 } }), nodes);
  const endSeconds = rows.reduce((most, { ended }) => Math.max(most, ended ?? 0), 0);
  return { jobs: rows, endSeconds, lost: [], precisionSeconds: { submit: 0, eligible: 0, allocated: 0, started: 0, ended: 0, cleaned: 0 } };
}

/** EASY without latency: the share of streams that are called saturated. */
export const saturations = (seed: number): Check[] =>
  [
    { jobs: 20, times: 400 },
    { jobs: 200, times: 400 },
    { jobs: 1000, times: 100 },
  ].flatMap(({ jobs, times }) =>
    [0.5, 0.7, 0.85, 0.95, 1.05, 1.2].map((load) => {
      const found = Array.from({ length: times }, (_, i) => saturation(run(jobs, load, 10_000 * seed + i), machine) !== null);
      return {
        check: "saturation: share flagged",
        cell: `load ${load}, ${jobs} jobs`,
        value: mean(found.map(Number)),
        asked: askedOf(load, jobs),
      };
    }),
  );

function askedOf(load: number, jobs: number): string | null {
  if (load <= 0.7) return "≤ 0.05";
  if (load < 1.2 || jobs < 200) return null;
  return jobs < 1000 ? "≥ 0.7" : "≥ 0.95";
}

/** α of streams of several lengths: what the warm-up leaves of the empty start. */
export const lengths = (seed: number): Check[] =>
  [0.7, 0.85].flatMap((load) =>
    [
      { jobs: 200, times: 100 },
      { jobs: 1000, times: 40 },
      { jobs: 5000, times: 10 },
    ].map(({ jobs, times }) => {
      const values = Array.from(
        { length: times },
        (_, i) => streamMetrics(run(jobs, load, 10_000 * seed + i), machine, 1)[0]?.value ?? Number.NaN,
      );
      return { check: "α by the length of the stream", cell: `load ${load}, ${jobs} jobs`, value: mean(values), asked: null };
    }),
  );
