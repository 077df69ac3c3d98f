import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { agentDigest, imageSourcesDigest, programDigest } from "../components/sources.ts";
import { parseTuple } from "../model/tuple.ts";

/** What a result depends on, shown on a copy of the project that is edited. */

const project = mkdtempSync(join(tmpdir(), "schedfront-identity-"));
const parts = ["agent", "analysis", "ansible", "components", "images", "model", "nix", "storage", "sweep", "sweeps", "toolchain"];
const files = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "index.ts",
  "Pulumi.yaml",
  "Pulumi.slurm-2node.yaml",
  "Pulumi.slurm-4node.yaml",
];
for (const path of [...parts, ...files]) cpSync(path, join(project, path), { recursive: true });
symlinkSync(resolve("node_modules"), join(project, "node_modules"));
afterAll(() => rmSync(project, { recursive: true }));

const tuple = parseTuple({
  topology: { compute: [{ count: 2 }] },
  scheduler: { kind: "slurm" },
  workloads: [{ kind: "burst" }, { kind: "osu", test: "latency", binary: { path: "/osu", sha256: "0".repeat(64) } }],
});

const digests = async () => [await programDigest(tuple, project), imageSourcesDigest(tuple, project)];

/** An edit of one file, which is taken back. */
async function withEdit<T>(path: string, edit: (text: string) => string, look: () => T | Promise<T>): Promise<T> {
  const file = join(project, path);
  const text = readFileSync(file, "utf8");
  const edited = edit(text);
  expect(edited).not.toBe(text);
  writeFileSync(file, edited);
  try {
    return await look();
  } finally {
    writeFileSync(file, text);
  }
}

const comment = (text: string) => `${text}\n// It says the same.\n`;
const code = (text: string) => `${text}\nconsole.error("another program");\n`;
const line = (text: string) => `${text}\n# another line\n`;

describe("a result does not depend on", () => {
  test.each<[string, string, (text: string) => string]>([
    ["a comment in a parser of the suite", "model/workloads/osu.ts", comment],
    ["a comment in its adapter", "agent/schedulers/slurm.ts", comment],
    ["another scheduler's adapter", "agent/schedulers/volcano.ts", code],
    ["another scheduler's model", "model/schedulers/flux.ts", code],
    ["another scheduler's role", "ansible/roles/scheduler_volcano/tasks/main.yml", line],
    ["another scheduler's module for NixOS", "nix/schedulers/volcano.nix", line],
    ["a workload that the suite does not have", "model/workloads/hpl.ts", code],
    ["the tests of the image", "nix/test/checks.nix", line],
    ["one more scheduler", "model/schedulers/all.ts", (text) => `${text}export { toy } from "./toy.ts";\n`],
    [
      "the versions of what it is developed with",
      "package-lock.json",
      (text) => text.replace('"node_modules/vitest"', '"node_modules/vitest-2"'),
    ],
    [
      "its development dependencies",
      "package.json",
      (text) => text.replace('"devDependencies": {', '"devDependencies": { "left-pad": "1.0.0",'),
    ],
    ["how a sweep looks", "sweep/cli/status.ts", code],
  ])("%s", async (_, path, edit) => {
    const before = await digests();
    expect(await withEdit(path, edit, digests)).toEqual(before);
  });
});

describe("a result depends on", () => {
  test.each<[string, string, (text: string) => string, number]>([
    ["its adapter", "agent/schedulers/slurm.ts", code, 0],
    ["how jobs are driven", "agent/driver.ts", (text) => text.replace("submissionsAtOnce = 16", "submissionsAtOnce = 15"), 0],
    ["a parser of the suite", "model/workloads/osu.ts", code, 0],
    ["a default of its scheduler's", "model/schedulers/slurm.ts", (text) => text.replace("sched/backfill", "sched/builtin"), 0],
    ["how an objective is reckoned", "model/objectives.ts", code, 0],
    ["a template of its role's", "ansible/roles/scheduler_slurm/templates/gres.conf.j2", line, 0],
    ["a template of the nodes' role", "ansible/roles/node/templates/chrony.conf.j2", line, 0],
    ["what builds its image", "images/debian/build", line, 1],
  ])("%s", async (_, path, edit, which) => {
    const before = await digests();
    const edited = await withEdit(path, edit, digests);
    expect(edited.map((digest, i) => digest !== before[i])).toEqual([which === 0, which === 1]);
  });

  test("what builds the programs of its scheduler, where these are in no package", async () => {
    const volcano = { ...tuple, scheduler: parseTuple({ ...tuple, scheduler: { kind: "volcano" } }).scheduler };
    const digest = () => imageSourcesDigest(volcano, project);
    const [before, own] = [digest(), imageSourcesDigest(tuple, project)];
    expect(await withEdit("toolchain/kubernetes/build", line, digest)).not.toBe(before);
    expect(await withEdit("toolchain/kubernetes/build", line, () => imageSourcesDigest(tuple, project))).toBe(own);
  });
});

test("a kernel's baseline depends on no scheduler", async () => {
  const digest = () => agentDigest({ scheduler: null, workloads: ["hpl"] }, project);
  const before = await digest();
  expect(await withEdit("agent/schedulers/slurm.ts", code, digest)).toBe(before);
  expect(await withEdit("model/schedulers/slurm.ts", code, digest)).toBe(before);
  expect(await withEdit("agent/bare.ts", code, digest)).not.toBe(before);
});

test("sweep plan --json shows the ids, which stay through a comment and change with a template", async () => {
  const ids = () => {
    const { stdout, stderr } = spawnSync("node", ["--import", "tsx", "sweep/cli/main.ts", "plan", "backfill", "--json"], {
      cwd: project,
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    return (JSON.parse(stdout).trials as { id: string; key: object }[]).map(({ id, key }) => ({ id, parts: Object.keys(key) }));
  };
  const before = ids();
  expect(before).toHaveLength(12);
  expect(before[0]?.parts).toEqual(["tuple", "image", "program", "repetition"]);
  expect(await withEdit("model/workloads/hpl.ts", comment, ids)).toEqual(before);
  const known = new Set(before.map(({ id }) => id));
  const changed = await withEdit("ansible/roles/scheduler_slurm/templates/gres.conf.j2", line, ids);
  expect(changed.filter(({ id }) => known.has(id))).toEqual([]);
});
