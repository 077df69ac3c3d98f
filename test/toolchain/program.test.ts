import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Project } from "./project.ts";

vi.setConfig({ testTimeout: 60_000 });

const toolchain = resolve(__dirname, "../../toolchain");

let project: Project;
beforeEach(() => {
  project = new Project({ typescript: false, nodeargs: `--require ${toolchain}/places.cjs` });
  project.write("package.json", JSON.stringify({ name: "fixture", main: "index.cjs" }));
  project.write("index.cjs", `module.exports = require("${toolchain}/program.cjs")("${project.directory}/index.ts");`);
});
afterEach(() => project.remove());

test("a program of several files runs, those of packages that are ES modules only included", () => {
  project.write(
    "other.ts",
    `import { randomUniform } from "d3-random";
    export const one: number = randomUniform(1, 1)();`,
  );
  project.up(`import { one } from "./other.ts"; export = async () => ({ one });`);
  expect(project.outputs()).toEqual({ one: 1 });
});

test("a program that exports values runs, too", () => {
  project.up("export const answer: number = 42;");
  expect(project.outputs()).toEqual({ answer: 42 });
});

test("it runs from a folder below the project's, too", () => {
  mkdirSync(join(project.directory, "below"));
  project.write("index.ts", "export const answer: number = 42;");
  expect(project.succeed("up", "--yes", "--skip-preview", "--cwd", "below").text).toContain("answer: 42");
});

test("an error says where in the TypeScript it was thrown", () => {
  project.write(
    "other.ts",
    "interface Lines {\n  that: string;\n  vanish: number;\n}\nexport const fail = () => {\n  throw new Error('on purpose');\n};\n",
  );
  const { text } = project.failingUp(`import { fail } from "./other.ts";\nexport = async () => {\n  fail();\n};\n`);
  expect(text).toContain("on purpose");
  expect(text).toMatch(/other\.ts:6:\d/);
  expect(text).toMatch(/index\.ts:3:\d/);
});

test("a refusal is its words alone, once", () => {
  const { text } = project.failingUp(`
    import * as pulumi from "@pulumi/pulumi";
    export = async () => {
      throw new pulumi.RunError("the user's mistake");
    };
  `);
  expect(text.split("the user's mistake").length).toBeLessThanOrEqual(3);
  expect(text).not.toMatch(/^ +at /m);
});

test("the state says where in the TypeScript a resource is made", () => {
  project.write(
    "other.ts",
    `import * as pulumi from "@pulumi/pulumi";
    interface Line { vanishes: true }
    export class Made extends pulumi.ComponentResource {
      constructor() { super("fixture:index:Made", "made"); }
    }
    export const make = () => new Made();`,
  );
  project.up(`import { make } from "./other.ts";\n\nexport = async () => void make();`);
  const { resources } = JSON.parse(project.state()).checkpoint.latest;
  const { sourcePosition, stackTrace } = resources.find(({ type }: { type: string }) => type === "fixture:index:Made");
  expect(`${sourcePosition} ${JSON.stringify(stackTrace)}`).toMatch(/\/other\.ts#6,.*\/index\.ts#3,/);
});

test("a syntax error names its file and line", () => {
  project.write("other.ts", "export const one = 1;\nexport const = 2;\n");
  expect(project.failingUp(`import "./other.ts";`).text).toContain("other.ts:2:");
});

test("a file that is not there is named, with the one that imports it", () => {
  const { text } = project.failingUp(`import "./nowhere.ts";`);
  expect(text).toMatch(/index\.ts:1:.*nowhere\.ts/);
});
