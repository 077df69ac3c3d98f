import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { objectiveList } from "../../model/objectives.ts";
import { NoRoom } from "../../storage/room.ts";
import { complain, say } from "../say.ts";
import { readAnchors } from "./anchors-file.ts";
import { answerText } from "./answer/text.ts";
import type { GivenAnchors } from "./ranking.ts";
import { readTrials } from "./read-trials.ts";
import { writeReport } from "./write-report.ts";

const help = `usage: tsx analysis/report/print-report.ts [RECORDS] [--output FOLDER] [--limit OBJECTIVE=NUMBER]... [--anchors FILE] [--job-rows NUMBER]
         [--baseline CONFIGURATION] [--weight OBJECTIVE=NUMBER]...
  RECORDS     folder with <stack>/trial-*.json and trials/*.json; results if left out
  --output    where the report goes; RECORDS/report if left out
  --limit     a configuration whose mean is worse is infeasible: ${objectiveList[0].key}=50
  --anchors   ideal and nadir of each objective, as a report writes them to anchors/: keeps hypervolumes comparable
  --baseline  what the recommendation is compared with: a stack's name, the start of a digest, or bf_interval=30,…; a sweep's base if left out
  --weight    how much an objective counts: ${objectiveList[0].key}=2; all the same if left out
  --job-rows  most rows of jobs in the page; 100000 if left out
`;

class Misuse extends Error {}

main().catch((problem: unknown) => {
  if (!(problem instanceof Misuse || problem instanceof NoRoom)) throw problem;
  complain(problem.message);
  process.exitCode = problem instanceof Misuse ? 2 : 1;
});

async function main(): Promise<void> {
  const { values, positionals } = options();
  if (values.help) {
    say(help.trimEnd());
    return;
  }
  const [records = "results", ...more] = positionals;
  if (more.length > 0) throw new Misuse(`${more[0]}: one folder of records only`);
  if (!existsSync(records)) throw new Misuse(`${records}: no such folder; run make up or make sweep first, or name another one`);
  const jobRows = Number(values["job-rows"]);
  if (!Number.isInteger(jobRows) || jobRows < 0) throw new Misuse(`--job-rows ${values["job-rows"]}: is not a whole number`);
  const folder = values.output ?? join(records, "report");
  const trials = readTrials(records);
  const measured = new Set(trials.recorded.flatMap(({ record }) => Object.keys(record.objectives)));
  const [limits, weights] = [numbersIn("--limit", values.limit, measured), numbersIn("--weight", values.weight, measured)];
  const negative = Object.entries(weights).find(([, weight]) => weight < 0);
  if (negative !== undefined) throw new Misuse(`--weight ${negative.join("=")}: must not be negative`);
  const anchors = values.anchors === undefined ? null : anchorsIn(values.anchors);
  const generated = new Date().toISOString();
  const asked = { baseline: values.baseline, weights };
  const { sections, unreadable, unplaced } = await writeReport({ trials, limits, anchors, jobRows, generated, asked }, folder);
  for (const section of sections) say(answerText(section));
  const count = sections.flatMap(({ configurations }) => configurations.flatMap((own) => own.trials)).length;
  const rest = [
    ...(unplaced.length > 0 ? [`${unplaced.length} that measured nothing`] : []),
    ...(unreadable.length > 0 ? [`${unreadable.length} files that could not be read`] : []),
  ];
  for (const { file, reason } of unreadable.slice(0, mostNamed)) complain(`left out: ${file}: ${reason}`);
  if (unreadable.length > mostNamed) complain(`and ${unreadable.length - mostNamed} more, listed on the page`);
  say(`${join(folder, "report.html")}: ${[`${count} trials in ${sections.length} sections`, ...rest].join(", ")}`);
}

/** Files that are named on standard error; the page has all of them. */
const mostNamed = 20;

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", default: false },
        output: { type: "string" },
        limit: { type: "string", multiple: true, default: [] },
        anchors: { type: "string" },
        baseline: { type: "string" },
        weight: { type: "string", multiple: true, default: [] },
        "job-rows": { type: "string", default: "100000" },
      },
    });
  } catch (problem) {
    throw new Misuse(`${(problem as Error).message}\n${help}`);
  }
}

function anchorsIn(file: string): GivenAnchors {
  try {
    return readAnchors(file);
  } catch (problem) {
    throw new Misuse(`--anchors ${(problem as Error).message}`);
  }
}

/** `KEY=NUMBER` of each, by key. */
function numbersIn(option: string, given: readonly string[], known: ReadonlySet<string>): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [key = "", number = ""] = text.split("=");
      const value = Number(number);
      if (number === "" || !Number.isFinite(value)) throw new Misuse(`${option} ${text}: is not OBJECTIVE=NUMBER`);
      if (!known.has(key))
        throw new Misuse(`${option} ${key}: is not one of ${[...known].join(", ") || "the objectives, for there is no record"}`);
      return [key, value];
    }),
  );
}
