import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseUse, usedSince, useOf } from "../../agent/daemon-use.ts";

test("user and system ticks, whatever the process calls itself; the peak in MiB", () => {
  const stat = "42 (a) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 5 1000 200";
  expect(parseUse(stat, "Name:\tx\nVmPeak:\t  4096 kB\nVmHWM:\t    2048 kB\n")).toEqual({ cpuSeconds: 3, peakMemoryMiB: 2 });
});

test("this very process is found by its name, and one that does not run is left out", () => {
  const name = readFileSync("/proc/self/comm", "utf8").trim();
  const found = useOf(["no-such-daemon", name]);
  expect(found.map(({ daemon }) => daemon)).toEqual([name]);
  expect(found[0]?.cpuSeconds).toBeGreaterThan(0);
  expect(found[0]?.peakMemoryMiB).toBeGreaterThan(1);
});

test("what was used since; a daemon that started anew counts from there", () => {
  const use = (daemon: string, cpuSeconds: number) => ({ daemon, cpuSeconds, peakMemoryMiB: 1 });
  expect(usedSince([use("a", 5), use("b", 5)], [use("a", 7), use("b", 1), use("c", 2)])).toEqual([use("a", 2), use("b", 1), use("c", 2)]);
});
