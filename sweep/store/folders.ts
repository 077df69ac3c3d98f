import * as z from "zod";
import { parse } from "../../model/problem.ts";
import { sweepName, sweepNameLength } from "../plan/sweep.ts";

/** Where sweeps keep what they make, relative to the project's folder. */

/** One file a trial that ended. */
export const trialsFolder = "results/trials";

/** One file a trial that runs. */
export const claimsFolder = "results/claims";

/** What the sweep says of itself, for the report. */
export const summaryFile = (sweep: string): string => `${sweepFolder(sweep)}.json`;

/** What a search has asked for, a line each. */
export const searchLog = (sweep: string): string => `${sweepFolder(sweep)}/search.jsonl`;

/** A folder for each of the sweep's stacks. */
export const stacksFolder = (sweep: string): string => `${sweepFolder(sweep)}/stacks`;

/** What the trials' processes said. */
export const logsFolder = (sweep: string): string => `${sweepFolder(sweep)}/logs`;

/** Of a name that leads nowhere else; throws InvalidInput for others. */
const sweepFolder = (sweep: string) => `results/sweeps/${parse("sweep name", z.string().regex(sweepName).max(sweepNameLength), sweep)}`;
