import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { comparedDigest } from "../../analysis/report/identity.ts";
import type { SweepSummary } from "../../model/sweep-summary.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import type { Configuration } from "../plan/configurations.ts";
import type { Sweep } from "../plan/sweep.ts";
import { summaryFile } from "./folders.ts";

/** Writes what the report must know of the sweep; nothing where its base is no valid tuple. */
export function writeSummary(name: string, { base: stack, description }: Sweep, base: Configuration | null): void {
  if (base === null) return;
  const summary: SweepSummary = {
    schemaVersion: 1,
    sweep: name,
    ...(description === undefined ? {} : { description }),
    base: stack,
    baseline: comparedDigest(base.tuple),
  };
  const file = summaryFile(name);
  writingTo("sweeps", dirname(file), moveResults, () => {
    mkdirSync(dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, `${JSON.stringify(summary, null, 1)}\n`);
    renameSync(partial, file);
  });
}
