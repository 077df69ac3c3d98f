import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { geometricMean } from "simple-statistics";
import { expect, test } from "vitest";
import type { Section } from "../../../analysis/report/analysis.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { analysisOf, syntheticResults, temporaryFolder } from "./results.ts";

const kinds = ({ configurations }: Section) => Object.fromEntries(configurations.map(({ label, standing }) => [label, standing.kind]));
const find = (section: Section, label: string) => {
  const found = section.configurations.find((own) => own.label === label);
  if (found === undefined) throw new Error(`${label} is not one of ${section.configurations.map((own) => own.label).join("; ")}`);
  return found;
};
const first = (sections: readonly Section[]): Section => sections[0] as Section;

test("each fidelity has a section and a front of its own", () => {
  const { sections } = analysisOf(syntheticResults({ seeds: 3 })).analysis;
  expect(sections.map(({ fidelity, configurations }) => [fidelity, configurations.length])).toEqual([
    ["vm-emulated-cpu", 9],
    ["vm", 2],
  ]);
  for (const { configurations } of sections)
    expect(configurations.some(({ standing }) => standing.kind === "ranked" && standing.rank === 0)).toBe(true);
});

test("invalid, infeasible and missing are three things, and none of them is ranked", () => {
  const section = first(analysisOf(syntheticResults({ seeds: 3 })).analysis.sections);
  expect(kinds(section)).toEqual({
    "PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/backfill": "ranked",
    "PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/builtin": "ranked",
    "PriorityWeightJobSize=0 bf_interval=30 SchedulerType=sched/backfill": "ranked",
    "PriorityWeightJobSize=0 bf_interval=30 SchedulerType=sched/builtin": "invalid",
    "PriorityWeightJobSize=0 bf_interval=99 SchedulerType=sched/backfill": "infeasible",
    "PriorityWeightJobSize=1000 bf_interval=10 SchedulerType=sched/backfill": "ranked",
    "PriorityWeightJobSize=1000 bf_interval=10 SchedulerType=sched/builtin": "missing",
    "PriorityWeightJobSize=1000 bf_interval=30 SchedulerType=sched/backfill": "ranked",
    "PriorityWeightJobSize=1000 bf_interval=30 SchedulerType=sched/builtin": "ranked",
  });
});

test("a mean is over the seeds of valid trials alone", () => {
  const folder = syntheticResults({ seeds: 4 });
  const own = find(first(analysisOf(folder).analysis.sections), "PriorityWeightJobSize=1000 bf_interval=10 SchedulerType=sched/backfill");
  expect(own.trials.map(({ seed, status }) => `${seed} ${status}`)).toEqual(["1 invalid", "2 valid", "3 valid", "4 valid"]);
  const values = own.trials.slice(1).map(({ file }) => JSON.parse(readFileSync(file, "utf8")).objectives.responsiveness.value);
  expect(own.estimates.responsiveness?.value).toBeCloseTo(geometricMean(values), 12);
  const { low, high } = own.estimates.responsiveness?.interval ?? { low: Number.NaN, high: Number.NaN };
  expect(low).toBeLessThan(Math.min(...values));
  expect(high).toBeGreaterThan(Math.max(...values));
});

test("a configuration beyond a limit is infeasible, and says which", () => {
  const section = first(analysisOf(syntheticResults({ seeds: 2 }), { lossOfCapacity: 0.3 }).analysis.sections);
  const builtin = find(section, "PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/builtin");
  expect(builtin.standing).toEqual({ kind: "infeasible", reason: expect.stringMatching(/^β is 0\.\d+, the limit is 0\.3$/) });
  expect(find(section, "PriorityWeightJobSize=0 bf_interval=10 SchedulerType=sched/backfill").standing.kind).toBe("ranked");
});

test("what ended without a record belongs to the configuration that it was to measure", () => {
  const section = first(analysisOf(syntheticResults({ seeds: 2 })).analysis.sections);
  const own = find(section, "PriorityWeightJobSize=1000 bf_interval=30 SchedulerType=sched/backfill");
  expect(own.trials.find(({ seed }) => seed === "999")).toMatchObject({
    status: "missing",
    reason: "timeout: it took longer than 60 minutes",
  });
  expect(own.standing.kind).toBe("ranked");
});

test("a file that is no record is listed with its reason", () => {
  const { unreadable } = readTrials(syntheticResults({ seeds: 1 }));
  expect(unreadable.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^tuple\.topology: /), expect.stringMatching(/JSON/)]);
});

test("an empty folder gives an empty report", () => {
  const { analysis, jobs } = analysisOf(temporaryFolder());
  expect(analysis.sections).toEqual([]);
  expect(jobs).toEqual({});
});

