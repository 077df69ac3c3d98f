import { readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { isAlive, Project, until } from "./project.ts";

vi.setConfig({ testTimeout: 60_000 });

let project: Project;
afterEach(() => project.remove());

test("config, secret config and the stack's names reach the program", () => {
  project = new Project();
  project.succeed("config", "set", "plain", "seen");
  project.succeed("config", "set", "--path", "nested.list[0]", "7");
  project.succeed("config", "set", "--secret", "hidden", "s3cret-77ab12");
  const run = project.up(`
    import * as pulumi from "@pulumi/pulumi";
    const config = new pulumi.Config();
    export const plain = config.require("plain");
    export const nested = config.requireObject("nested");
    export const hidden = config.requireSecret("hidden");
    export const names = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()];
  `);
  expect(project.outputs()).toEqual({
    plain: "seen",
    nested: { list: [7] },
    hidden: "s3cret-77ab12",
    names: ["organization", "fixture", "test"],
  });
  expect(run.text).not.toContain("s3cret-77ab12");
  expect(project.state()).not.toContain("s3cret-77ab12");
});

test("preview and update tell the program which they are", () => {
  project = new Project();
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    console.log("dry run: " + pulumi.runtime.isDryRun());
  `;
  expect(project.preview(program).text).toContain("dry run: true");
  expect(project.up(program).text).toContain("dry run: false");
});

test("what the program writes is shown", () => {
  project = new Project();
  const run = project.up(`
    console.log("to stdout");
    console.error("to stderr");
  `);
  expect(run.text).toContain("to stdout");
  expect(run.text).toContain("to stderr");
});

test("an exception fails the update with its message", () => {
  project = new Project();
  expect(project.failingUp(`throw new Error("what went wrong");`).text).toContain("what went wrong");
});

test("a RunError is shown as the bare message, once", () => {
  project = new Project();
  const { text } = project.failingUp(`
    import * as pulumi from "@pulumi/pulumi";
    throw new pulumi.RunError("the user's mistake");
  `);
  expect(text).toContain("the user's mistake");
  expect(text).not.toContain("at Object.<anonymous>");
  expect(text).not.toContain("non-zero exit code");
});

test("an exit status other than 0 fails the update and is named", () => {
  project = new Project();
  expect(project.failingUp("process.exit(7);").text).toContain("non-zero exit code: 7");
});

test("runtime options: nodeargs", () => {
  project = new Project({ nodeargs: "--max-old-space-size=1234 --title='a title'" });
  project.up("export const args = process.execArgv;");
  expect(project.outputs().args).toEqual(["--max-old-space-size=1234", "--title=a title"]);
});

test("runtime options: typescript: false", () => {
  project = new Project({ typescript: false });
  project.write("package.json", JSON.stringify({ name: "fixture", main: "plain.js" }));
  project.write("plain.js", `exports.compiled = Boolean(process[Symbol.for("ts-node.register.instance")] || require.extensions[".ts"]);`);
  project.up("");
  expect(project.outputs()).toEqual({ compiled: false });
});

test("imports that name .ts files work", () => {
  project = new Project();
  project.write("other.ts", "export const text: string = 'imported';");
  project.up(`export { text } from "./other.ts";`);
  expect(project.outputs()).toEqual({ text: "imported" });
});

test("a project whose packages are not installed says so", () => {
  project = new Project();
  unlinkSync(join(project.directory, "node_modules"));
  expect(project.failingUp("").text).toMatch(/install/);
});

test("Ctrl-C ends the program", async () => {
  project = new Project();
  const status = await project.interruptedUp(
    `
      import { writeFileSync } from "node:fs";
      writeFileSync("running", String(process.pid));
      setInterval(() => {}, 1000);
    `,
    "running",
  );
  expect(status).not.toBe(0);
  const pid = Number(readFileSync(join(project.directory, "running"), "utf8"));
  await until(() => !isAlive(pid), 10);
});
