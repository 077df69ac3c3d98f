import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Calls, programsOfShell, programsOfTypeScript, recipes } from "./called-programs.ts";

/** toolchain/programs: each program, and the targets that need it. */
const listed = new Map(
  readFileSync("toolchain/programs", "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .flatMap((line) => {
      const columns = line.split("|").map((column) => column.trim());
      if (columns.length !== 6) throw new Error(`toolchain/programs: "${line}" has not six columns`);
      const targets = (columns[1] ?? "").replace(/^\w+: */, "").split(" ");
      return (columns[0] ?? "").split(" ").map((program) => [program, targets] as const);
    }),
);

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" }).trim().split("\n");
const isBash = (file: string) =>
  /^#!\/usr\/bin\/env bash|^#!\/bin\/sh|^# shellcheck shell=bash/m.test(readFileSync(file, "utf8").slice(0, 500));
/** What machines run, and programs that stand in for others in tests. */
const elsewhere =
  /^(ansible|agent|model|nix\/modules|images\/debian\/(files|init)|components\/virtual-time\/(init|run|collect|align-clock|watch-load)|test\/agent|test\/components\/fakes|\.github)/;
const here = files.filter((file) => !elsewhere.test(file) && !/\.(json|lock|svg|sum|txt|md|nix|swf)$/.test(file));
const bash = here.filter((file) => !/\.(c?ts|mts|cjs|go|py|yaml|yml)$/.test(file) && isBash(file));
const typescript = here.filter((file) => /\.m?ts$/.test(file) && !file.startsWith("sdks/"));

/** Functions that start what their arguments name, and how many words stand before it. */
const starters = { step: 1, timed: 0, inside: 0, keep: 1, with_tools: 0, limited: 1, run_inside: 0 };

/** Commands that only a run could tell, and the programs that they may be: none where it is a function or a script of the project's. */
const dynamic: Record<string, readonly string[]> = {
  $1: [],
  "${@:2}": [],
  $ansible_python: ["python3"],
  $builder: [],
  $check: [],
  $daemon: ["libvirtd", "virtlogd"],
  $nix: ["nix"],
  $pulumi: ["pulumi"],
  $python: ["python3"],
  "${SHELL:-bash}": ["bash"],
  "${as_root[@]}": ["sudo"],
  "${folders[@]}": [],
  check_$section: [],
  "${settings[@]}": [],
  "${virsh[@]}": ["virsh"],
};
/** The same of TypeScript: what its callers name is found where they do, and Node.js itself is there. */
const dynamicOfTypeScript =
  /^(program|script|file|process\.execPath|packages|join\(path, ".*"\)|`(components(\/libvirt\/scripts)?|\/usr\/sbin)\/.*`)$/;

/** Which target a file belongs to. What `up` needs is needed by those that do the same on real machines. */
function targetOf(file: string): string {
  if (/^toolchain\/(packages|programs\.bash|room\.bash|require-node|npm-packages|install|build|compile-sdk|paths|progress|env)$/.test(file))
    return "setup";
  if (/^(\.ci|nix\/test\/check|toolchain\/nix-tools)/.test(file)) return "lint";
  const [, part = ""] = /^test\/(e2e|faults|bench|soak)\//.exec(file) ?? [];
  if (part !== "") return part === "soak" ? "faults" : part;
  if (file.startsWith("test/")) return "test";
  return file.startsWith("analysis/") ? "report" : "up";
}

/** Programs of Pulumi, of npm packages and of a Slurm that tests leave out where there is none; none of toolchain/packages. */
const brought = new Set(["pulumi", "sbatch", "scontrol", "squeue", "nixfmt", "deadnix", "spin", "mpi"]);

const missing = (target: string, { programs, dynamic: unknown }: Calls, known: (command: string) => readonly string[]) =>
  [...programs, ...[...unknown].flatMap(known)].filter((program) => !brought.has(program) && !listed.get(program)?.includes(target));

const knownOfBash = (command: string) => dynamic[command] ?? [`${command}: which program is it?`];

/** Lines "file, of make target: program". */
function unlisted(of: readonly string[], callsOf: (text: string, file: string) => Calls, known: (command: string) => readonly string[]) {
  const found: string[] = [];
  for (const file of of) {
    const calls = callsOf(readFileSync(file, "utf8"), file);
    const target = targetOf(file);
    found.push(...missing(target, calls, known).map((program) => `${file}, of make ${target}: ${program}`));
  }
  return found;
}

test("scripts start only programs that toolchain/programs lists for their targets", () => {
  expect(unlisted(bash, (text, file) => programsOfShell(text, file, bash, starters), knownOfBash)).toEqual([]);
});

test("TypeScript starts only programs that toolchain/programs lists for its targets", () => {
  const known = (command: string) => (dynamicOfTypeScript.test(command) ? [] : [`${command}: which program is it?`]);
  expect(unlisted(typescript, programsOfTypeScript, known)).toEqual([]);
});

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
test("the Makefile's recipes and package.json's scripts start only programs that toolchain/programs lists", () => {
  const ofPackages = new Set(["tsx", "vitest"]);
  for (const text of [...recipes(readFileSync("Makefile", "utf8")), ...Object.values(scripts)]) {
    const { programs } = programsOfShell(text, text, bash, starters);
    expect([...programs].filter((program) => !listed.has(program) && !brought.has(program) && !ofPackages.has(program))).toEqual([]);
  }
});

test.each([
  ["a command", "frobnicate --all", ["frobnicate"]],
  ["behind an option, an assignment and a redirection", "A=1 </dev/null frobnicate >x", ["frobnicate"]],
  [
    "in a substitution, a loop, a condition and a function",
    "f() { if [[ -n $(frobnicate) ]]; then for x in $(other); do :; done; fi; }",
    ["frobnicate", "other"],
  ],
  ["behind one that starts it", "timeout 5 xargs --null frobnicate", ["timeout", "xargs", "frobnicate"]],
  ["as a variable's value", 'tool=frobnicate; "$tool" x', ["frobnicate"]],
  ["as the first word of an array", `words=(frobnicate --all); exec "\${words[@]}" x`, ["frobnicate"]],
  ["in a trap and in a shell's text", "trap 'frobnicate x' EXIT; bash -c 'other'", ["frobnicate", "bash", "other"]],
  [
    "by find and by a function that starts its arguments",
    "step() { :; }; step 'x' frobnicate; find . -exec other {} +",
    ["frobnicate", "find", "other"],
  ],
  ["after a slice of an array and a descriptor by name", `exec {lock}>x; echo "\${a[@]:2}"; frobnicate`, ["frobnicate"]],
  ["by a path of the system's", "/usr/bin/frobnicate", ["frobnicate"]],
])("a program is found: %s", (_, text, programs) => {
  const calls = programsOfShell(text, "text", [], { step: 1 });
  expect([...calls.programs].sort()).toEqual([...programs].sort());
});

test("a function that starts its arguments must be known", () => {
  expect(() => programsOfShell('run() { "$@"; }', "text", [], {})).toThrow("run starts its arguments");
});

test("a program that TypeScript starts is found", () => {
  const text = `import { execFile, spawn as start } from "node:child_process"; const later = promisify(execFile);
    start("one"); later("two", []); outputOf("three", []); spawn(which, []);`;
  const { programs, dynamic: unknown } = programsOfTypeScript(text, "text.ts");
  expect([...programs]).toEqual(["one", "two", "three"]);
  expect([...unknown]).toEqual(["which"]);
});