test("one trial is a front without intervals", () => {
  const folder = syntheticResults({ seeds: 1 });
  const vm = analysisOf(folder).analysis.sections.find(({ fidelity }) => fidelity === "vm") as Section;
  expect(vm.front?.hypervolume).toMatchObject({ interval: null, reason: "needs 2 more seeds" });
  expect(vm.configurations.map(({ frontProbability }) => frontProbability)).toEqual([null, null]);
  expect(vm.cautions[0]).toBe("1 seed: a claim needs 10. Treat differences as hints.");
});

test("an objective of which only a bound is known says so", () => {
  const folder = syntheticResults({ seeds: 1 });
  const before = analysisOf(folder).analysis.sections.find(({ fidelity }) => fidelity === "vm") as Section;
  const file = before.configurations[0]?.trials[0]?.file ?? "";
  const record = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(
    file,
    JSON.stringify({
      ...record,
      objectives: { ...record.objectives, responsiveness: { ...record.objectives.responsiveness, lowerBound: true } },
    }),
  );
  const after = analysisOf(folder).analysis.sections.find(({ fidelity }) => fidelity === "vm") as Section;
  expect(after.configurations[0]?.trials[0]?.lowerBounds).toEqual(["responsiveness"]);
  expect(after.cautions).toContain(
    "In 1 trial an objective is a lower bound (≥), for jobs were cut off: the true value may be higher. It counts as the worst that it may be.",
  );
});

test("seeds that were run twice tell the minimum detectable difference", () => {
  const once = first(analysisOf(syntheticResults({ seeds: 3 })).analysis.sections);
  expect(once.detectable).toEqual([]);
  const twice = first(analysisOf(syntheticResults({ seeds: 3, repetitions: 2 })).analysis.sections);
  const [found] = twice.detectable.filter(({ objective }) => objective === "lossOfCapacity");
  expect(found?.pairs).toBe(3);
  expect(found?.plan?.detectable).toBeGreaterThan(0);
  expect(found?.plan?.seeds.map(({ share }) => share)).toEqual([0.05, 0.1, 0.2]);
});

test("a parameter's effect is told of those that varied alone", () => {
  const { effects } = first(analysisOf(syntheticResults({ seeds: 5 })).analysis.sections);
  const found = effects.find(({ parameter, objective }) => parameter === "scheduler.SchedulerType" && objective === "loss of capacity");
  // 0.4 for builtin against 0.18 for backfill.
  expect(found).toMatchObject({ from: "sched/backfill", to: "sched/builtin", moves: true });
  expect(found?.change?.value).toBeGreaterThan(0.15);
  expect(found?.change?.value).toBeLessThan(0.29);
});

test("a table that was changed after its record is not drawn", () => {
  const folder = syntheticResults({ seeds: 1 });
  const before = analysisOf(folder);
  const [run] = first(before.analysis.sections).configurations.flatMap(({ trials }) => trials.flatMap(({ runs }) => runs));
  expect(before.jobs[run?.id ?? ""]?.length).toBe(60);
  writeFileSync(join(folder, run?.table ?? ""), "job_id\n");
  const after = analysisOf(folder);
  const same = first(after.analysis.sections)
    .configurations.flatMap(({ trials }) => trials.flatMap(({ runs }) => runs))
    .find(({ id }) => id === run?.id);
  expect(same?.problem).toBe("the table is not the one that the record was made from: its sha256 differs");
  expect(after.jobs[run?.id ?? ""]).toBeUndefined();
});

test("waits are of the jobs behind the warm-up", () => {
  const { configurations } = first(analysisOf(syntheticResults({ seeds: 2 })).analysis.sections);
  const own = configurations.find(({ standing }) => standing.kind === "ranked");
  // 60 jobs less six that the table says are warm-up, of two seeds.
  expect(own?.waits?.jobs).toBe(108);
  expect(own?.waits?.quantiles.length).toBe(101);
  expect(own?.slowdowns?.quantiles[0]).toBeGreaterThanOrEqual(1);
});

test("what was written before records had a version is read, with its jobs and its sweep's file", () => {
  const { analysis, jobs } = analysisOf("test/model/fixtures/records/unversioned");
  const [trial, ...others] = analysis.sections.flatMap(({ configurations }) => configurations.flatMap((own) => own.trials));
  expect([others, analysis.unreadable]).toEqual([[], []]);
  expect(trial).toMatchObject({ status: "valid", lowerBounds: ["responsiveness"], sweep: { name: "s", repetition: 0 } });
  expect(Object.values(jobs).map((rows) => rows.length)).toEqual([3]);
});
