import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../../analysis/report/analyse.ts";
import type { Section } from "../../../analysis/report/analysis.ts";
import { readAnchors } from "../../../analysis/report/anchors-file.ts";
import { acrossFigures } from "../../../analysis/report/figures/figures.ts";
import { page } from "../../../analysis/report/page/page.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { analysisOf, syntheticResults, temporaryFolder } from "./results.ts";

/** What an independent referee found wrong, each with records that show it. The records are those of two configurations on machines with KVM. */

type Record = ReturnType<typeof JSON.parse>;

function changed(seeds: number, change: (record: Record, isFirst: boolean) => void): string {
  const folder = syntheticResults({ seeds });
  for (const file of readdirSync(join(folder, "tables")).filter((name) => name.endsWith(".json"))) {
    const path = join(folder, "tables", file);
    const record = JSON.parse(readFileSync(path, "utf8"));
    if (record.fidelity !== "vm") continue;
    change(record, record.tuple.scheduler.PriorityWeightJobSize === 0);
    writeFileSync(path, JSON.stringify(record));
  }
  return folder;
}

const machines = (folder: string): readonly Section[] => analysisOf(folder).analysis.sections.filter(({ fidelity }) => fidelity === "vm");
const only = (folder: string): Section => {
  const [section, ...others] = machines(folder);
  expect(others).toEqual([]);
  return section as Section;
};
const basis = (record: Record, name: string, words: string) => record.runs[0].run.metrics.push({ name, value: 1, unit: "1", basis: words });
const text = (folder: string) => page({ ...analysisOf(folder), style: "", script: "" });

test("1: an objective that rests on nodes here and on cores there is dropped, with the reason in words", () => {
  const folder = changed(3, (record, isFirst) => basis(record, "lossOfCapacity", isFirst ? "free nodes" : "free cores"));
  const { objectives, unmeasured, front } = only(folder);
  expect(objectives.map(({ symbol }) => symbol)).toEqual(["α", "γ", "δ"]);
  expect(front?.anchors.map(({ objective }) => objective)).not.toContain("lossOfCapacity");
  expect(unmeasured).toEqual([
    { symbol: "β", name: "loss of capacity", reason: "not comparable: free nodes in 3 trials, free cores in 3 trials" },
  ]);
  expect(text(folder)).toContain("β loss of capacity: not comparable: free nodes in 3 trials, free cores in 3 trials.");
});

