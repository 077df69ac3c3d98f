import Papa from "papaparse";
import { printable } from "../../../model/printable.ts";
import type { Analysis } from "../analysis.ts";
import { standingInWords } from "../figures/words.ts";
import { type Html, html } from "./html.ts";

type Row = Readonly<Record<string, string | number | null>>;

/** CSV with a header. Cells that a spreadsheet would take for a formula are quoted by an apostrophe. */
export function csv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return `${Papa.unparse([columns, ...rows.map((row) => columns.map((column) => harmless(row[column] ?? "")))], { newline: "\n" })}\n`;
}

function harmless(cell: string | number): string | number {
  if (typeof cell === "number") return cell;
  const text = printable(cell, 10_000);
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

/** A link that carries its file. */
export const download = (name: string, type: string, content: string): Html =>
  html`<a download="${name}" href="data:${type};base64,${Buffer.from(content).toString("base64")}">${name.split(".").at(-1)?.toUpperCase()}</a>`;

/** One row a trial: where it belongs, what it measured, whether it counts. */
export function trialRows({ sections }: Analysis): Row[] {
  return sections.flatMap(({ id, fidelity, scale, suite, objectives, configurations, varying }) =>
    configurations.flatMap((own) =>
      own.trials.map((trial) => ({
        section: id,
        fidelity,
        scale,
        suite,
        configuration: own.id,
        label: own.label,
        standing: standingInWords(own.standing),
        seed: trial.seed,
        repetition: trial.sweep?.repetition ?? null,
        status: trial.status,
        reason: trial.reason,
        ...Object.fromEntries(objectives.map(({ key }) => [key, trial.objectives[key] ?? null])),
        ...Object.fromEntries(varying.map((name) => [name, String(own.parameters[name] ?? "unset")])),
        sweep: trial.sweep?.name ?? null,
        record: trial.file,
        sha256: trial.sha256,
        scheduler: trial.provenance?.scheduler ?? null,
        scheduler_digest: trial.provenance?.schedulerDigest ?? null,
        image: trial.provenance?.image ?? null,
        program: trial.provenance?.program ?? null,
        sources: trial.provenance?.sources ?? null,
        hypervisor: trial.provenance?.hypervisor ?? null,
      })),
    ),
  );
}
