import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { analyse } from "../../../analysis/report/analyse.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { type SyntheticRequest, writeSyntheticRecords } from "./synthetic-records.ts";

/** An empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "schedfront-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const syntheticResults = (request: SyntheticRequest): string => writeSyntheticRecords(temporaryFolder(), request);

export const analysisOf = (folder: string, limits: Readonly<Record<string, number>> = {}) =>
  analyse({ trials: readTrials(folder), limits, anchors: null, jobRows: 100_000, generated: "2026-01-01T00:00:00.000Z" });
