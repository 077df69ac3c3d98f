import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statusText } from "../../sweep/cli/status.ts";
import { standings } from "../../sweep/plan/plan.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { completed, interval, trialsOf } from "../sweep/fixtures.ts";

/** Prints how long it takes to plan a sweep of 10,000 trials, and to list and to tell what came of them. */
const axes = { [interval]: { from: 1, to: 1000, count: 1000 }, "workloads[1].load": [0.5] };
const seconds = <T>(what: string, work: () => T): T => {
  const began = performance.now();
  const result = work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  return result;
};

const folder = mkdtempSync(join(tmpdir(), "schedfront-bench-"));
try {
  const trials = seconds("plan 10,000 trials (1,000 configurations, 10 seeds)", () => trialsOf({ axes, seeds: { from: 1, count: 10 } }));
  const store = new TrialStore(folder);
  seconds("write 10,000 files, each on disk before the next", () => {
    for (const [i, trial] of trials.entries()) store.write(completed(trial, i));
  });
  const { trials: files } = seconds("list 10,000 files", () => store.list());
  if (files.length !== trials.length) throw new Error(`${files.length} of ${trials.length} files were listed`);
  seconds("status of 10,000 trials", () => statusText("s", standings(trials, files, false), { held: [], left: [] }));
} finally {
  rmSync(folder, { recursive: true });
}
