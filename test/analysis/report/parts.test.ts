import { expect, test } from "vitest";
import type { JobRow, Section } from "../../../analysis/report/analysis.ts";
import { distribution, slowdowns, waits } from "../../../analysis/report/distribution.ts";
import { pieces } from "../../../analysis/report/figures/parallel.ts";
import { rowsOf, trialFigure } from "../../../analysis/report/figures/trial.ts";
import { identity } from "../../../analysis/report/identity.ts";
import { areShared, coresOfNodes, lanes } from "../../../analysis/report/lanes.ts";
import { busy, intervalsOf, nodesIn, queued } from "../../../analysis/report/occupancy.ts";
import { csv } from "../../../analysis/report/page/downloads.ts";
import { html, scriptJson } from "../../../analysis/report/page/html.ts";
import { scaleInWords, suiteInWords } from "../../../analysis/report/tuple-in-words.ts";
import { label, letters, varying } from "../../../analysis/report/varying.ts";

const job = (
  submit: number,
  start: number | null,
  end: number | null,
  on: string,
  nodes = 1,
  coresPerNode: number | null = null,
): JobRow => ({
  id: `${submit}`,
  due: submit,
  submit,
  isCounted: true,
  start,
  end,
  runSeconds: end === null ? null : end - (start ?? 0) - 5,
  nodes,
  coresPerNode,
  on,
  state: "COMPLETED_SUCCESSFULLY",
});

test("nodes are busy from a job's start to its end", () => {
  const jobs = [job(0, 1, 4, "0-2", 3), job(0, 2, 4, "3"), job(1, 4, 6, "0 2", 2)];
  expect(busy(jobs)).toEqual([[1, 3], [2, 4], [4, 2], [6, 0]]); // biome-ignore format: steps
  expect(queued(jobs)).toEqual([[0, 4], [1, 3], [2, 2], [4, 0]]); // biome-ignore format: steps
});

test("a job that never started is queued to the end", () => {
  expect(queued([job(2, null, null, "", 4)])).toEqual([[2, 4]]);
  expect(busy([job(2, null, null, "", 4)])).toEqual([]);
});

test("where jobs share nodes, cores are counted, and each job has its part of a node's height", () => {
  // Two jobs of one core beside one of two cores on node 0 of four; then one of three, on what the first two left.
  const [a, b, c, d] = [job(0, 0, 4, "0", 1, 1), job(0, 0, 6, "0", 1, 2), job(0, 0, 4, "0", 1, 1), job(1, 4, 6, "0-1", 2, 2)];
  expect(busy([a, b, c, d], "cores")).toEqual([[0, 4], [4, 6], [6, 0]]); // biome-ignore format: steps
  expect(queued([d], "cores")).toEqual([[1, 4], [4, 0]]); // biome-ignore format: steps
  const cores = coresOfNodes([{ count: 2, cpus: 4, memoryGiB: 1, gpus: 0 }]);
  expect(areShared([a], cores)).toBe(true);
  expect(areShared([job(0, 0, 4, "0", 1, 4), job(0, 0, 4, "0")], cores)).toBe(false);
  expect([...lanes([a, b, c, d], cores).values()]).toEqual([
    [{ node: 0, from: 0, to: 0.25 }],
    [{ node: 0, from: 0.25, to: 0.75 }],
    [{ node: 0, from: 0.75, to: 1 }],
    [
      { node: 0, from: 0, to: 0.25 },
      { node: 0, from: 0.75, to: 1 },
      { node: 1, from: 0, to: 0.5 },
    ],
  ]);
});

test("intervals of nodes", () => {
  expect(intervalsOf("0-1 2 5")).toEqual([[0, 2], [5, 5]]); // biome-ignore format: intervals
  expect(intervalsOf("")).toEqual([]);
  expect(nodesIn(intervalsOf("0-999999 1000007"))).toBe(1_000_001);
});

test("wait and bounded slowdown of single jobs", () => {
  const run = { jobs: [job(0, 5, 25, "0"), job(10, null, null, "")], timeCompression: 10 };
  // The run is over at 25; τ is 1 s, and p 5 s less than what was measured: (5 + 15) ÷ 15, and (15 + 0) ÷ 1.
  expect(waits(run)).toEqual([5, 15]);
  expect(slowdowns(run)).toEqual([20 / 15, 15]);
  expect(distribution([run], "s", waits)).toMatchObject({ jobs: 2, censored: 1 });
  expect(distribution([], "s", waits)).toBeNull();
});

test("a line breaks where an objective is missing", () => {
  expect(pieces([1, 2, null, 4])).toEqual([[1, 2, "-", "-"], ["-", "-", "-", 4]]); // biome-ignore format: lines
  expect(pieces([1, 2])).toEqual([[1, 2]]);
  expect(pieces([null])).toEqual([]);
});

