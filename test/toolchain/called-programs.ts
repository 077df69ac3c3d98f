import { readFileSync } from "node:fs";
import { basename } from "node:path";
import sh from "mvdan-sh";
import ts from "typescript";

const { syntax } = sh;

/** What a text starts: programs by name, and the commands of which only a run could tell the program, as they are written. */
export interface Calls {
  readonly programs: ReadonlySet<string>;
  readonly dynamic: ReadonlySet<string>;
}

/** A word of a command: its value, null where only a run could tell, and as it is written. */
interface Word {
  readonly value: string | null;
  readonly source: string;
}

/** Of commands that start another one: how many words stand before it, options not counted, and which options take a word. */
const wrappers: Record<string, { readonly words?: number; readonly valued?: readonly string[]; readonly ends?: true }> = {
  command: {},
  env: { valued: ["-u", "--unset", "-C"] },
  exec: { valued: ["-a"] },
  fakeroot: {},
  ionice: { valued: ["-c"] },
  nice: { valued: ["-n"] },
  nohup: {},
  nsenter: { valued: ["-t"] },
  setpriv: { valued: ["--reuid", "--regid", "--groups"] },
  setsid: {},
  stdbuf: { valued: ["-o", "-e", "-i"] },
  sudo: { valued: ["-u"] },
  time: {},
  timeout: { words: 1, valued: ["-k", "-s", "--kill-after", "--signal"] },
  unshare: { valued: ["--propagation"] },
  xargs: { valued: ["-n", "--max-args", "-P", "--max-procs", "-I", "-d"] },
  // What another root file system, an npm package or another machine brings.
  chroot: { ends: true },
  npx: { ends: true },
  ssh: { ends: true },
};

/** `compgen -bk`, but for those that are in {@link wrappers}. */
const ofBash = new Set(
  `. : [ alias bg bind break builtin caller cd compgen complete compopt continue declare dirs disown echo enable eval exit export false fc fg
  getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source
  suspend test times trap true type typeset ulimit umask unalias unset wait`.split(/\s+/),
);

const literals = (parts: readonly sh.Node[]): string | null => {
  const texts = parts.map(literal);
  return texts.includes(null) ? null : texts.join("");
};

function literal(node: sh.Node): string | null {
  switch (syntax.NodeType(node)) {
    case "Lit":
      return (node as sh.Lit).Value.replaceAll(/\\(.)/g, "$1");
    case "SglQuoted":
      return (node as sh.SglQuoted).Value;
    case "Word":
      return literals((node as sh.Word).Parts);
    case "DblQuoted":
      return literals((node as sh.DblQuoted).Parts);
    default:
      return null;
  }
}

type Commands = readonly (readonly Word[])[];

