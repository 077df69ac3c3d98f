import type { Objective, Objectives } from "../model/objectives.ts";
import type { Trial } from "../model/trial.ts";

/** Outputs of one stack, as `pulumi stack output --json` prints them. */
export interface StackOutputs extends Trial {
  readonly record: { readonly path: string; readonly sha256: string };
}

/** One trial on a terminal: objectives, metrics, network, doubts. */
export function summary(stack: string, { fidelity, objectives, metrics, validity, network, provenance, record }: StackOutputs): string {
  const { cpus, cpuModel } = provenance.hypervisor;
  return [
    "",
    `${stack}: ${provenance.scheduler.version}, ${fidelity} on ${cpus} cores (${cpuModel}), ${validity.valid ? "valid" : "INVALID"}`,
    "",
    ...table(["objective, lower is better", "value", "unit"], objectiveRows(objectives)),
    "",
    ...table(["run", "metric", "value", "unit"], metricRows(metrics)),
    "",
    ...table(["network", "Gbit/s", "asked", "round trip µs", "asked"], networkRows(network)),
    "",
    ...validity.doubts.map(({ severity, code, message }) => `${severity}: ${code}: ${message}`),
    `record: ${record.path}`,
  ].join("\n");
}

/** α first, whatever order the outputs came in. */
const objectiveRows = (objectives: Objectives) =>
  Object.values(objectives)
    .toSorted((a, b) => a.symbol.localeCompare(b.symbol, "el"))
    .map(objectiveRow);

const objectiveRow = ({ symbol, name, value, unit, reason }: Objective) =>
  value === null ? [`${symbol} ${name}`, "missing", reason ?? ""] : [`${symbol} ${name}`, digits(value), unit];

const metricRows = (metrics: Trial["metrics"]) =>
  Object.entries(metrics).flatMap(([run, values]) =>
    Object.entries(values).map(([name, { value, unit, reason }], i) => [
      i === 0 ? run : "",
      name,
      value === null ? "missing" : digits(value),
      value === null ? (reason ?? "") : unit,
    ]),
  );

const networkRows = ({ asked, paths }: Trial["network"]) =>
  paths.map(({ from, to, bandwidthGbitPerSecond, roundTripMicroseconds }) => [
    `${from} → ${to}`,
    digits(bandwidthGbitPerSecond),
    asked.bandwidthGbitPerSecond === null ? "unshaped" : digits(asked.bandwidthGbitPerSecond),
    digits(roundTripMicroseconds.mean),
    digits(2 * asked.latencyMicroseconds),
  ]);

/** Four significant digits, without an exponent where a person would not write one. */
const digits = (value: number) => String(Number(value.toPrecision(4)));

/** Rows in columns as wide as their widest cell; numbers to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (/^-?[\d.]+$/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].map((text) => `  ${text}`);
}
