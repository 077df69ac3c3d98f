import type { OwnFile } from "../../../model/scheduler.ts";
import type { Configuration, Section } from "../analysis.ts";

/** One file of two configurations. */
export interface FileDiff {
  readonly name: string;
  readonly paste: OwnFile["paste"];
  readonly comment: OwnFile["comment"];
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: "kept" | "removed" | "added";
  readonly text: string;
}

/** How the scheduler's own files of two configurations differ. */
export function diffsOf({ ownLines }: Pick<Section, "ownLines">, before: Configuration, after: Configuration): FileDiff[] {
  const files = ({ files }: Configuration) => files.map((file) => ({ ...file, lines: file.lines.map((at) => ownLines[at] as string) }));
  return fileDiffs(files(before), files(after));
}

/** Of each file that differs; a file that only one has counts as empty in the other. */
export function fileDiffs(before: readonly OwnFile[], after: readonly OwnFile[]): FileDiff[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [from, to] = [before, after].map((files) => files.find((file) => file.name === name));
    const { paste, comment } = (to ?? from) as OwnFile;
    const lines = diffOf(from?.lines ?? [], to?.lines ?? []);
    return lines.every(({ kind }) => kind === "kept") ? [] : [{ name, paste, comment, lines }];
  });
}

/** Lines longer than these many altogether are replaced whole: the table below would be too large. */
const mostCells = 4_000_000;

/** Longest common subsequence; removed lines stand before those that take their place. */
function diffOf(before: readonly string[], after: readonly string[]): DiffLine[] {
  const whole = (lines: readonly string[], kind: DiffLine["kind"]) => lines.map((text) => ({ kind, text }));
  if (before.length * after.length > mostCells) return [...whole(before, "removed"), ...whole(after, "added")];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let k = after.length - 1; k >= 0; k--) {
      const at = i * width + k;
      common[at] =
        before[i] === after[k] ? (common[at + width + 1] as number) + 1 : Math.max(common[at + width] as number, common[at + 1] as number);
    }
  const found: DiffLine[] = [];
  let [i, k] = [0, 0];
  while (i < before.length || k < after.length) {
    if (i < before.length && k < after.length && before[i] === after[k]) {
      found.push({ kind: "kept", text: before[i] as string });
      [i, k] = [i + 1, k + 1];
    } else if (
      i < before.length &&
      (k === after.length || (common[(i + 1) * width + k] as number) >= (common[i * width + k + 1] as number))
    )
      found.push({ kind: "removed", text: before[i++] as string });
    else found.push({ kind: "added", text: after[k++] as string });
  }
  return found;
}

/** Of unified form, in one hunk. */
export function diffText({ name, lines }: FileDiff): string {
  const count = (without: DiffLine["kind"]) => lines.filter(({ kind }) => kind !== without).length;
  const span = (length: number) => `${length === 0 ? 0 : 1},${length}`;
  const head = [`--- a/${name}`, `+++ b/${name}`, `@@ -${span(count("added"))} +${span(count("removed"))} @@`];
  return `${[...head, ...lines.map(({ kind, text }) => `${marks[kind]}${text}`)].join("\n")}\n`;
}

const marks = { kept: " ", removed: "-", added: "+" } as const;

/** What is put into the file beside the report: lines to paste, what they replace in comments; or the whole file. */
export function pasteText({ paste, comment, lines }: FileDiff, heading: readonly string[]): string {
  const head = heading.map((line) => `${comment} ${line}`);
  const body =
    paste === "whole"
      ? lines.flatMap(({ kind, text }) => (kind === "removed" ? [] : [text]))
      : lines.flatMap(({ kind, text }) => (kind === "kept" ? [] : [kind === "removed" ? `${comment} was: ${text}` : text]));
  return `${[...head, ...body].join("\n")}\n`;
}