/** A text of bash. */
interface Script {
  readonly commands: Commands;
  /** Its functions, and of each the commands in it. */
  readonly functions: ReadonlyMap<string, Commands>;
  /** What variables were given, the first word of an array's. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const present = <Item>(items: readonly (Item | null)[]) => items.filter((item) => item !== null);

function parsed(text: string, name: string): Script {
  const bytes = Buffer.from(text);
  const place = (node: sh.Node) => [node.Pos().Offset(), node.End().Offset()] as const;
  const commands: { readonly at: number; readonly words: readonly Word[] }[] = [];
  const functions: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  const values = new Map<string, string[]>();
  // One walk, for the parser is Go's, translated, and slow.
  const visit = (node: sh.Node | null): boolean => {
    if (node === null) return true;
    switch (syntax.NodeType(node)) {
      case "CallExpr": {
        const words = present((node as sh.CallExpr).Args).map((word) => ({
          value: literal(word),
          source: bytes.subarray(...place(word)).toString(),
        }));
        if (words.length > 0) commands.push({ at: node.Pos().Offset(), words });
        break;
      }
      case "FuncDecl": {
        const [from, to] = place(node);
        functions.push({ name: (node as sh.FuncDecl).Name?.Value ?? "", from, to });
        break;
      }
      case "Assign": {
        const { Name, Value, Array: array } = node as sh.Assign;
        const value = array === null ? Value : (present(array.Elems)[0]?.Value ?? null);
        const given = value === null ? null : literal(value);
        const variable = Name?.Value ?? "";
        if (given && !/^\w+=/.test(given)) values.set(variable, [...(values.get(variable) ?? []), given]);
        break;
      }
    }
    return true;
  };
  try {
    syntax.Walk(syntax.NewParser().Parse(text, name), visit);
  } catch (error) {
    throw new Error(`${name}: not bash: ${(error as { Error?: () => string }).Error?.() ?? error}`);
  }
  const within = (from: number, to: number) => commands.filter(({ at }) => from <= at && at < to).map(({ words }) => words);
  return {
    commands: commands.map(({ words }) => words),
    functions: new Map(functions.map(({ name: own, from, to }) => [own, within(from, to)])),
    values,
  };
}

const parsedFiles = new Map<string, Script>();
function parsedFile(file: string): Script {
  const script = parsedFiles.get(file) ?? parsed(readFileSync(file, "utf8"), file);
  parsedFiles.set(file, script);
  return script;
}

/** Of a script, with all that it sources: functions and variables. */
function withSourced(script: Script, files: readonly string[]): Script {
  const functions = new Map(script.functions);
  const values = new Map(script.values);
  const seen = new Set([script]);
  for (const each of seen) {
    for (const [own, commands] of each.functions) if (!functions.has(own)) functions.set(own, commands);
    if (each !== script) for (const [variable, given] of each.values) values.set(variable, [...(values.get(variable) ?? []), ...given]);
    for (const [head, sourced] of each.commands) {
      if (head?.value !== "source" || sourced === undefined) continue;
      const file = files.find((path) => basename(path) === basename(sourced.source.replaceAll('"', "")));
      if (file !== undefined) seen.add(parsedFile(file));
    }
  }
  return { commands: script.commands, functions, values };
}

/**
 * The programs that a text of bash starts.
 * @param files the project's files of bash, of which it may source some
 * @param starters functions that start what their arguments name: how many words stand before it
 * @throws Error where the text cannot be parsed, or a function starts its arguments and is not among the starters
 */
export function programsOfShell(text: string, name: string, files: readonly string[], starters: Readonly<Record<string, number>>): Calls {
  const { commands, functions, values } = withSourced(files.includes(name) ? parsedFile(name) : parsed(text, name), files);
  const programs = new Set<string>();
  const dynamic = new Set<string>();
  for (const [own, body] of functions)
    if (body.some(startsItsArguments) && !(own in starters))
      throw new Error(`${name}: ${own} starts its arguments, and is not among the starters`);

  const note = (path: string) => {
    if (!path.includes("/")) programs.add(path);
    else if (/^\/(usr\/s?bin|s?bin)\//.test(path)) programs.add(basename(path));
  };
  const followText = (inner: string) => {
    const calls = programsOfShell(inner, `${name}: "${inner}"`, files, starters);
    for (const program of calls.programs) if (!functions.has(program)) programs.add(program);
  };
  const followVariable = ({ source }: Word, rest: readonly Word[]) => {
    const variable = /^"?\$\{?(\w+)(?:\[@\])?\}?"?$/.exec(source)?.[1] ?? "";
    const given = values.get(variable) ?? [];
    // A file of the project's, or what a starter is given.
    if (/\/[\w.-]+"?$/.test(source) || source === '"$@"') return;
    if (given.length === 0) dynamic.add(source.replaceAll('"', ""));
    for (const value of given) follow([{ value, source: value }, ...rest]);
  };
  const follow = (words: readonly Word[]): void => {
    const [head, ...rest] = words;
    if (head === undefined) return;
    const { value: command } = head;
    if (command === null) {
      followVariable(head, rest);
      return;
    }
    if (functions.has(command)) {
      if (command in starters) follow(rest.slice(starters[command]));
      return;
    }
    if (command === "trap" && rest[0]?.value) followText(rest[0].value);
    if (command === "bash" || command === "sh") {
      const at = rest.findIndex(({ value }) => value !== null && /^-[a-z]*c$/.test(value));
      const code = at < 0 ? null : rest.slice(at + 1).find(({ value }) => !value?.startsWith("-"))?.value;
      if (code) followText(code);
    }
    for (const [i, { value }] of rest.entries()) if (command === "find" && value === "-exec") follow(rest.slice(i + 1));
    if (ofBash.has(command)) return;
    const wrapper = wrappers[command];
    if (!["command", "exec"].includes(command)) note(command);
    if (wrapper !== undefined && !wrapper.ends && !(command === "command" && rest[0]?.value?.startsWith("-")))
      follow(behind(rest, wrapper));
  };
  for (const words of commands) follow(words);
  return { programs, dynamic };
}

function startsItsArguments(words: readonly Word[]): boolean {
  const [head, ...rest] = words;
  if (head?.source === '"$@"') return true;
  const wrapper = wrappers[head?.value ?? ""];
  return wrapper !== undefined && !wrapper.ends && behind(rest, wrapper)[0]?.source === '"$@"';
}

/** The words of the command that a wrapper starts. */
function behind(words: readonly Word[], { words: before = 0, valued = [] }: (typeof wrappers)[string]): Word[] {
  let left = before;
  for (let i = 0; i < words.length; i++) {
    const { value, source } = words[i] ?? { value: null, source: "" };
    if (value === "--") return words.slice(i + 1);
    if (valued.includes(value ?? "")) i++;
    else if (/^"?-/.test(source) || /^\w+=/.test(source)) continue;
    else if (left > 0) left--;
    else return words.slice(i);
  }
  return [];
}

/** The recipes of a Makefile, as texts of bash. */
export const recipes = (makefile: string): string[] =>
  makefile
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.startsWith("\t"))
    .map((line) =>
      line
        .slice(1)
        .replace(/^[@+-]+/, "")
        .replaceAll("$(MAKE)", "make")
        .replaceAll("$$", "$"),
    );

/** Functions that start what their first argument names: Node's, and those of sweep/run/processes.ts. */
const spawning = ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork", "outputOf", "ask"];

/** The programs that a text of TypeScript starts. */
export function programsOfTypeScript(text: string, name: string): Calls {
  const programs = new Set<string>();
  const dynamic = new Set<string>();
  // By other names, too.
  const names = new Set(spawning);
  for (const [, alias = ""] of text.matchAll(/\b(?:spawn|exec)\w* as (\w+)/g)) names.add(alias);
  for (const [, alias = ""] of text.matchAll(/(\w+) = promisify\((?:spawn|exec)\w*\)/g)) names.add(alias);
  // A file may have a function of its own by such a name.
  for (const [, own = ""] of text.matchAll(/(?:function|const) (\w+)/g)) if (spawning.includes(own)) names.delete(own);
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !names.has(node.expression.text)) return;
    const [program] = node.arguments;
    if (program === undefined) return;
    if (!ts.isStringLiteralLike(program)) dynamic.add(program.getText());
    else if (!program.text.includes("/")) programs.add(program.text);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  return { programs, dynamic };
}
