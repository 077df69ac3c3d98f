import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare, verdictText } from "../analysis/compare.ts";
import { readAnchors } from "../analysis/report/anchors-file.ts";
import { readTrials } from "../analysis/report/read-trials.ts";
import { writeReport } from "../analysis/report/write-report.ts";
import { summary } from "../analysis/summary.ts";
import type { HypervisorFacts } from "../model/capacity.ts";
import { sha256 } from "../model/identity.ts";
import { type DeclaredObjective, objectiveList } from "../model/objectives.ts";
import { parseOutputs, parseRecord, type TrialRecord } from "../model/record.ts";
import { trial } from "../model/trial.ts";
import type { TrialFile } from "../model/trial-file.ts";
import { parseTuple } from "../model/tuple.ts";
import { statusText } from "../sweep/cli/status.ts";
import { standings } from "../sweep/plan/plan.ts";
import type { PlannedTrial } from "../sweep/plan/trials.ts";
import { TrialStore } from "../sweep/store/trial-store.ts";
import { facts } from "./model/hypervisor-facts.ts";
import { interval, trialsOf, unmeasured } from "./sweep/fixtures.ts";

/** A fifth objective is this entry and nothing else. Of the first four γ alone is measured here. */
const goodput: DeclaredObjective = {
  key: "goodput",
  symbol: "ζ",
  name: "jobs through the scheduler",
  unit: "jobs per s",
  better: "higher",
  scale: "log",
  againstNodes: "Jobs per second at each number of nodes.",
  formula: "jobs ÷ (last end − first submit)",
  measuredBy: "`burst`",
  from: ({ runs }) => {
    const [found] = runs.flatMap(({ run }) => run.metrics.filter(({ name }) => name === "throughput"));
    return found?.lowerBound ? { value: found.value ?? 0, lowerBound: true } : (found?.value ?? "the suite has no burst");
  },
};
const declared: readonly DeclaredObjective[] = [...objectiveList, goodput];

const hypervisor: HypervisorFacts = { ...facts, cpus: 64 };

interface Made {
  readonly nodes: number;
  readonly interval: number;
  readonly seed: number;
  readonly throughput: number;
  readonly isBound?: boolean;
}

/** What the program writes of one burst. */
function recordOf({ nodes, interval, seed, throughput, isBound = false }: Made): TrialRecord {
  const tuple = parseTuple({
    topology: { compute: [{ count: nodes }] },
    scheduler: { kind: "slurm", SchedulerParameters: { bf_interval: interval } },
    workloads: [{ kind: "burst", seed }],
  });
  const run = {
    workload: "burst",
    mode: "scheduler" as const,
    seed,
    jobs: { submitted: 1, completed: 1, failed: 0, timeout: 0, cancelled: 0, outOfMemory: 0, censored: 0 },
    metrics: [
      { name: "controlPlaneCost", value: 500 + seed, unit: "ms per job" },
      { name: "throughput", value: throughput, unit: "jobs per s", ...(isBound ? { lowerBound: true as const } : {}) },
    ],
    figures: [],
    doubts: [],
    tables: [],
  };
  return trial(
    {
      tuple,
      runs: [{ purpose: "burst", run }],
      image: { backend: "debian", disk: "", kernel: "", initrd: "", commandLine: "", digest: "sha256:1", manifest: "/m" },
      hypervisor,
      domainType: "kvm",
      start: "booted",
      network: { asked: { profile: "unshaped", bandwidthGbitPerSecond: null, latencyMicroseconds: 0 }, paths: [] },
      verified: { version: "slurm", effective: {}, digest: "", canary: [] },
      program: { version: "1", sources: "" },
    },
    declared,
  );
}

/** Jobs per second rise with the seed, so that two configurations are told apart by pairs. */
const seeds = [1, 2, 3, 4, 5];
const slow = (seed: number) => 2 + seed / 10;
const fast = (seed: number) => 2 * slow(seed) + seed / 100;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "schedfront-fifth-"));
});
afterAll(() => rmSync(home, { recursive: true }));

