import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acrossFigures } from "../../../analysis/report/figures/figures.ts";
import { page } from "../../../analysis/report/page/page.ts";
import { analysisOf, syntheticResults } from "./results.ts";

/** The synthetic trials on machines with KVM once more, as if emulated nodes had run them: a tenth slower to respond. */
function emulated(folder: string, change: (record: ReturnType<typeof JSON.parse>) => void = () => {}): void {
  for (const file of readdirSync(join(folder, "tables")).filter((name) => name.endsWith(".json"))) {
    const record = JSON.parse(readFileSync(join(folder, "tables", file), "utf8"));
    if (record.fidelity !== "vm") continue;
    record.fidelity = "emulated-nodes";
    record.tuple.topology.head.memoryGiB = 8;
    record.tuple.topology.compute[0].nodes = "emulated";
    record.objectives.responsiveness.value *= 1.1;
    Object.assign(record.objectives.deliveredPerformanceLoss, { value: null, reason: "emulated nodes deliver no performance" });
    change(record);
    const { count } = record.tuple.topology.compute[0];
    writeFileSync(join(folder, "tables", `trial-${count}-${file.slice("trial-".length)}`), JSON.stringify(record));
  }
}

test("emulated nodes are compared with the machines that they pretend to be, seed by seed", () => {
  const folder = syntheticResults({ seeds: 4 });
  emulated(folder);
  const { agreements, sections } = analysisOf(folder).analysis;
  expect(agreements.map(({ objective, machines, emulated }) => [objective, machines.fidelity, emulated.fidelity])).toEqual(
    [1, 2].flatMap(() => ["responsiveness", "lossOfCapacity", "controlPlaneCost"].map((objective) => [objective, "vm", "emulated-nodes"])),
  );
  for (const { objective, difference, pairs } of agreements) {
    // α and γ are told as ratios.
    const expected = { responsiveness: 1.1, lossOfCapacity: 0, controlPlaneCost: 1 }[objective] ?? Number.NaN;
    expect(difference?.value).toBeCloseTo(expected, 9);
    expect(pairs).toBe(4);
  }
  expect(sections.find(({ fidelity }) => fidelity === "emulated-nodes")?.configurations).toHaveLength(2);
});

test("virtual time is compared with machines and with real time, but for what counts instructions there", () => {
  const folder = syntheticResults({ seeds: 3 });
  emulated(folder, (record) => Object.assign(record.tuple.topology.compute[0], { memoryGiB: 2 }));
  const inRealTime = readdirSync(join(folder, "tables")).filter((name) => name.endsWith(".json"));
  for (const file of inRealTime) {
    const record = JSON.parse(readFileSync(join(folder, "tables", file), "utf8"));
    if (record.fidelity !== "emulated-nodes") continue;
    record.fidelity = "emulated-nodes-virtual-time";
    record.tuple.topology.clock = "virtual";
    record.objectives.responsiveness.value *= 2;
    writeFileSync(join(folder, "tables", `trial-virtual-${file.slice("trial-".length)}`), JSON.stringify(record));
  }
  const found = analysisOf(folder).analysis.agreements.filter(({ emulated }) => emulated.fidelity === "emulated-nodes-virtual-time");
  expect(found.map(({ objective, machines }) => [objective, machines.fidelity])).toEqual(
    [1, 2].flatMap(() => ["responsiveness", "lossOfCapacity"].map((objective) => [objective, "emulated-nodes"])),
  );
  expect(found[0]?.difference?.value).toBeCloseTo(2, 9);
});

test("other nodes, or a head on another kind of processor, agree with nothing", () => {
  const folder = syntheticResults({ seeds: 2 });
  emulated(folder, ({ tuple }) => Object.assign(tuple.topology.compute[0], { gpus: 4 }));
  expect(analysisOf(folder).analysis.agreements).toEqual([]);
  emulated(folder, (record) => Object.assign(record, { fidelity: "emulated-nodes-emulated-cpu" }));
  expect(analysisOf(folder).analysis.agreements.map(({ machines }) => machines.fidelity)).not.toContain("vm");
});

test("γ is drawn against nodes for each configuration that ran at several numbers of them", () => {
  const folder = syntheticResults({ seeds: 2 });
  for (const count of [16, 64])
    emulated(folder, ({ tuple, objectives }) => {
      tuple.topology.compute[0].count = count;
      objectives.controlPlaneCost.value = count + tuple.scheduler.PriorityWeightJobSize;
    });
  const { analysis, jobs } = analysisOf(folder);
  const [figure, ...others] = acrossFigures(analysis);
  expect(others).toEqual([]);
  expect(figure?.rows).toMatchObject([
    { configuration: "PriorityWeightJobSize=0: 1 core and 1 GiB", nodes: 16, controlPlaneCost: expect.closeTo(16, 9) },
    { configuration: "PriorityWeightJobSize=0: 1 core and 1 GiB", nodes: 64, controlPlaneCost: expect.closeTo(64, 9) },
    { configuration: "PriorityWeightJobSize=1000: 1 core and 1 GiB", nodes: 16, controlPlaneCost: expect.closeTo(1016, 9) },
    { configuration: "PriorityWeightJobSize=1000: 1 core and 1 GiB", nodes: 64, controlPlaneCost: expect.closeTo(1064, 9) },
  ]);
  const places = page({ analysis, jobs, style: "", script: "" }).match(/data-figure="scaling-\d+"/g);
  expect(places).toEqual(['data-figure="scaling-1"']);
});
