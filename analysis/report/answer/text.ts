import type { Section } from "../analysis.ts";

/** A section's answer for a terminal: its sentences, what was not compared, what could change it. */
export function answerText({ id, fidelity, answer }: Pick<Section, "id" | "fidelity" | "answer">): string {
  const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)]);
  return [
    `${id}, ${fidelity}`,
    ...answer.words.map((sentence) => `  ${sentence}`),
    ...answer.lines.flatMap(({ file, removed, added }) =>
      list(`  lines of ${file}`, [...removed.map((line) => `  - ${line}`), ...added.map((line) => `  + ${line}`)]),
    ),
    ...list(
      "  not compared",
      answer.notCompared.map((line) => `  ${line}`),
    ),
    ...answer.warnings.map((warning) => `  warning: ${warning}`),
    "",
  ].join("\n");
}