describe("the record", () => {
  const record = recordOf({ nodes: 2, interval: 10, seed: 1, throughput: 3 });

  test("has it, and is read with it", () => {
    expect(record.objectives.goodput).toEqual({
      symbol: "ζ",
      name: "jobs through the scheduler",
      unit: "jobs per s",
      better: "higher",
      scale: "log",
      value: 3,
    });
    expect(parseRecord(JSON.parse(JSON.stringify(record)), declared)).toEqual(record);
  });

  test("without the entry is refused, and one from before the entry lacks it", () => {
    expect(() => parseRecord(record)).toThrow(/objectives\.goodput: is not one of responsiveness, /);
    const { goodput: _, ...objectives } = record.objectives;
    expect(parseRecord({ ...record, objectives }, declared).objectives.goodput).toMatchObject({
      value: null,
      reason: "the program that measured did not know this objective",
    });
  });

  test("prints it in the summary's table, with its direction", () => {
    const { tuple: _, runs: __, ...parts } = record;
    const outputs = parseOutputs({ ...parts, record: { path: "results/x/trial.json", sha256: "1".repeat(64) } }, declared);
    expect(summary("s", outputs)).toMatch(/^ {2}objective, lower is better, higher of ζ +value +unit +remarks$/m);
    expect(summary("s", outputs)).toMatch(/^ {2}ζ jobs through the scheduler +3 +jobs per s$/m);
  });
});

describe("the report", () => {
  const write = (folder: string, made: readonly Made[]) =>
    made.forEach((own, i) => {
      mkdirSync(join(folder, `stack-${i}`), { recursive: true });
      writeFileSync(join(folder, `stack-${i}`, "trial-1.json"), JSON.stringify(recordOf(own)));
    });
  const reported = async (folder: string, limits: Readonly<Record<string, number>> = {}) => {
    const trials = readTrials(folder, declared);
    expect(trials.unreadable).toEqual([]);
    const request = { trials, limits, anchors: null, jobRows: 0, generated: "2026-01-01T00:00:00.000Z", declared };
    const analysis = await writeReport(request, join(folder, "report"));
    return { analysis, read: (file: string) => readFileSync(join(folder, "report", file), "utf8") };
  };
  const twoByTwo = [2, 4].flatMap((nodes) =>
    seeds.flatMap((seed) => [
      { nodes, interval: 10, seed, throughput: slow(seed) },
      { nodes, interval: 30, seed, throughput: fast(seed) },
    ]),
  );

  test("ranks by it, and has it in the page, the files and the figures", async () => {
    const folder = join(home, "report");
    write(folder, twoByTwo);
    const { analysis, read } = await reported(folder);
    expect(analysis.sections).toHaveLength(2);
    for (const section of analysis.sections) {
      const byLabel = Object.fromEntries(section.configurations.map((own) => [own.label, own]));
      const [loser, winner] = [byLabel["bf_interval=10"], byLabel["bf_interval=30"]];
      expect(winner?.standing).toEqual({ kind: "ranked", rank: 0 });
      expect(loser?.standing).toEqual({ kind: "ranked", rank: 1 });
      expect(winner?.estimates.goodput?.value).toBeCloseTo(seeds.reduce((product, seed) => product * fast(seed), 1) ** (1 / 5), 9);
      const anchors = section.front?.anchors.find(({ objective }) => objective === "goodput");
      expect(anchors?.ideal).toBeCloseTo(winner?.estimates.goodput?.value ?? 0, 9);
      const effect = section.effects.find(({ objective }) => objective === goodput.name);
      expect(effect?.change?.value).toBeCloseTo(2.02, 1);
      const claim = section.dominance.find(({ configuration }) => configuration === winner?.id);
      expect(claim?.probability).toBe(1);
    }
    expect(JSON.parse(read("analysis.json")).sections[0].objectives).toContainEqual({
      key: "goodput",
      symbol: "ζ",
      name: "jobs through the scheduler",
      unit: "jobs per s",
      better: "higher",
      scale: "log10",
    });
    const { data } = Papa.parse<Record<string, string>>(read("trials.csv"), { header: true, skipEmptyLines: true });
    expect(data.map(({ goodput: value }) => Number(value)).sort()).toEqual(twoByTwo.map(({ throughput }) => throughput).sort());
    const page = read("report.html").replace(/<script.*?<\/script>/gs, "");
    expect(page).toContain("ζ jobs through the scheduler");
    expect(page).toContain("Lower is better, higher of ζ.");
    expect(page).toContain("Means of γ, ζ are geometric");
    const figures = readdirSync(join(folder, "report", "figures"));
    expect(figures).toEqual(
      expect.arrayContaining([
        "section-1-scatter-controlPlaneCost-goodput.svg",
        "section-1-parallel.svg",
        "scaling-1.svg",
        "scaling-2.svg",
      ]),
    );
    expect(page).toContain("Upper left is better.");
    expect(page).toContain("Jobs per second at each number of nodes.");
  });

  test("takes a limit for the least, and anchors with the ideal above the nadir", async () => {
    const folder = join(home, "limited");
    write(folder, twoByTwo.slice(0, 10));
    const { analysis } = await reported(folder, { goodput: 3 });
    const standing = Object.fromEntries(analysis.sections[0]?.configurations.map((own) => [own.label, own.standing]) ?? []);
    expect(standing["bf_interval=10"]).toEqual({ kind: "infeasible", reason: expect.stringMatching(/^ζ is 2\.\d+, the limit is 3$/) });
    expect(standing["bf_interval=30"]).toMatchObject({ kind: "ranked" });
    const file = join(home, "anchors.json");
    writeFileSync(file, '{"goodput": {"ideal": 9, "nadir": 2}}');
    expect(readAnchors(file, declared)).toEqual({ goodput: { ideal: 9, nadir: 2 } });
    writeFileSync(file, '{"goodput": {"ideal": 2, "nadir": 9}}');
    expect(() => readAnchors(file, declared)).toThrow("goodput: the ideal must be above the nadir: higher is better");
    expect(() => readAnchors(file)).toThrow(/goodput: is not one of responsiveness, /);
  });

  test("a lower bound of it is shown, and counts as the worst that it may be", async () => {
    const folder = join(home, "bounded");
    write(
      folder,
      twoByTwo.slice(0, 10).map((own) => ({ ...own, isBound: own.interval === 30 })),
    );
    const { analysis } = await reported(folder);
    const bounded = analysis.sections[0]?.configurations.find(({ label }) => label === "bf_interval=30");
    expect(bounded?.standing).toEqual({ kind: "ranked", rank: 0 });
    expect(bounded?.estimates.goodput).toMatchObject({ lowerBound: true, interval: null });
  });
});

