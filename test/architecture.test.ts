import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect, test } from "vitest";

/** Each layer, what it may import of the project, and which packages. */
const layers: Record<string, { own: readonly string[]; packages: readonly string[] }> = {
  model: { own: ["model"], packages: ["zod", "simple-statistics", "pure-rand"] },
  components: {
    own: ["components", "model", "package.json"],
    packages: ["@pulumi/pulumi", "@pulumi/libvirt", "@pulumi/command", "node:crypto", "node:fs", "node:path"],
  },
  agent: { own: ["agent", "model"], packages: ["zod", "simple-statistics", "node:"] },
  analysis: {
    own: ["analysis", "model"],
    packages: [
      "zod",
      "simple-statistics",
      "pure-rand",
      "papaparse",
      "echarts",
      "esbuild",
      "node:crypto",
      "node:fs",
      "node:path",
      "node:util",
    ],
  },
};

const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));

const imports = (file: string) => [...readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)].map((match) => match[1] ?? "");

test.each(Object.entries(layers))("%s imports only what its place in the flow allows", (layer, { own, packages }) => {
  const strangers = sources(layer).flatMap((file) =>
    imports(file)
      .filter((path) =>
        path.startsWith(".")
          ? !own.includes(normalize(join(file, "..", path)).split("/")[0] ?? "")
          : !packages.some((allowed) => path === allowed || path.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`)),
      )
      .map((path) => `${file}: ${path}`),
  );
  expect(strangers).toEqual([]);
});

test("nothing imports index.ts", () => {
  const importers = [...Object.keys(layers), "test"]
    .flatMap(sources)
    .filter((file) => imports(file).some((path) => /\/index\.ts$/.test(path) && normalize(join(file, "..", path)) === "index.ts"));
  expect(importers).toEqual([]);
});

test("only components/script.ts starts a process", () => {
  const starters = sources("components").filter((file) =>
    imports(file).some((path) => path === "@pulumi/command" || path === "node:child_process"),
  );
  expect(starters).toEqual(["components/script.ts"]);
});

test("apply takes a named function, and no resource is made inside one", () => {
  const inline = sources("components").flatMap((file) => readFileSync(file, "utf8").match(/\.apply\([^\n]*(=>|function|\{$)/gm) ?? []);
  expect(inline).toEqual([]);
});
