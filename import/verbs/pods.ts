import { finish } from "../finish.ts";
import { Origins } from "../fitting.ts";
import { Ledger } from "../ledger.ts";
import { equalNodes, plainSite } from "../plain-site.ts";
import { columnsIn, nodeFields, podFields } from "../pods/columns.ts";
import { readNodes, readPods } from "../pods/pods.ts";
import { selection } from "../selection.ts";
import { timeReader } from "../times.ts";
import { checkName } from "../written.ts";
import { type Equal, logText, noteSelected } from "./common.ts";

export interface PodsOptions extends Equal {
  readonly log: string;
  readonly columns: string;
  readonly nodes?: string;
  readonly nodeColumns: string;
  readonly timeZone: string;
  readonly skipBad?: boolean;
}

/** Imports a table of pods, and one of nodes where there is one. @returns what to print @throws InvalidInput */
export async function pods(options: PodsOptions, project: string): Promise<string> {
  const { name, log, anonymise = false, overwrite = false, skipBad = false } = options;
  checkName(name, project, overwrite);
  const [ledger, origins] = [new Ledger(), new Origins()];
  const time = timeReader(options.timeZone);
  const chosen = selection(options, time);
  const columns = columnsIn("--columns", options.columns, podFields);
  const nodeColumns = columnsIn("--node-columns", options.nodeColumns, nodeFields);
  const { jobs: all, counts } = await readPods(logText("--log", log), columns, { time, skipBad });
  const jobs = all.filter(chosen);
  noteSelected(all.length - jobs.length, { ...counts, firstMalformed: counts.first }, ledger);
  if (counts.fractions > 0) ledger.changed(`${counts.fractions} pods with a part of a CPU or GPU`, "rounded up to whole ones");
  const listed = options.nodes === undefined ? [] : await readNodes(logText("--nodes", options.nodes), nodeColumns, { skipBad });
  const nodes = listed.length > 0 ? listed : equalNodes({ ...options, count: options.nodeCount }, jobs, ledger);
  return finish({ name, project, origin: "pods", ...plainSite(nodes, options.scheduler, ledger), jobs, anonymise, origins, ledger });
}