describe("a sweep", () => {
  const planned = trialsOf({ axes: { [interval]: [10, 30] }, seeds });
  /** As the sweep's file keeps it. */
  const fileOf = (own: PlannedTrial, throughput: number, isBound = false): TrialFile => {
    const made = recordOf({ nodes: 2, interval: own.values[interval] as number, seed: own.seed, throughput, isBound });
    const record = { path: "results/x/trial.json", sha256: sha256(own.id) };
    return { ...unmeasured(own), outcome: { kind: "completed", fidelity: "vm", objectives: made.objectives, doubts: [], record } };
  };
  const stored = (name: string, value: (seed: number) => number, isBound = false) => {
    const store = new TrialStore(join(home, name), declared);
    for (const own of planned) store.write(fileOf(own, value(own.seed), isBound));
    const { trials, unreadable } = store.list();
    expect(unreadable).toEqual([]);
    expect(store.read(planned[0]?.id ?? "")).toMatchObject({ outcome: { objectives: { goodput: { unit: "jobs per s" } } } });
    return { name, trials, picked: {} };
  };

  test("tells its mean in the status", () => {
    const { trials } = stored("status", () => 7.25);
    const text = statusText("s", standings(planned, trials, false), { held: [], left: [] }, declared);
    expect(text).toMatch(/^ {2}configuration +ended +of +α +β +γ +δ +ζ$/m);
    expect(text).toMatch(/^ {2}bf_interval=10 +5 +5 +— +— +503 +— +7\.25$/m);
  });

  test("compares it: fewer jobs per second are worse, more are better", () => {
    const [before, after] = [stored("slow", slow), stored("fast", fast)];
    const of = (a: typeof before, b: typeof before, margin = 0) =>
      compare(a, b, margin).flatMap(({ objective, verdict }) => (objective === "goodput" ? [verdict] : []));
    expect(of(before, after)).toEqual(["better", "better"]);
    expect(of(after, before)).toEqual(["worse", "worse"]);
    expect(of(after, before, 2)).toEqual(["no difference told", "no difference told"]);
    expect(verdictText(compare(after, before))).toContain("worse: goodput of bf_interval=10");
    expect(of(before, stored("bounded-fast", fast, true))).toEqual(["better", "better"]);
    expect(of(after, stored("bounded-slow", slow, true))).toEqual(["no difference told", "no difference told"]);
    expect(of(stored("bounded-baseline", slow, true), after)).toEqual(["no difference told", "no difference told"]);
  });
});
