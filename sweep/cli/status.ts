import { columns } from "../../analysis/columns.ts";
import { scaleOf } from "../../analysis/objective-scale.ts";
import { meanEstimate } from "../../analysis/statistics/mean-estimate.ts";
import { usableScale } from "../../analysis/statistics/scale.ts";
import { describe } from "../../model/axis-values.ts";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import { isCompleted, type TrialFile } from "../../model/trial-file.ts";
import { countBy, type Standing } from "../plan/plan.ts";
import type { Claim } from "../store/claims.ts";

/** How far a sweep is, for people: counts, a row for each configuration, and every trial that failed. */
export function statusText(
  sweep: string,
  trials: readonly Standing[],
  { held, left }: { readonly held: readonly Claim[]; readonly left: readonly Claim[] },
  declared: readonly DeclaredObjective[] = objectiveList,
): string {
  const files = trials.flatMap(({ file }) => file ?? []);
  const kinds = [...countBy(files.map(({ outcome }) => outcome.kind).sort())].map(([kind, count]) => `${count} ${kind}`);
  const ids = new Set(trials.map(({ trial }) => trial.id));
  const [running, saved] = [held.filter(({ id }) => ids.has(id)), held.filter(({ id }) => !ids.has(id))];
  return [
    `sweep ${sweep}: ${files.length} of ${trials.length} trials ended${kinds.length > 0 ? ` (${kinds.join(", ")})` : ""}, ${running.length} running`,
    "",
    ...columns(["configuration", "ended", "of", ...declared.map(({ symbol }) => symbol)], configurationRows(trials, declared)),
    ...failures(files),
    ...running.map(({ stack, machine, pid, started }) => `running: ${stack}, process ${pid} on ${machine} since ${started}`),
    ...saved.map(({ stack, machine, pid }) => `saved cluster: ${stack}, of process ${pid} on ${machine}`),
    ...left.map(({ stack, machine }) => `left running: ${stack} on ${machine}, whose process has ended: run with --resume, or gc`),
  ].join("\n");
}

function configurationRows(trials: readonly Standing[], declared: readonly DeclaredObjective[]): string[][] {
  const rows = new Map<string, Standing[]>();
  for (const standing of trials) {
    const name = describe(standing.trial.values);
    rows.set(name, [...(rows.get(name) ?? []), standing]);
  }
  const sorted = [...rows].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  return sorted.map(([name, standings]) => {
    const files = standings.flatMap(({ file }) => file ?? []);
    return [name, String(files.length), String(standings.length), ...declared.map(({ key }) => meanOf(files, key))];
  });
}

/** Only what a valid trial measured counts. */
const measuredBy = ({ outcome }: TrialFile) => (outcome.kind === "completed" ? outcome.objectives : {});

/** The mean on the objective's scale; at least that where one of them is a lower bound. */
function meanOf(files: readonly TrialFile[], key: string): string {
  const found = files.flatMap((file) => measuredBy(file)[key] ?? []).filter(({ value }) => value !== null);
  const values = found.flatMap(({ value }) => value ?? []);
  const [first] = found;
  if (first === undefined) return "—";
  const { value } = meanEstimate(values, usableScale(scaleOf(first), values));
  return `${found.some(({ lowerBound }) => lowerBound) ? "≥ " : ""}${Number(value.toPrecision(4))}`;
}

const failures = (files: readonly TrialFile[]) =>
  files
    .filter((file) => !isCompleted(file))
    .map(({ stack, values, seed, outcome }) => {
      const why = "message" in outcome ? outcome.message : outcome.doubts.map(({ message }) => message).join("; ");
      return `${outcome.kind}: ${stack} (${describe(values)}, seed ${seed}): ${why}`;
    });
