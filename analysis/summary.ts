import { median } from "simple-statistics";
import { costBasis } from "../model/metrics/control-plane-cost.ts";
import { launchingShare } from "../model/metrics/launching.ts";
import type { Objective } from "../model/objectives.ts";
import { printableLine } from "../model/printable.ts";
import type { StackOutputs } from "../model/record.ts";
import type { Metric } from "../model/run.ts";
import { spoiltBy, usabilityInWords, usabilityOf } from "../model/usability.ts";
import { columns } from "./columns.ts";
import { asSpoken, spoken } from "./metric-names.ts";
import { directionInWords } from "./objective-words.ts";
import { wrap } from "./wrap.ts";

/** One trial on a terminal: objectives, metrics, network, doubts. */
export function summary(stack: string, { fidelity, objectives, metrics, validity, network, provenance, record }: StackOutputs): string {
  const { cpus, cpuModel } = provenance.hypervisor;
  return [
    "",
    `${stack}: ${provenance.scheduler.version}, ${fidelity} on ${cpus} cores (${cpuModel})`,
    standingInWords(validity, objectives),
    "",
    ...objectiveTable(objectives, validity.doubts, metrics),
    "",
    ...columns(["run, metric", "value", "unit", "remarks"], metricRows(metrics), width),
    "",
    ...(network.reason === undefined
      ? columns(["network", "Gbit/s", "asked", "round trip µs", "asked"], networkRows(network), width)
      : [`network not measured: ${network.reason}`]),
    "",
    ...worstFirst(validity.doubts).flatMap(({ severity, code, message }) =>
      wrap(`${severityInWords(severity)}: ${code}: ${printableLine(message, 4000)}`, width - 2).map((line, i) =>
        i === 0 ? line : `  ${line}`,
      ),
    ),
    `record: ${record.path}`,
    `next:   make report (compares all results), or edit Pulumi.${stack}.yaml and make up STACK=${stack},`,
    `        or make down STACK=${stack} (keeps the results)`,
  ].join("\n");
}

/** No line is wider, but for a stack's name or a path that is. */
const width = 100;

/** Records say caution where people say warning. */
const severityInWords = (severity: "invalid" | "caution") => (severity === "caution" ? "warning" : severity);

/** `usable`, with what reservations, or for which objectives not. */
function standingInWords({ valid, doubts }: StackOutputs["validity"], objectives: StackOutputs["objectives"]): string {
  if (!valid) {
    const grave = doubts.filter(({ severity }) => severity === "invalid").map(({ code }) => code);
    return `INVALID, not usable: ${[...new Set(grave)].join(", ") || "the record says so"}`;
  }
  const measured = Object.entries(objectives).flatMap(([key, { symbol, value }]) => (value === null ? [] : [{ key, symbol }]));
  return usabilityInWords(usabilityOf(doubts, measured));
}

/** With remarks only where there are some. */
function objectiveTable(
  objectives: StackOutputs["objectives"],
  doubts: StackOutputs["validity"]["doubts"],
  metrics: StackOutputs["metrics"],
) {
  const rows = Object.entries(objectives).map(([key, own]) => objectiveRow(key, own, doubts, metrics));
  const shown = rows.some(([, , , remarks]) => remarks !== "") ? 4 : 3;
  const titles = [`objective, ${directionInWords(Object.values(objectives))}`, "value", "unit", "remarks"];
  return columns(
    titles.slice(0, shown),
    rows.map((row) => row.slice(0, shown)),
    width,
  );
}

function objectiveRow(
  key: string,
  { symbol, name, value, unit, reason, lowerBound }: Objective,
  doubts: StackOutputs["validity"]["doubts"],
  metrics: StackOutputs["metrics"],
) {
  const title = `${symbol} ${name}`;
  if (value === null) return [title, "missing", "", reason ?? ""];
  const spoilt = doubts.filter((doubt) => spoiltBy(doubt, [key]).length > 0).map(({ code }) => code);
  const remarks = [
    ...(spoilt.length > 0 ? [`no result: ${[...new Set(spoilt)].join(", ")}`] : []),
    ...(lowerBound ? [atLeast] : []),
    ...(key === "responsiveness" ? launchingRemark(metrics) : []),
    ...(key === "controlPlaneCost" ? basesOf(metrics, key) : []),
  ];
  return [title, digits(value), unit, remarks.join("; ")];
}

/** How much of α is launching, where time is compressed. */
function launchingRemark(metrics: StackOutputs["metrics"]): string[] {
  const shares = Object.values(metrics).flatMap((run) => {
    const [alpha, compressed] = [run.meanBoundedSlowdown?.value, run.meanBoundedSlowdownWithLaunchingCompressed?.value];
    return alpha == null || compressed == null ? [] : [launchingShare(alpha, compressed)];
  });
  return shares.length === 0 ? [] : [`launching is ${Math.round(100 * median(shares))} % of it`];
}

const basesOf = (metrics: StackOutputs["metrics"], name: string): string[] => [
  ...new Set(Object.values(metrics).flatMap((run) => (run[name]?.basis === undefined ? [] : [costBasis(run[name].basis)]))),
];

const atLeast = "at least: jobs were cut off";

const worstFirst = (doubts: StackOutputs["validity"]["doubts"]) =>
  doubts.toSorted((a, b) => Number(b.severity === "invalid") - Number(a.severity === "invalid"));

/** One row for each metric of each workload; several seeds of it are one row, with their median and their range. */
const metricRows = (metrics: StackOutputs["metrics"]) =>
  [...seedsOf(metrics)].flatMap(([workload, runs]) => {
    const named = [...new Set(runs.flatMap((run) => Object.keys(run)))].sort(asSpoken);
    const title = runs.length === 1 ? workload : `${workload.replace(/ seed \d+/, "")}, ${runs.length} seeds`;
    return [[title], ...named.map((name) => [`  ${spoken(name)}`, ...cells(runs.flatMap((run) => run[name] ?? []))])];
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
  const basis = [...new Set(values.flatMap(({ basis }) => (basis === undefined ? [] : [costBasis(basis)])))];
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
