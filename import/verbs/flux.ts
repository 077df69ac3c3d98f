import { finish } from "../finish.ts";
import { Origins } from "../fitting.ts";
import { readFluxJobs } from "../flux/jobs.ts";
import { Ledger } from "../ledger.ts";
import { equalNodes, plainSite } from "../plain-site.ts";
import { selection } from "../selection.ts";
import { timeReader } from "../times.ts";
import { checkName } from "../written.ts";
import { type Equal, logText, noteSelected } from "./common.ts";

export interface FluxOptions extends Equal {
  readonly log: string;
  readonly skipBad?: boolean;
}

/** Imports what flux jobs printed. @returns what to print @throws InvalidInput */
export async function flux(options: FluxOptions, project: string): Promise<string> {
  const { name, log, anonymise = false, overwrite = false, skipBad = false } = options;
  checkName(name, project, overwrite);
  const [ledger, origins] = [new Ledger(), new Origins()];
  const chosen = selection(options, timeReader("UTC"));
  const { jobs: all, counts } = await readFluxJobs(logText("--log", log), { skipBad });
  const jobs = all.filter(chosen);
  noteSelected(all.length - jobs.length, counts, ledger);
  const site = plainSite(equalNodes({ ...options, count: options.nodeCount }, jobs, ledger), options.scheduler, ledger);
  return finish({ name, project, origin: "Flux", ...site, jobs, anonymise, origins, ledger });
}