test("a figure of one trial has at most a thousand rows, however many nodes there are", () => {
  const figure = (nodeCount: number, on: string) => {
    const run = { id: "t1-r0", name: "jobstream seed 1", purpose: "stream", table: "jobs.csv", problem: null };
    const drawn = { configuration: "A", seed: "1", status: "valid", run, jobs: [job(0, 1, 4, on)] };
    const groups = [{ count: nodeCount, cpus: 1, memoryGiB: 1, gpus: 0 }];
    return trialFigure({ id: "section-1", nodeCount, groups } as Partial<Section> as Section, drawn);
  };
  expect(figure(4, "0-2").height).toBe(250 + 4 * 22);
  expect(figure(640_000, "0-2").height).toBe(250 + 3 * 1000);
  expect(figure(640_000, "0-2").caption).toContain("A row is 640 nodes.");
  expect(figure(640_000, Array.from({ length: 20_001 }, (_, i) => 2 * i).join(" ")).caption).not.toContain("are drawn");
  expect(rowsOf(intervalsOf("0-1 3 1279 1281"), 640)).toEqual([[0, 2]]);
  expect(rowsOf(intervalsOf("0-1 3 5"), 1)).toEqual([[0, 1], [3, 3], [5, 5]]); // biome-ignore format: rows
});

test("a label names twenty parameters, and of each what fits", () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, "x".repeat(1000)]));
  const told = label(many, Object.keys(many));
  expect(told).toMatch(/^p0=x+… \(1000 characters\) p1=.* p19=.* and 5 more$/);
  expect(told.length).toBeLessThan(20 * 110);
});

test("configurations are named by what varies", () => {
  const all = [
    { "scheduler.a.x": 1, "scheduler.b.x": 2, kind: "k" },
    { "scheduler.a.x": 3, "scheduler.b.x": 4, kind: "k" },
  ];
  const names = varying(all);
  expect(names).toEqual(["scheduler.a.x", "scheduler.b.x"]);
  expect(label(all[0] ?? {}, names)).toBe("a.x=1 b.x=2");
  expect([0, 25, 26, 701, 702].map(letters)).toEqual(["A", "Z", "AA", "ZZ", "AAA"]);
});

const tuple = (seed: number, uri: string, count = 2) => ({
  topology: {
    compute: [{ count, cpus: 1, memoryGiB: 1 }],
    network: { profile: "unshaped", subnet: `10.0.${seed}.0/24` },
    hypervisor: { uri },
  },
  scheduler: { kind: "slurm", SchedulerParameters: { bf_interval: 10 } },
  workloads: [{ kind: "burst", jobs: 40, seed }],
});

test("seed, address and hypervisor make no configuration; size does, and another section", () => {
  const made = { fidelity: "vm", backend: "debian", start: "booted" };
  const [a, b, c] = [
    identity(tuple(1, "qemu:///system"), made),
    identity(tuple(2, "qemu+ssh://h/system"), made),
    identity(tuple(1, "qemu:///system", 3), made),
  ];
  expect(b.digest).toBe(a.digest);
  expect([a.seed, b.seed]).toEqual(["1", "2"]);
  expect(c.digest).not.toBe(a.digest);
  expect(c.kind).not.toEqual(a.kind);
  expect(identity(tuple(1, "qemu:///system"), { ...made, backend: "nixos" }).kind).not.toEqual(a.kind);
  expect(a.parameters).toEqual({ "scheduler.kind": "slurm", "scheduler.SchedulerParameters.bf_interval": 10 });
  expect(scaleInWords(tuple(1, ""))).toBe("2 nodes of 1 core and 1 GiB, unshaped network");
  expect(suiteInWords(tuple(1, ""))).toBe("burst (jobs 40)");
});

test.each([
  [{ profile: "unshaped", bandwidthGbitPerSecond: null, latencyMicroseconds: 0 }, "unshaped network"],
  [{ profile: "unshaped", bandwidthGbitPerSecond: 0.5, latencyMicroseconds: 250 }, "network of 0.5 Gbit/s and 250 µs one way"],
  [{ profile: "slingshot-11", bandwidthGbitPerSecond: 200, latencyMicroseconds: 2 }, "slingshot-11 network of 200 Gbit/s and 2 µs one way"],
])("a network is told by what it has come to: %j", (network, words) => {
  const given = tuple(1, "");
  expect(scaleInWords({ ...given, topology: { ...given.topology, network } })).toBe(`2 nodes of 1 core and 1 GiB, ${words}`);
});

test("text becomes no markup, a script's data no end of the script", () => {
  expect(html`<p title="${'"'}">${"<b>&"}${[html`<i>${"'"}</i>`, null, false]}</p>`.text).toBe(
    `<p title="&#34;">&#60;b&#62;&#38;<i>&#39;</i></p>`,
  );
  expect(scriptJson({ a: "</script><!--" }).text).toBe('{"a":"\\u003c/script>\\u003c!--"}');
});

test("a cell is no formula, a number stays one", () => {
  expect(csv([{ a: "=1+1", b: -2, c: null }, { a: 'x,"y"', b: 3, c: "@z" }])).toBe(`a,b,c\n'=1+1,-2,\n"x,""y""",3,'@z\n`); // biome-ignore format: rows
});
