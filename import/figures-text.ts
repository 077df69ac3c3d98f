import type { LogFigures, Waits } from "./figures.ts";

/** A log's own figures, readable. */
export function figuresText(figures: LogFigures): string {
  const rows: [string, string][] = [
    ["jobs", `${figures.jobs}, of which ${figures.ran} ran`],
    ["period", `${day(figures.fromSeconds)} to ${day(figures.toSeconds)}`],
    ["machine", `${figures.machine.nodes} nodes, ${figures.machine.cpus} CPUs`],
    ["offered load", shown(figures.offeredLoad)],
    ["offered load of whole nodes", shown(figures.wholeNodeLoad)],
    ["jobs below a node", `${percent(figures.belowNodeShare)} of the jobs, ${percent(figures.belowNodeWorkShare)} of their processor time`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    "the log's own figures:",
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    "",
    ...waitsTable([
      ["all", figures.all],
      ...Object.entries(figures.bySize),
      ...Object.entries(figures.byPartition).map(([name, own]): [string, Waits] => [`partition ${name}`, own]),
    ]),
    "",
  ].join("\n");
}

const header = ["jobs of", "jobs", "median wait, s", "P95 wait, s", "mean bounded slowdown"];

const waitsTable = (rows: readonly (readonly [string, Waits])[]) =>
  table([
    header,
    ...rows.map(([name, own]) => [
      name,
      String(own.jobs),
      shown(own.medianWaitSeconds),
      shown(own.p95WaitSeconds),
      shown(own.meanBoundedSlowdown),
    ]),
  ]);

/** Columns of equal width; the first to the left. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`.trimEnd(),
  );
}

export const shown = (value: number | null): string => (value === null ? "–" : String(Number(value.toPrecision(4))));
const percent = (share: number | null) => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
const day = (seconds: number | null) => (seconds === null ? "–" : new Date(1000 * seconds).toISOString().slice(0, 19).replace("T", " "));
