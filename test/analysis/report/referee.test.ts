import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../../analysis/report/analyse.ts";
import type { Section } from "../../../analysis/report/analysis.ts";
import { anchorsText, readAnchors } from "../../../analysis/report/anchors-file.ts";
import { acrossFigures } from "../../../analysis/report/figures/figures.ts";
import { page } from "../../../analysis/report/page/page.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { basis, findings, type RawRecord, writeChangedRecords } from "./referee-records.ts";
import { analysisOf, syntheticResults, temporaryFolder } from "./results.ts";

/** What an independent referee found wrong, each with records that show it. The records are those of two configurations on machines with KVM. */

type Record = RawRecord;

const changed = (seeds: number, change: (record: Record, isFirst: boolean) => void): string =>
  writeChangedRecords(temporaryFolder(), seeds, change);

/** The records of a finding as print-referee.ts writes them. */
function found(name: string): string {
  const { seeds, change } = findings[name] as (typeof findings)[string];
  return changed(seeds, change);
}

const machines = (folder: string): readonly Section[] => analysisOf(folder).analysis.sections.filter(({ fidelity }) => fidelity === "vm");
const only = (folder: string): Section => {
  const [section, ...others] = machines(folder);
  expect(others).toEqual([]);
  return section as Section;
};
const text = (folder: string) => page({ ...analysisOf(folder), style: "", script: "" });

