import { expect, test } from "vitest";
import { basesOf } from "../../../analysis/report/basis.ts";
import { type DeclaredObjective, objectiveList } from "../../../model/objectives.ts";

test("an objective that nothing but the list names has its metric's basis", () => {
  const goodput: DeclaredObjective = {
    key: "goodput",
    symbol: "ε",
    name: "goodput",
    unit: "jobs per s",
    better: "higher",
    scale: "log",
    formula: "jobs ÷ time",
    measuredBy: "a job stream",
    restsOn: { metric: "goodput", purposes: ["stream"] },
    from: () => "not measured",
  };
  const metrics = [{ name: "goodput", value: 1, unit: "jobs per s", basis: "last cleaned" }];
  const record = { runs: [{ purpose: "stream" as const, run: { metrics } }], objectives: { goodput: {} } };
  expect(basesOf(record, [...objectiveList, goodput])).toEqual({ goodput: expect.stringContaining("cleaned") });
  expect(basesOf(record)).toEqual({});
});
