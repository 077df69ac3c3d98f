import { expect, test, vi } from "vitest";
import { readCommand, readingOf, readNodes, readRounds } from "../../agent/nodes.ts";
import { converse } from "../../agent/process.ts";
import { clockOffsets, skewDoubts, stealDoubts, type Watch, watchDoubts, watchMetrics } from "../../agent/watch.ts";
import { stealFraction } from "../../model/metrics/steal.ts";

test("clocks: a tenth of a second is said, a second spoils the run", () => {
  expect(
    skewDoubts(
      new Map([
        ["cn1", 0.05],
        ["cn2", -0.2],
        ["cn3", 1.5],
      ]),
    ),
  ).toEqual([
    { code: "clock skew", severity: "caution", message: "cn2's clock is 0.200 s behind the head's" },
    { code: "clock skew", severity: "invalid", message: "cn3's clock is 1.500 s ahead of the head's" },
  ]);
});

test("a head whose clock is set while the agent runs says so, and spoils the run", async () => {
  const before = await readNodes([]);
  const now = Date.now;
  const set = vi.spyOn(Date, "now").mockImplementation(() => now() - 30_000);
  const after = await readNodes([]);
  set.mockRestore();
  expect(watchDoubts({ before, after: before })).toEqual([]);
  expect(watchDoubts({ before, after })).toEqual([
    { code: "clock skew", severity: "invalid", message: expect.stringMatching(/^the head's clock was set back by (29\.9|30\.0)\d\d s$/) },
  ]);
});

const reading = (clockOffsetSeconds: number, steal: number, idle: number) => ({
  clockOffsetSeconds,
  processorTimes: `cpu  100 0 50 ${idle} 0 0 0 ${steal} 0 0`,
});

/** cn1: 10 of 100 ticks stolen, its clock 0.02 s behind, later 0.3 s ahead; cn2 slept. */
const watch: Watch = {
  before: new Map([
    ["cn1", reading(-0.02, 5, 1000)],
    ["cn2", reading(0.01, 0, 1000)],
  ]),
  after: new Map([
    ["cn1", reading(0.3, 15, 1090)],
    ["cn2", reading(0.01, 0, 1000)],
  ]),
};

test("of the two readings of a clock the one further off counts", () => {
  expect([...clockOffsets(watch)]).toEqual([
    ["cn1", 0.3],
    ["cn2", 0.01],
  ]);
});

test("steal is a share of the processors' time: 10 of 100 ticks", () => {
  expect(stealFraction("cpu  100 0 50 1000 0 0 0 5 0 0", "cpu  100 0 50 1090 0 0 0 15 0 0")).toBeCloseTo(0.1, 12);
  expect(stealFraction("cpu  1 1 1 1 1 1 1 1 0 0", "cpu  1 1 1 1 1 1 1 1 0 0")).toBeNull();
  expect(() => stealFraction("", "cpu  1 1 1 1 1 1 1 1 0 0")).toThrow('"" is not the first line of /proc/stat');
});

test("a twentieth of the time may be stolen", () => {
  expect(
    stealDoubts(
      new Map([
        ["cn1", 0.05],
        ["cn2", 0.1234],
      ]),
    ),
  ).toEqual([
    { code: "processor stolen", severity: "caution", message: "cn2 waited 12.3 % of its time for the hypervisor; the most is 5 %" },
  ]);
});

test("a run carries both, as metrics and as doubts", () => {
  expect(watchMetrics(watch)).toEqual([
    { name: "maxClockOffset", value: 0.3, unit: "s" },
    { name: "maxSteal", value: 0.1, unit: "fraction" },
  ]);
  expect(watchDoubts(watch).map(({ code }) => code)).toEqual(["clock skew", "processor stolen"]);
});

test("what a node is asked works on this one: its clock is ours, and its processors have worked", async () => {
  const ask = async () => readingOf(await converse("bash", ["-c", readCommand], readRounds, { timeoutSeconds: 20 }));
  const [before, after] = [await ask(), await ask()];
  expect(Math.abs(before.clockOffsetSeconds)).toBeLessThan(5);
  const times = ({ processorTimes }: typeof before) => processorTimes.match(/\d+/g)?.reduce((sum, ticks) => sum + Number(ticks), 0) ?? 0;
  expect(times(before)).toBeGreaterThan(0);
  expect(times(after)).toBeGreaterThanOrEqual(times(before));
  expect(() => stealFraction(before.processorTimes, after.processorTimes)).not.toThrow();
});