test("1: an objective that rests on nodes here and on cores there is dropped, with the reason in words", () => {
  const folder = found("1-bases-differ");
  const { objectives, unmeasured, front } = only(folder);
  expect(objectives.map(({ symbol }) => symbol)).toEqual(["α", "γ", "δ"]);
  expect(front?.anchors.map(({ objective }) => objective)).not.toContain("lossOfCapacity");
  expect(unmeasured).toEqual([
    { symbol: "β", name: "loss of capacity", reason: "not comparable: free nodes in 5 trials, free cores in 5 trials" },
  ]);
  expect(text(folder)).toContain("β loss of capacity: not comparable: free nodes in 5 trials, free cores in 5 trials.");
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

test("2: lost heavy seeds do not put a configuration on the front, and are told", () => {
  const folder = found("2-heavy-seeds-lost");
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
  const folder = found("6-lower-bound");
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
  // What is at least 9 may be below 10, or not.
  expect(configurations.map(({ frontProbability }) => frontProbability)).toEqual([null, null]);
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
  const folder = found("8-saturated");
  const { configurations, cautions } = only(folder);
  const [saturated, steady] = configurations;
  expect(saturated?.estimates.responsiveness).toBeNull();
  expect(saturated?.usability.unusableFor).toEqual({ saturated: "α" });
  expect(saturated?.usability.reservations).toEqual(["cores shared (α, β, γ, δ)"]);
  expect(steady?.usability).toEqual({ unusableFor: {}, reservations: ["cores shared (α, β, γ, δ)"] });
  expect(cautions).toContain("A: saturated in 5 of 5 trials. α grows with the stream; its number is no result.");
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

test("8: where every stream is saturated α is no objective, and the page says why", () => {
  const folder = changed(3, (record) => {
    record.validity.doubts.push({ code: "saturated", severity: "caution", message: "jobstream seed 1: too much" });
  });
  const { objectives, unmeasured, configurations } = only(folder);
  expect(objectives.map(({ symbol }) => symbol)).toEqual(["β", "γ", "δ"]);
  expect(unmeasured).toEqual([{ symbol: "α", name: "mean bounded slowdown", reason: "not usable: saturated in all 6 trials" }]);
  expect(configurations[0]?.usability.unusableFor).toEqual({ saturated: "α" });
});

const beside = (record: Record, index: number, name: string, value: number, words?: string) =>
  record.runs[index].run.metrics.push({ name, value, unit: "1", ...(words === undefined ? {} : { basis: words }) });
/** Where the record has its run of this purpose; one that it lacks is made from its first. */
function purposed(record: Record, purpose: string): number {
  const found = record.runs.findIndex((own: { purpose: string }) => own.purpose === purpose);
  if (found >= 0) return found;
  const { run } = record.runs[0];
  return record.runs.push({ purpose, run: { ...run, workload: purpose, metrics: [], tables: [] } }) - 1;
}

test("10: with compression the share of α that is launching stands beside it", () => {
  const folder = changed(3, (record, isFirst) => {
    const stream = purposed(record, "stream");
    beside(record, stream, "meanBoundedSlowdown", 20);
    beside(record, stream, "meanBoundedSlowdownWithLaunchingCompressed", isFirst ? 5 : 19);
  });
  expect(only(folder).configurations.map((own) => own.beside.launchingShare)).toEqual([expect.closeTo(0.75), expect.closeTo(0.05)]);
  expect(text(folder)).toContain("share of α");
});

test("11: what ran beside other work is left out, and only where that ran", () => {
  const loaded = (seeds: number, all: boolean) =>
    changed(seeds, (record, isFirst) => {
      if (all || (isFirst && record.runs[0].run.seed === 1))
        record.validity.doubts.push({ code: "host loaded", severity: "caution", message: "burst seed 1: other work took 1 of 2 cores" });
    });
  const some = only(loaded(4, false));
  expect(some.seeds).toBe(3);
  expect(some.cautions).toContain("A: 1 of 4 trials invalid (host loaded).");
  expect(some.configurations[0]?.trials.map(({ status, reason }) => [status, reason])[0]).toEqual(["invalid", "host loaded: γ not usable"]);
  const every = only(loaded(3, true));
  expect(every.objectives.map(({ symbol }) => symbol)).toEqual(["α", "β", "δ"]);
  expect(every.unmeasured).toContainEqual({
    symbol: "γ",
    name: "control-plane cost",
    reason: "not usable: host loaded in all 6 trials",
  });
  expect(every.configurations[0]?.usability.unusableFor).toEqual({ "host loaded": "γ" });
  expect(every.configurations[0]?.standing.kind).toBe("ranked");
});

test("13: γ of one burst, as older records have it, is never compared with the slope between two", () => {
  const folder = changed(3, (record, isFirst) => {
    const words = isFirst ? "last cleaned" : "slope between two bursts, slots for all jobs, last cleaned";
    beside(record, purposed(record, "burst"), "controlPlaneCost", 1, words);
    beside(record, purposed(record, "burst"), "controlPlaneCpu", 0.08);
    beside(record, purposed(record, "stream"), "controlPlaneCpu", 0.12);
  });
  expect(only(folder).unmeasured).toEqual([
    {
      symbol: "γ",
      name: "control-plane cost",
      reason: "not comparable: one burst, last cleaned in 3 trials, slope between two bursts, slots for all jobs, last cleaned in 3 trials",
    },
  ]);
  const shown = text(folder);
  expect(shown).toContain("γ of one burst holds start-up, polling and launching, and is no cost of a job.");
  expect(shown).toMatch(/<td class="number">80<\/td><td class="number">120<\/td>/);
});

test("4: every configuration and objective has its seeds planned, from three seeds on", () => {
  const plans = (seeds: number) => only(syntheticResults({ seeds })).planning;
  expect(plans(2).map(({ plan, reason }) => [plan, reason])).toEqual(Array(8).fill([null, "needs 1 more seed"]));
  const three = plans(3);
  expect(three.map(({ configuration, objective, seeds }) => `${configuration} ${objective} ${seeds}`)).toHaveLength(8);
  for (const { plan, configuration, against } of three) {
    expect(against).toBe(configuration === "A" ? "B" : "A");
    const needed = plan?.seeds.map(({ seeds }) => seeds ?? Number.POSITIVE_INFINITY) ?? [];
    expect(needed).toEqual([...needed].sort((a, b) => b - a));
    expect(needed).toHaveLength(3);
  }
  expect(text(syntheticResults({ seeds: 3 }))).toContain("<h3>Seed planning</h3>");
});

test("4: a configuration that is alone has its own mean planned, and a bound has no plan", () => {
  const alone = changed(4, (record, isFirst) => {
    if (!isFirst) record.validity = { valid: false, doubts: [{ code: "driver late", severity: "invalid", message: "late" }] };
    record.objectives.responsiveness.lowerBound = true;
  });
  const own = only(alone).planning.filter(({ configuration }) => configuration === "A");
  expect(own[0]).toMatchObject({ objective: "responsiveness", plan: null, reason: "a lower bound" });
  expect(own[1]).toMatchObject({ objective: "lossOfCapacity", against: null, seeds: 4 });
  expect(own[1]?.plan).not.toBeNull();
});

test("7: anchors that a logarithmic scale cannot have are refused in words, and never written", () => {
  const file = join(temporaryFolder(), "anchors.json");
  writeFileSync(file, '{"controlPlaneCost": {"ideal": 0, "nadir": 2}}');
  expect(() => readAnchors(file)).toThrow(/controlPlaneCost: both ends must be above 0, for the scale is logarithmic/);
  const negative = changed(3, (record, isFirst) => {
    if (isFirst) record.objectives.controlPlaneCost.value = -2;
  });
  writeFileSync(file, anchorsText(only(negative)) ?? "");
  expect(Object.keys(readAnchors(file))).toEqual(["responsiveness", "lossOfCapacity", "deliveredPerformanceLoss"]);
});
