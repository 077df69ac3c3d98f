import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ts from "typescript";

/** A text that the program may print, or may stop with. */
export interface Message {
  readonly file: string;
  readonly line: number;
  /** As in the source: what is filled in stands as `${…}`. */
  readonly text: string;
}

/** What prints, or is thrown: functions of TypeScript by name, and properties that hold a sentence for people. */
const printing = /^(complain|say|note|refuse|fail|refusal|warn|info|error|Misuse|InvalidInput|UnreadableFile|Refused|\w*Error)$/;
const sentences = /^(message|reason|why|missing|notInDebian|notInNixpkgs|cancelled)$/;
/** The same of bash, at the beginning of a command or behind `||`, `&&`, `then`, `{`. */
const printingInBash =
  /(?:^|[;&|{]|then|else)\s*(?:say|fail|fail_as|warn|note|lack|good|answer_failure|refuse\w*|echo|printf|step)\s+(.*)$/;

const folders = [
  "agent",
  "analysis",
  "ansible",
  "components",
  "images",
  "import",
  "model",
  "nix",
  "storage",
  "sweep",
  "toolchain",
  "update",
  "index.ts",
  "saved-cluster.ts",
  "Makefile",
];

/** Every message of the program, in the order of its files. */
export function messages(): Message[] {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...folders], { encoding: "utf8" })
    .trim()
    .split("\n");
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    if (/\.[cm]?ts$/.test(file)) return ofTypeScript(text, file);
    return /^#!\/usr\/bin\/env bash|^# shellcheck shell=bash/m.test(text.slice(0, 500)) || file === "Makefile" ? ofBash(text, file) : [];
  });
}

/** Sentences in what is printed, thrown or kept as a reason. A single word is a name, and no sentence. */
export function ofTypeScript(text: string, file: string): Message[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<number, Message>();
  const take = (node: ts.Node) => {
    const shown = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : null;
    if (shown === null) {
      ts.forEachChild(node, take);
    } else if (/\S\s\S/.test(shown.replaceAll(/\$\{[^}]*\}/g, "…"))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.set(node.getStart(), { file, line: line + 1, text: shown });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
      if (printing.test(name)) for (const argument of node.arguments ?? []) take(argument);
    } else if (ts.isPropertyAssignment(node) && sentences.test(node.name.getText())) {
      take(node.initializer);
    } else if (ts.isFunctionDeclaration(node) && node.type?.getText().startsWith("string") && node.body) {
      for (const statement of node.body.statements) if (ts.isReturnStatement(statement)) take(statement);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** What `echo` and the project's own functions print, line by line. */
export const ofBash = (text: string, file: string): Message[] =>
  text.split("\n").flatMap((line, i) => {
    if (/^\s*#/.test(line)) return [];
    const [, rest = ""] = printingInBash.exec(line) ?? [];
    const quoted = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? "");
    return quoted.filter((words) => /[a-z]\s[a-z]/i.test(words)).map((words) => ({ file, line: i + 1, text: words }));
  });
