import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/**
 * Where a value meets another program's language, there is one function for it. What goes around it is found here, by the lines of
 * the program's own files.
 */

interface Rule {
  readonly what: string;
  readonly files: (file: string) => boolean;
  /** Files in which it may be: the function itself, and what takes no value from outside. */
  readonly but?: readonly string[];
  readonly finds: (line: string) => boolean;
  /** Lines that it has to find, and some that it may not. */
  readonly wrong: readonly string[];
  readonly right: readonly string[];
}

const isBash = (file: string) =>
  /\.bash$/.test(file) || (!/\.\w+$/.test(file) && /^#!.*\b(?:ba)?sh\b|^# shellcheck shell=bash/m.test(read(file).slice(0, 400)));
const isTypeScript = (file: string) => /\.(?:ts|mts|cjs)$/.test(file);
const isRole = (file: string) => /^ansible\/.*\.yml$/.test(file);

/** A command of virsh_, or of another function with its manners: no value before `--` but one that is joined to its option. */
const withoutItsEnd = (line: string, command: RegExp) =>
  [...line.matchAll(command)].some(([, words = ""]) => {
    const before = words.split(/ -- /)[0] ?? "";
    const rest = before.replaceAll(/ --[a-z-]+="\$\{?\w+(?:\[\w+\])?\}?"/g, "").replaceAll(/[0-9]?>{1,2}&?[^ ]+/g, "");
    return / -- /.test(words) ? /[$`]/.test(rest) : /[$`]/.test(rest.replaceAll(' "$@"', ""));
  });

const rules: readonly Rule[] = [
  {
    what: "virsh is started by virsh_ and virsh_session (components/libvirt/scripts/virsh.bash) alone",
    files: isBash,
    // Of these two the connection and every word are their own.
    but: ["components/libvirt/scripts/virsh.bash", "toolchain/sandbox", "toolchain/doctor"],
    finds: (line) => /(?:^|[\s;|&({])virsh\s+["$-]/.test(line) && !/\becho\b.*"[^"]*virsh/.test(line),
    wrong: ['virsh --quiet --connect "$uri" "vol-list $pool"', 'x=$(virsh "$questions")', 'timeout 60 virsh -c "$uri" list'],
    right: ["virsh_ list --all", 'echo "look at it with virsh --connect $uri"'],
  },
  {
    what: "a value comes to virsh behind -- or joined to its option",
    files: isBash,
    but: ["components/libvirt/scripts/virsh.bash"],
    finds: (line) => withoutItsEnd(line, /\b(?:virsh_|ask_host)((?: [^;|&)\n]+)+)/g),
    wrong: ['virsh_ destroy "$domain"', 'virsh_ vol-delete --pool "$pool" -- "$name"', 'virsh_ "vol-list $pool"', "virsh_ $command"],
    right: ['virsh_ destroy -- "$domain"', 'virsh_ vol-delete --pool="$pool" -- "$name" >&2', "virsh_ list --all --name", 'virsh_ "$@"'],
  },
  {
    what: "a session of virsh is the program's own text",
    files: isBash,
    but: ["components/libvirt/scripts/virsh.bash"],
    finds: (line) => /\bvirsh_session\b/.test(line) && !/\bvirsh_session "[a-z;/ -]+"(?: |\)|$)/.test(line),
    wrong: ['virsh_session "vol-list $pool; uri"', 'virsh_session "$questions"', "virsh_session 'vol-list '$pool"],
    right: ['looked=$(virsh_session "nodeinfo; capabilities" 2>"$complaints")'],
  },
  {
    what: "machines are reached by on_machine and fetch_from (components/scripts/connection.bash) alone",
    files: isBash,
    but: ["components/scripts/connection.bash"],
    finds: (line) => /(?:^|[\s;|&(])(?:ssh|scp|sftp|rsync)\s+["$-]/.test(line),
    wrong: ['ssh -F "$config" "$host" true', 'timeout 9 scp "$file" "$host:"', "sftp -b batch x"],
    right: ['on_machine "$host" true', "ssh-keygen -t ed25519"],
  },
  {
    what: "of connection.bash, ssh's host is behind --",
    files: (file) => file === "components/scripts/connection.bash",
    finds: (line) => /\b(?:ssh|sftp) -/.test(line) && !/ -- /.test(line),
    wrong: ['ssh -F "$connection/config" "$1"'],
    right: ['sftp -q -F "$connection/config" -b "$2" -- "$1"'],
  },
  {
    what: "no text is run as a program of a shell",
    files: isBash,
    // What toolchain/env and the libvirt bridge print, words that %q has quoted; and a role's own text.
    but: ["toolchain/run", "toolchain/doctor", "toolchain/generate-sdk", "ansible/roles/scheduler_slurm/files/start-emulated-nodes"],
    finds: (line) =>
      /(?:^|[\s;|&({])eval\s/.test(line) ||
      (/\b(?:ba)?sh -[a-z]*c\s/.test(line) && !/\b(?:ba)?sh -[a-z]*c (?:'|"source \\"\\\$1)/.test(line)),
    wrong: ['eval "$x"', 'bash -c "$x"', 'sh -c "rm $file"', "x && eval $(cat f)", 'bash -ec "ls $1"'],
    right: ["sh -c 'cd /tmp && find .'", 'bash "$file"'],
  },
  {
    what: "the environment gives awk its values, for -v reads escapes in them",
    files: isBash,
    finds: (line) => /\bg?awk\b[^|]* (?:-v|--assign)\b/.test(line) || /\bg?awk (?:-F \S+ )?"/.test(line),
    wrong: ['awk -v own="$own" "{}"', 'awk -F : -v a=1 "x"', 'awk "/$name/"'],
    right: [`own=$own awk '{ print ENVIRON["own"] }'`],
  },
  {
    what: "a program of jq is the script's own text",
    files: isBash,
    finds: (line) =>
      [...line.matchAll(/(?:^|[\s|&(])jq ((?:-\S+ |--(?:arg|argjson|rawfile|slurpfile) \S+ "[^"]*" )*)"([^"]*)"/g)].some(
        ([, , text = ""]) => !/^\$(?:with_secrets\b|of_scripts\b|\{(?:@:\d+|\w+\[@\])\}$)/.test(text),
      ),
    wrong: ['jq -r ".$key" <<<"$input"', 'x | jq "$filter"', 'jq --arg a "$b" ".x[$i]"'],
    right: ["jq -r .uri", `jq --arg a "$b" '.x == $a'`, 'jq -c "$with_secrets"'],
  },
  {
    what: "a program of sed or a pattern of grep is the script's own text",
    files: isBash,
    // Of toolchain's, what stands in it is a name that was checked, or the program's own word.
    but: ["toolchain/sandbox", "toolchain/doctor", "toolchain/install", "ansible/roles/scheduler_flux/files/check-modules"],
    finds: (line) =>
      /\bsed (?:-\S+ )*"[^"]*[$`][\w{(]/.test(line) || (/\bgrep (?:-\S+ )*"[^"]*\$[\w{(]/.test(line) && !/--fixed-strings/.test(line)),
    wrong: ['sed "s/x/$name/"', 'sed -n "/$a/p" file', 'grep "^$name" file'],
    right: [`sed 's/ *$//'`, 'grep --line-regexp --fixed-strings "volume $name"', 'sed -n "s/a$//p"'],
  },
  {
    what: "bash's arithmetic reads no variable of the environment that seconds_of has not checked",
    files: isBash,
    but: ["components/scripts/input.bash"],
    finds: (line) => /(?:\(\(|\s-(?:eq|ne|lt|le|gt|ge)\s).*SCHEDFRONT_/.test(line) || /=\$\{?SCHEDFRONT_\w+_SECONDS/.test(line),
    wrong: ["((SECONDS < $SCHEDFRONT_BOOT_SECONDS))", "limit=$SCHEDFRONT_KVM_SECONDS", "[[ $SECONDS -ge $SCHEDFRONT_X ]]"],
    right: ["limit=$(seconds_of SCHEDFRONT_BOOT_SECONDS 600)"],
  },
  {
    what: "processes are started in a few files, from lists of arguments",
    files: isTypeScript,
    // The last compiles what esbuild made of the program itself.
    but: [
      ...[
        "agent/process.ts",
        "sweep/run/processes.ts",
        "sweep/run/trial-process.ts",
        "sweep/run/discard.ts",
        "sweep/search/optuna.ts",
        "toolchain/program.cjs",
      ],
      ...["update/expected.ts", "update/main.ts", "update/show.ts"],
    ],
    finds: (line) => /\b(?:from|import|require)[\s(]+["'](?:node:)?(?:child_process|cluster|vm)["']/.test(line),
    wrong: [
      'import { execFile } from "node:child_process";',
      "const { exec } = require('child_process');",
      'await import("node:child_process")',
    ],
    right: ['import { run } from "./process.ts";'],
  },
  {
    what: "no text is run as a program of a shell, or of JavaScript",
    files: isTypeScript,
    finds: (line) => /\bshell\s*:\s*(?:true|["'`])|\bexecSync\b|\bexec\(\s*[`"']|\beval\(|\bnew Function\(/.test(line),
    wrong: ["spawn(a, b, { shell: true })", "execSync(text)", 'exec("ls")', "eval(x)", "exec(`rm x`)"],
    right: ["pattern.exec(text)", "shell: { options }"],
  },
  {
    what: "stylesheets are made by xslt (components/libvirt/xslt.ts) alone",
    files: (file) => isTypeScript(file) && file.startsWith("components/"),
    but: ["components/libvirt/xslt.ts"],
    finds: (line) => /(?<!xslt)`[^`]*<(?:xsl:|\?xml|hostdev|host )/.test(line),
    wrong: ["const a = `<xsl:stylesheet>`", "=> `<?xml version", "x(`<host name='a'/>`)"],
    right: ["): string => xslt`<?xml", "xslt`<hostdev></hostdev>`"],
  },
  {
    what: "a role starts programs from lists of arguments, and quotes what a script is given",
    files: isRole,
    finds: (line) =>
      /^\s*-?\s*(?:ansible\.builtin\.)?(?:shell|raw|expect):/.test(line) ||
      /^\s*(?:ansible\.builtin\.)?command:\s*\S/.test(line) ||
      (/builtin\.script: .*\{\{/.test(line) && /\{\{(?![^}]*\| *(?:quote|int|map\('quote'\))(?!\w))[^}]*\}\}/.test(line)) ||
      /\blookup\(|\bquery\(|\bunsafe_writes\b/.test(line),
    wrong: [
      "  ansible.builtin.shell: ls {{ x }}",
      "  ansible.builtin.command: ls {{ x }}",
      '  ansible.builtin.script: "a {{ b }}"',
      "  x: \"{{ lookup('pipe', x) }}\"",
    ],
    right: ["  ansible.builtin.command:", "  ansible.builtin.script: start {{ name | quote }}", "  ansible.builtin.script: start"],
  },
];

const texts = new Map<string, string>();
function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, text);
  return text;
}

/** The program's own files; what only tests start gets no input from others. */
const files = execFileSync(
  "git",
  ["ls-files", "agent", "analysis", "ansible", "components", "images", "model", "sweep", "toolchain", "*.ts"],
  {
    encoding: "utf8",
  },
)
  .trim()
  .split("\n")
  .filter((file) => !/^(?:test|sdks)\//.test(file) && !/^toolchain\/.*(?:\.go|go\.\w+)$/.test(file));

/** A command that goes on over several lines is one. */
const lines = (text: string) =>
  text
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => !/^\s*(?:#|\/\/|\/?\*)/.test(line));

test.each(rules.map((rule) => [rule.what, rule] as const))("%s", (_, { files: concerns, but = [], finds }) => {
  const around = files
    .filter((file) => concerns(file) && !but.includes(file))
    .flatMap((file) =>
      lines(read(file))
        .filter(finds)
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(around).toEqual([]);
});

test.each(rules.map((rule) => [rule.what, rule] as const))("%s: what goes around it is found", (_, { finds, wrong, right }) => {
  expect(wrong.filter((line) => !finds(line))).toEqual([]);
  expect(right.filter(finds)).toEqual([]);
});

/** Names that are computed with, and that hold an answer of a machine, of libvirt or of jq that nobody has matched. */
function computedWith(text: string): string[] {
  const answers = [...text.matchAll(/\b(\w+)=\$\(.*\b(?:on_machine|virsh_|virsh_session|ask_host|read_port|jq)\b.*(?:\n.*)?/g)];
  return answers.flatMap(([line, name = ""]) => {
    // A filter that gives digits alone, or a length of jq's.
    if (/\bsed -n '[^']*\[0-9\]|\| length'/.test(line)) return [];
    const own = `(?<![\\w#])${name}\\b`;
    return new RegExp(`\\(\\([^\\n]*?${own}[^\\n]*?\\)\\)|-(?:eq|ne|lt|le|gt|ge) \\S*${own}|${own}\\S* -(?:eq|ne|lt|le|gt|ge) `).test(text)
      ? [name]
      : [];
  });
}

/** There a text is an expression, in which an index may hold a command. */
test("bash's arithmetic gets no text that a machine, libvirt or a file has answered", () => {
  const around = files.filter((file) => isBash(file) && /^(?:components|sweep|images)\//.test(file));
  expect(around.flatMap((file) => computedWith(lines(read(file)).join("\n")).map((name) => `${file}: ${name}`))).toEqual([]);
  const ended = 'ended=$(ssh_seconds=60 on_machine "$head" "sed -n 1p /proc/vmstat" </dev/null) || ended=0\n';
  expect(computedWith(`${ended}if ((ended > 0)); then`)).toEqual(["ended"]);
  expect(computedWith(`${ended}if [[ $ended -gt 0 ]]; then`)).toEqual(["ended"]);
  expect(computedWith(`${ended}if ((0 < $ended)); then`)).toEqual(["ended"]);
  expect(computedWith('free=$(virsh_ pool-info -- "$1")\nif (($free < size)); then')).toEqual(["free"]);
  expect(computedWith('reply=$(on_machine "$head" x)\nif ((${' + "#reply} > 0)); then")).toEqual([]);
});

test("every file that a rule names is there, and is one that it concerns", () => {
  const strange = rules.flatMap(({ files: concerns, but = [] }) => but.filter((file) => !files.includes(file) || !concerns(file)));
  expect(strange).toEqual([]);
});
