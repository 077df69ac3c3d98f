/** Where sweeps keep what they make, relative to the project's folder. */

/** One file a trial that ended. */
export const trialsFolder = "results/trials";

/** One file a trial that runs. */
export const claimsFolder = "results/claims";

/** A folder for each of the sweep's stacks. */
export const stacksFolder = (sweep: string): string => `results/sweeps/${sweep}/stacks`;

/** What the trials' processes said. */
export const logsFolder = (sweep: string): string => `results/sweeps/${sweep}/logs`;