test("1: where nothing rests on the same, each has a section and a front of its own", () => {
  const folder = changed(3, (record, isFirst) => {
    basis(record, "meanBoundedSlowdown", isFirst ? "starts told by the jobs" : "starts told by the scheduler");
    basis(record, "lossOfCapacity", isFirst ? "free nodes" : "free cores");
    for (const key of ["controlPlaneCost", "deliveredPerformanceLoss"])
      Object.assign(record.objectives[key], { value: null, reason: "none" });
  });
  const sections = machines(folder);
  expect(sections.map(({ configurations, objectives }) => [configurations.length, objectives.length])).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test("1: machines that were restored are not compared with machines that were booted", () => {
  const folder = changed(3, (record, isFirst) => Object.assign(record.provenance, { start: isFirst ? "booted" : "restored" }));
  expect(machines(folder).map(({ scale }) => scale.replace(/.* image/, ""))).toEqual(["", ", machines restored"]);
});

/** A is worse than B on every seed that both have, by a tenth, and its five heavy seeds are invalid. */
test("2: lost heavy seeds do not put a configuration on the front, and are told", () => {
  const folder = changed(10, (record, isFirst) => {
    const { seed } = record.runs[0].run;
    const values = { responsiveness: 5, lossOfCapacity: 0.1, controlPlaneCost: 500, deliveredPerformanceLoss: 0.1 };
    for (const [key, value] of Object.entries(values))
      record.objectives[key].value = value * (1 + seed / 100) * (isFirst ? 1.1 : 1) * (seed > 5 ? 6 : 1);
    if (!isFirst || seed <= 5) return;
    record.validity = { valid: false, doubts: [{ code: "driver late", severity: "invalid", message: "P99 lateness 7.2 s" }] };
  });
  const { configurations, seeds, dominance, cautions } = only(folder);
  expect(seeds).toBe(5);
  expect(configurations.map(({ standing, frontProbability }) => [standing, frontProbability])).toEqual([
    [{ kind: "ranked", rank: 1 }, 0],
    [{ kind: "ranked", rank: 0 }, 1],
  ]);
  expect(configurations[0]?.epsilon).toBeGreaterThan(0);
  expect(configurations[1]?.epsilon).toBe(0);
  expect(dominance.filter(({ dominates }) => dominates)).toMatchObject([{ configuration: "B", other: "A", seeds: 5 }]);
  expect(cautions).toContain("A: 5 of 10 trials invalid (driver late).");
  expect(cautions).toContain("5 of 10 seeds have a valid trial of every ranked configuration: means and comparisons use these alone.");
});

test("6: a lower bound is written ≥, has no interval, and wins nothing", () => {
  const folder = changed(6, (record, isFirst) => {
    for (const key of ["lossOfCapacity", "controlPlaneCost", "deliveredPerformanceLoss"])
      Object.assign(record.objectives[key], { value: null, reason: "none" });
    Object.assign(record.objectives.responsiveness, isFirst ? { value: 9, lowerBound: true } : { value: 10 });
  });
  const { configurations, dominance } = only(folder);
  expect(configurations.map(({ standing }) => standing)).toEqual([
    { kind: "ranked", rank: 1 },
    { kind: "ranked", rank: 0 },
  ]);
  expect(configurations[0]?.estimates.responsiveness).toEqual({
    value: expect.closeTo(9, 9),
    interval: null,
    reason: "a lower bound",
    lowerBound: true,
  });
  expect(dominance.filter(({ dominates, probability }) => dominates || (probability ?? 0) > 0)).toEqual([]);
  expect(text(folder)).toContain("≥ 9<br>");
});

test("7: given anchors stay, whatever trials there are, and a report writes its own in the form that it reads", () => {
  const [few, many] = [syntheticResults({ seeds: 3 }), syntheticResults({ seeds: 5 })];
  const file = join(temporaryFolder(), "anchors.json");
  const anchors = { responsiveness: { ideal: 2, nadir: 40 }, lossOfCapacity: { ideal: 0, nadir: 1 } };
  writeFileSync(file, JSON.stringify(anchors));
  const frontOf = (folder: string) =>
    analyse({ trials: readTrials(folder), limits: {}, anchors: readAnchors(file), jobRows: 0, generated: "" }).analysis.sections.find(
      ({ fidelity }) => fidelity === "vm",
    )?.front;
  for (const folder of [few, many])
    expect(frontOf(folder)?.anchors.slice(0, 2)).toEqual([
      { objective: "responsiveness", ideal: 2, nadir: 40, scale: "log10" },
      { objective: "lossOfCapacity", ideal: 0, nadir: 1, scale: "linear" },
    ]);
  writeFileSync(file, '{"responsiveness": {"ideal": 5, "nadir": 2}}');
  expect(() => readAnchors(file)).toThrow(/responsiveness: the ideal must be below the nadir/);
});

test("8: a saturated stream has no α, and the page says why above everything else", () => {
  const folder = changed(3, (record, isFirst) => {
    if (isFirst)
      record.validity.doubts.push({ code: "saturated", severity: "caution", message: "jobs need 1.2 times what the machine has" });
  });
  const { configurations, cautions } = only(folder);
  const [saturated, steady] = configurations;
  expect(saturated?.estimates.responsiveness).toBeNull();
  expect(saturated?.usability.unusableFor).toEqual({ saturated: "α" });
  expect(saturated?.usability.reservations).toEqual(["cores shared (α, β, γ, δ)"]);
  expect(steady?.usability).toEqual({ unusableFor: {}, reservations: ["cores shared (α, β, γ, δ)"] });
  expect(cautions).toContain("A: saturated in 3 of 3 trials. α grows with the stream; its number is no result.");
  const shown = text(folder);
  expect(shown).toContain("not usable for α: saturated; with reservations: cores shared (α, β, γ, δ)");
  expect(shown).toContain('<td class="number">saturated</td>');
});

test("8: a sweep over the load draws α against it, and names where it saturates", () => {
  const folder = changed(3, (record, isFirst) => {
    const stream = record.tuple.workloads.find(({ kind }: { kind: string }) => kind === "jobstream");
    // Two loads of one configuration in place of two configurations at one load.
    Object.assign(record.tuple.scheduler, { PriorityWeightJobSize: 0, partitions: [] });
    stream.load = isFirst ? 0.7 : 1.2;
    if (!isFirst) record.validity.doubts.push({ code: "saturated", severity: "caution", message: "too much" });
  });
  const [figure] = acrossFigures(analysisOf(folder).analysis);
  expect(figure?.rows.map(({ load, saturated }) => [load, saturated])).toEqual([
    [0.7, "false"],
    [1.2, "true"],
  ]);
  expect(figure?.caption).toContain("saturates between a load of 0.7 and 1.2.");
});
