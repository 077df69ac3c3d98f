import { readdirSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { displayOn, elapsed, frame } from "../../update/display.ts";
import { type Phase, Phases, phases, secondsOf } from "../../update/phases.ts";

const urn = (component: string, name: string) =>
  `urn:pulumi:a::schedfront::schedfront:index:Cluster$schedfront:index:${component}$command:local:Command::${name}`;
const pre = (of: string, op = "create") => ({ resourcePreEvent: { metadata: { urn: of, op } } }) as never;
const end = (of: string) => ({ resOutputsEvent: { metadata: { urn: of, op: "create" } } }) as never;
const failed = (of: string) => ({ resOpFailedEvent: { metadata: { urn: of, op: "create" } } }) as never;

test("every component of the program belongs to one phase", () => {
  const made = readdirSync("components", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(`components/${file}`, "utf8").matchAll(/super\("schedfront:index:(\w+)"/g)].map((match) => match[1]),
    );
  expect(Object.values(phases).flat().sort()).toEqual(made.sort());
});

test("a phase lasts as long as any of its resources is under way, and belongs to the innermost component", () => {
  const known = new Phases();
  const [one, two, three] = ["one", "two", "three"].map((name) => urn("Preparation", name)) as [string, string, string];
  known.take(pre(one), 1);
  known.take(pre(two), 2);
  known.take(end(one), 3);
  expect(known.list).toMatchObject([{ name: "nodes", began: 1, ended: null }]);
  known.take(end(two), 7);
  expect(known.list).toMatchObject([{ ended: 7, failed: false }]);
  known.take(pre(three), 100);
  const [phase] = known.list as [Phase];
  expect(secondsOf(phase, 110)).toBe(6 + 10);
});

test("a phase whose resources are known has a length, in which those count that stay as they are", () => {
  const known = new Phases({ workloads: new Set(["one", "two", "three"]) });
  known.take(pre(urn("Benchmark", "one"), "same"), 1);
  known.take(pre(urn("Benchmark", "two")), 2);
  expect(known.list).toMatchObject([{ name: "workloads", done: 1, total: 3, step: "two" }]);
  known.take(end(urn("Benchmark", "two")), 3);
  expect(known.list).toMatchObject([{ done: 2 }]);
});

test("a resource that failed makes its phase fail, and is not done", () => {
  const known = new Phases({ workloads: new Set(["one"]) });
  known.take(pre(urn("Benchmark", "one")), 1);
  known.take(failed(urn("Benchmark", "one")), 5);
  expect(known.list).toMatchObject([{ failed: true, done: 0, ended: 5 }]);
});

test("what a script says last is what its phase does", () => {
  const known = new Phases();
  known.take(pre(urn("Preparation", "one")), 1);
  known.take({ diagnosticEvent: { urn: urn("Preparation", "one"), severity: "info#err", message: "a\nb <{%reset%}>\n" } } as never, 2);
  expect(known.list).toMatchObject([{ step: "b" }]);
});

const phase = (of: Partial<Phase>): Phase => ({
  name: "image",
  began: 0,
  spent: 0,
  ended: null,
  done: 0,
  total: undefined,
  step: "",
  failed: false,
  ...of,
});

test("plain lines say what has begun and ended, and nothing of a phase that has done no work yet", () => {
  const written = new PassThrough().setEncoding("utf8");
  const display = displayOn(written as never, "up s; details in up.log");
  const key = phase({ began: 1, ended: 1.2 });
  display.tick([key], 5);
  display.tick([{ ...key, began: 100, spent: 0.2, ended: null }], 104);
  const built = { ...key, began: 100, spent: 0.2, ended: 130 };
  display.tick([built], 135);
  display.tick([built], 140);
  display.end([built, phase({ name: "record", began: 140, ended: 140.1 })], 141);
  expect(written.read()?.split("\n")).toEqual(["up s; details in up.log", "image: begun", "image: 30 s", "record: 0 s", ""]);
});

test("on a terminal each phase is one line, with a bar where its length is known, and none is wider than the terminal", () => {
  const lines = [
    phase({ ended: 132 }),
    phase({ name: "workloads", began: 132, done: 2, total: 4, step: "\u001b[31mjobstream" }),
    phase({ name: "record", failed: true, ended: 4 }),
  ];
  expect(frame(lines, 166, 100, 0)).toEqual([
    "✓ image     2 min 12 s",
    "⠋ workloads      34 s  ██████████░░░░░░░░░░ 2 of 4  \\u{1b}[31mjobstream",
    "✗ record          4 s",
  ]);
  expect(frame(lines, 166, 40, 0)[1]).toBe("⠋ workloads      34 s  ██████████░░░░░…");
});

test.each([
  [0.4, "0 s"],
  [59.7, "1 min 0 s"],
  [125, "2 min 5 s"],
  [3780, "1 h 3 min"],
])("%f s are %s", (seconds, text) => expect(elapsed(seconds)).toBe(text));
