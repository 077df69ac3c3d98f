import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Project } from "./project.ts";

vi.setConfig({ testTimeout: 60_000 });

const loader = resolve(__dirname, "../../toolchain/run-typescript.cjs");

let project: Project;
beforeEach(() => {
  project = new Project({ typescript: false, nodeargs: "--require ./loader.cjs" });
  project.write("loader.cjs", `require(${JSON.stringify(loader)});`);
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

test("it runs from a folder below the project's, too", () => {
  mkdirSync(join(project.directory, "below"));
  project.write("index.ts", "export const answer: number = 42;");
  expect(project.succeed("up", "--yes", "--skip-preview", "--cwd", "below").text).toContain("answer: 42");
});

test("what the SDK only serializes functions with is loaded when it does", () => {
  project.up(`
    import { types } from "node:util";
    import * as pulumi from "@pulumi/pulumi";
    import * as stats from "simple-statistics";
    const loaded = () => ["typescript/lib/typescript.js", "arborist/lib/index.js"].filter((end) =>
      Object.keys(require.cache).some((file) => file.endsWith(end) && !types.isProxy(require.cache[file].exports)));
    const factor: number = 3;
    export = async () => {
      const before = loaded();
      const { text } = await pulumi.runtime.serializeFunction((values: number[]) => stats.sum(values) * factor);
      const between = loaded();
      await pulumi.runtime.computeCodePaths();
      return { before, text, between, after: loaded() };
    };
  `);
  expect(project.outputs()).toEqual({
    before: [],
    text: expect.stringContaining("stats.sum(values) * factor"),
    between: ["typescript/lib/typescript.js"],
    after: ["typescript/lib/typescript.js", "arborist/lib/index.js"],
  });
});

test("an error says where in the TypeScript it was thrown", () => {
  project.write(
    "other.ts",
    "interface Lines {\n  that: string;\n  vanish: number;\n}\nexport const fail = () => {\n  throw new Error('on purpose');\n};\n",
  );
  const { text } = project.failingUp(`import { fail } from "./other.ts";\nfail();\n`);
  expect(text).toContain("on purpose");
  expect(text).toMatch(/other\.ts:6:\d/);
  expect(text).toMatch(/index\.ts:2:\d/);
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
  project.up(`import { make } from "./other.ts";\n\nmake();`);
  const { resources } = JSON.parse(project.state()).checkpoint.latest;
  const { sourcePosition, stackTrace } = resources.find(({ type }: { type: string }) => type === "fixture:index:Made");
  expect(`${sourcePosition} ${JSON.stringify(stackTrace)}`).toMatch(/\/other\.ts#6,.*\/index\.ts#3,/);
});

test("a syntax error names its file and line", () => {
  project.write("other.ts", "export const one = 1;\nexport const = 2;\n");
  expect(project.failingUp(`import "./other.ts";`).text).toContain("other.ts:2:");
});

test.each([
  [{}, "promises were still active"],
  [{ PULUMI_DEBUG_PROMISE_LEAKS: "1" }, "index.ts:"],
])("a promise that never ends fails the program, with %o by its stack", (environment, words) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const leaking = new Project({ typescript: false, nodeargs: `--require ${loader}` });
  try {
    const { text } = leaking.failingUp(`
      import * as pulumi from "@pulumi/pulumi";
      new pulumi.ComponentResource("fixture:index:Waits", "waits", { for: new Promise(() => {}) });
    `);
    expect(text).toContain(words);
  } finally {
    leaking.remove();
    vi.unstubAllEnvs();
  }
});
