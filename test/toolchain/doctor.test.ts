import { spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/** toolchain/programs: each program that is required, and its Debian package. */
const required = readFileSync("toolchain/programs", "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split("|").map((column) => column.trim()))
  .filter(([, targets = ""]) => !targets.includes(":"))
  .flatMap(([programs = "", , debian = ""]) => programs.split(" ").map((program) => ({ program, debian })))
  .filter(({ program }) => program !== "");

const found = (folder: string, program: string) => {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The doctor looks there whatever PATH is. */
const always = ({ program }: { program: string }) => ["/usr/sbin", "/sbin"].some((folder) => found(folder, program));
const removable = required.filter((each) => !always(each) && each.program !== "bash");

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-doctor-"));
  path = join(folder, "bin");
  mkdirSync(path);
  for (const { program } of required) provide(program);
});
afterEach(() => rmSync(folder, { recursive: true }));

function provide(program: string) {
  const place = (process.env.PATH ?? "").split(":").find((each) => found(each, program));
  if (place !== undefined) symlinkSync(join(place, program), join(path, program));
  else standIn(program, "exit 0");
}

function standIn(program: string, script: string) {
  rmSync(join(path, program), { force: true });
  writeFileSync(join(path, program), `#!/bin/bash\n${script}\n`);
  chmodSync(join(path, program), 0o755);
}

function run(script: string, ...args: string[]) {
  const environment = { PATH: path, HOME: folder, SCHEDFRONT_SANDBOX: "yes" };
  const { status, stdout, stderr } = spawnSync(join(path, "bash"), [resolve("toolchain", script), ...args], {
    env: environment,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("with all programs nothing is missing", () => {
  expect(run("doctor", "programs")).toMatchObject({ status: 0, stderr: "" });
});

test("each program that is missing is named, alone, with its package or where it is had", () => {
  for (const { program, debian } of removable) {
    unlinkSync(join(path, program));
    const { status, stdout, stderr } = run("doctor", "programs");
    const lacks = stdout.split("\n").filter((line) => line.startsWith("LACK"));
    expect({ program, status, stderr, lacks: lacks.length }).toEqual({ program, status: 1, stderr: "", lacks: 1 });
    expect(lacks[0]).toMatch(new RegExp(`^LACK +${program} +not installed, needed by make \\w+`));
    expect(stdout).toMatch(debian === "-" ? /fix: .*https:/ : /fix: \S/);
    provide(program);
  }
});

test("with nothing but bash every section answers, and every program is named", () => {
  for (const { program } of removable) unlinkSync(join(path, program));
  const { status, stdout, stderr } = run("doctor");
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  for (const { program } of removable) expect(stdout).toMatch(new RegExp(`^LACK +${program} `, "m"));
  expect(stdout).toContain("Pulumi's downloads were not tried: curl is missing");
});

test.each(["v18.20.4", "v20.18.3"])("node %s is too old, and what is needed is said", (version) => {
  standIn("node", `echo ${version}`);
  expect(run("doctor", "programs").stdout).toMatch(new RegExp(`^LACK +node +node is ${version}, but 20\\.19 or newer is needed`, "m"));
});

test("a section that there is not is refused with those that there are", () => {
  expect(run("doctor", "programms")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"programms" is not one of virtualisation, '),
  });
});

test.each([
  ["node", () => unlinkSync(join(path, "node")), "node is not installed"],
  ["npm", () => unlinkSync(join(path, "npm")), "npm is not installed"],
  ["npx", () => unlinkSync(join(path, "npx")), "npx is not installed"],
  ["a new node", () => standIn("node", "echo v18.20.4"), "node is v18.20.4, but 20.19 or newer is needed"],
])("make setup ends at once without %s, with what to do", (_, spoil, words) => {
  spoil();
  standIn("apt-get", `touch ${join(folder, "asked")}`);
  const { status, stderr } = spawnSync(join(path, "make"), ["setup"], { env: { PATH: path, HOME: folder }, encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain(`setup: ${words}; install Node.js with npm`);
  expect(found(folder, "asked")).toBe(false);
});

test("where Pulumi is built already, setup asks for no Go", () => {
  const directory = () =>
    spawnSync(join(path, "bash"), ["-c", `toolchain=${resolve("toolchain")}; source $toolchain/paths; built_directory`], {
      env: { PATH: path, HOME: folder },
      encoding: "utf8",
    }).stdout;
  standIn("go", "echo go version go1.26.8 linux/amd64");
  const withGo = directory();
  standIn("go", "echo go version go1.27.0 linux/amd64");
  const withAnother = directory();
  unlinkSync(join(path, "go"));
  expect([withAnother, directory()]).toEqual([withGo, withGo]);
  expect(withGo).toContain("/schedfront/toolchain/");
});
