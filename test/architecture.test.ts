import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect, test } from "vitest";

/** Each layer, what it may import of the project, and which packages. */
const layers: Record<string, { own: readonly string[]; packages: readonly string[] }> = {
  model: {
    own: ["model"],
    packages: ["zod", "simple-statistics", "pure-rand", "d3-random", "papaparse", "fastest-levenshtein", "node:crypto"],
  },
  storage: { own: ["storage"], packages: ["node:fs", "node:path"] },
  components: {
    own: ["components", "model", "storage", "package.json"],
    packages: ["@pulumi/pulumi", "@pulumi/libvirt", "@pulumi/command", "esbuild", "node:crypto", "node:fs", "node:path", "node:zlib"],
  },
  agent: { own: ["agent", "model"], packages: ["zod", "simple-statistics", "node:"] },
  analysis: {
    own: ["analysis", "model", "storage"],
    packages: [
      "zod",
      "simple-statistics",
      "jstat",
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
  import: {
    own: [
      "import",
      "model",
      "storage",
      "components/text-of.ts",
      "components/file-digest.ts",
      "analysis/foreign-file.ts",
      "analysis/say.ts",
    ],
    packages: ["zod", "yaml", "commander", "papaparse", "simple-statistics", "node:"],
  },
  update: {
    own: ["update", "model", "analysis/say.ts", "storage"],
    packages: ["@pulumi/pulumi/automation", "yaml", "log-update", "node:"],
  },
  sweep: {
    own: ["sweep", "model", "analysis", "storage", "components/sources.ts", "components/machine-host.ts", "components/machines.ts"],
    packages: ["@pulumi/pulumi/automation", "zod", "yaml", "commander", "log-update", "pure-rand", "simple-statistics", "node:"],
  },
};

const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));

/** Those that are there when the program runs. */
const valueImports = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^;=()]*?from "([^"]+)"/gm)].map((match) => match[1] ?? "");

const imports = (file: string) => [...readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)].map((match) => match[1] ?? "");

test.each(Object.entries(layers))("%s imports only what its place in the flow allows", (layer, { own, packages }) => {
  const strangers = sources(layer).flatMap((file) =>
    imports(file)
      .filter((path) =>
        path.startsWith(".")
          ? !own.some((allowed) => `${normalize(join(file, "..", path))}/`.startsWith(`${allowed}/`))
          : !packages.some((allowed) => path === allowed || path.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`)),
      )
      .map((path) => `${file}: ${path}`),
  );
  expect(strangers).toEqual([]);
});

test("a sweep knows Pulumi by the Automation API only, and in one file", () => {
  const importers = sources("sweep").filter((file) => imports(file).some((path) => path.startsWith("@pulumi/")));
  expect(importers).toEqual(["sweep/run/pulumi-stacks.ts"]);
  const reached = new Set(["components/sources.ts", "components/machine-host.ts"]);
  for (const file of reached)
    if (file.endsWith(".ts"))
      for (const path of valueImports(file)) reached.add(path.startsWith(".") ? normalize(join(file, "..", path)) : path);
  expect([...reached].filter((path) => path.includes("pulumi"))).toEqual([]);
});

/** The configuration's own keys, and what a record keeps of where it was measured. */
const mayNameLibvirt = ["capacity", "hypervisor-uri", "record", "saved-machines", "stack-configuration", "topology", "trial"];

test("what machines run on is known in components/libvirt/ alone", () => {
  const knowing = ["model", "agent", "analysis", "sweep"]
    .flatMap(sources)
    .filter((file) => !mayNameLibvirt.some((name) => file === `model/${name}.ts`))
    .flatMap(
      (file) =>
        readFileSync(file, "utf8")
          .match(/.*(libvirt|virsh|qemu|xslt|\bdomains?\b|schedfront-\$).*/gi)
          ?.map((line) => `${file}: ${line}`) ?? [],
    );
  expect(knowing).toEqual([]);
  const importers = sources("components").filter(
    (file) => !file.startsWith("components/libvirt/") && imports(file).some((path) => path.includes("/libvirt/")),
  );
  const names = (file: string) => imports(file).filter((path) => path.includes("/libvirt/"));
  expect(Object.fromEntries(importers.map((file) => [file, names(file)]))).toEqual({
    "components/benchmark.ts": ["./libvirt/machines.ts"],
    "components/machine-host.ts": ["./libvirt/host.ts"],
    "components/prepared-machines.ts": ["./libvirt/machines.ts"],
  });
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

test("whether a process lives is asked in one place of bash and in one of Node, for a signal reaches the dead, too", () => {
  const files = execFileSync("git", ["ls-files", "components", "sweep", "toolchain", "update", "images", "nix", "analysis"], {
    encoding: "utf8",
  });
  const asking = files
    .trim()
    .split("\n")
    .filter((file) => /kill -0|\bkill\([^)]*, 0\)|\/proc\/\$\{?\w+\}?\/stat\b/.test(readFileSync(file, "utf8")));
  expect(asking).toEqual(["components/scripts/processes.bash", "sweep/store/process-identity.ts"]);
});
