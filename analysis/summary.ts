import { median } from "simple-statistics";
import type { Objective } from "../model/objectives.ts";
import { printableLine } from "../model/printable.ts";
import type { StackOutputs } from "../model/record.ts";
import type { Metric } from "../model/run.ts";
import { columns } from "./columns.ts";
import { asSpoken, spoken } from "./metric-names.ts";
import { directionInWords } from "./objective-words.ts";

/** One trial on a terminal: objectives, metrics, network, doubts. */
export function summary(stack: string, { fidelity, objectives, metrics, validity, network, provenance, record }: StackOutputs): string {
  const { cpus, cpuModel } = provenance.hypervisor;
  return [
    "",
    `${stack}: ${provenance.scheduler.version}, ${fidelity} on ${cpus} cores (${cpuModel}), ${validity.valid ? "valid" : "INVALID"}`,
    "",
    ...columns([`objective, ${directionInWords(Object.values(objectives))}`, "value", "unit"], Object.values(objectives).map(objectiveRow)),
    "",
    ...columns(["run", "metric", "value", "unit", "remarks"], metricRows(metrics)),
    "",
    ...(network.reason === undefined
      ? columns(["network", "Gbit/s", "asked", "round trip µs", "asked"], networkRows(network))
      : [`network not measured: ${network.reason}`]),
    "",
    ...worstFirst(validity.doubts).map(({ severity, code, message }) => `${severity}: ${code}: ${printableLine(message, 4000)}`),
    `record: ${record.path}`,
  ].join("\n");
}

const objectiveRow = ({ symbol, name, value, unit, reason, lowerBound }: Objective) =>
  value === null
    ? [`${symbol} ${name}`, "missing", reason ?? ""]
    : [`${symbol} ${name}`, digits(value), lowerBound ? `${unit}, ${atLeast}` : unit];

const atLeast = "at least: jobs were cut off";

const worstFirst = (doubts: StackOutputs["validity"]["doubts"]) =>
  doubts.toSorted((a, b) => Number(b.severity === "invalid") - Number(a.severity === "invalid"));

/** One row for each metric of each workload; several seeds of it are one row, with their median and their range. */
const metricRows = (metrics: StackOutputs["metrics"]) =>
  [...seedsOf(metrics)].flatMap(([workload, runs]) => {
    const named = [...new Set(runs.flatMap((run) => Object.keys(run)))].sort(asSpoken);
    const title = runs.length === 1 ? workload : `${workload.replace(/ seed \d+/, "")}, ${runs.length} seeds`;
    return named.map((name, i) => [i === 0 ? title : "", spoken(name), ...cells(runs.flatMap((run) => run[name] ?? []))]);
  });

type Value = Omit<Metric, "name">;

/** Runs of one workload that differ in the seed only, under the first one's name. */
function seedsOf(metrics: StackOutputs["metrics"]): Map<string, Readonly<Record<string, Value>>[]> {
  const found = new Map<string, { name: string; runs: Readonly<Record<string, Value>>[] }>();
  for (const [name, run] of Object.entries(metrics)) {
    const workload = name.replace(/ seed \d+/, "");
    const known = found.get(workload);
    if (known === undefined) found.set(workload, { name, runs: [run] });
    else known.runs.push(run);
  }
  return new Map([...found.values()].map(({ name, runs }) => [name, runs]));
}

/** Value, unit, remarks. */
function cells(values: readonly Value[]): string[] {
  const there = values.flatMap(({ value }) => value ?? []);
  const [first] = values;
  if (there.length === 0) return ["missing", "", first?.reason ?? ""];
  const range = there.length > 1 ? [`${digits(Math.min(...there))} to ${digits(Math.max(...there))}`] : [];
  const missing = there.length < values.length ? [`${values.length - there.length} missing`] : [];
  const bound = values.some(({ lowerBound }) => lowerBound) ? [atLeast] : [];
  const clock = Math.max(...values.map(({ precisionSeconds = 0 }) => precisionSeconds));
  const coarse = clock >= coarseSeconds ? [`clock of ${digits(clock)} s`] : [];
  const basis = [...new Set(values.flatMap(({ basis }) => basis ?? []))];
  return [digits(median(there)), first?.unit ?? "", [...range, ...missing, ...bound, ...coarse, ...basis].join("; ")];
}

/** A clock as coarse as this is worth a word. */
const coarseSeconds = 0.1;

const networkRows = ({ asked, paths }: StackOutputs["network"]) =>
  paths.map(({ from, to, bandwidthGbitPerSecond, roundTripMicroseconds }) => [
    `${from} → ${to}`,
    digits(bandwidthGbitPerSecond),
    asked.bandwidthGbitPerSecond === null ? "unshaped" : digits(asked.bandwidthGbitPerSecond),
    digits(roundTripMicroseconds.mean),
    digits(2 * asked.latencyMicroseconds),
  ]);

/** Four significant digits, without an exponent where a person would not write one. */
const digits = (value: number) => String(Number(value.toPrecision(4)));
