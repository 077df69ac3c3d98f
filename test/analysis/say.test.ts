import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { columns } from "../../analysis/columns.ts";
import { printable, printableJson, printableLine } from "../../model/printable.ts";

test("what a terminal acts upon is written out, and printing twice changes nothing", () => {
  const text = "a\u001b[31m\u009b\u0007\u202e\u2028\ud800\u00adb\n";
  expect(printable(text)).toBe("a\\u{1b}[31m\\u{9b}\\u{7}\\u{202e}\\u{2028}\\u{d800}\\u{ad}b\n");
  expect(printable(printable(text))).toBe(printable(text));
  expect(printableLine("a\nb")).toBe("a\\nb");
});

test("a long text is cut once, by characters that are whole", () => {
  const long = printable("😀".repeat(5000), 101);
  expect(long).toMatch(/^(😀)+… \(10000 characters\)$/u);
  expect(long.length).toBeLessThanOrEqual(101);
  expect(printable(long, 101)).toBe(long);
  expect(printable("\u0001".repeat(100), 100).length).toBe(100);
});

test("JSON reads back as the same value", () => {
  const value = { "\u009b": ["\u202e😀\u007f", "\u2028\n"] };
  expect(printableJson(value)).toBe('{"\\u009b":["\\u202e😀\\u007f","\\u2028\\n"]}');
  expect(JSON.parse(printableJson(value, 1))).toEqual(value);
});

test("a cell is one line of bounded length", () => {
  expect(columns(["a"], [["x\ny\u001b"], ["z".repeat(1000)]]).map((line) => line.length)).toEqual([3, 202, 12, 202]);
});

test("analysis and sweep print by one file only", () => {
  const printing = ["analysis", "sweep"]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".ts") && !file.endsWith("print-schema.ts"))
    .filter((file) => /console\.|process\.std(out|err)\.write/.test(readFileSync(file, "utf8")));
  expect(printing).toEqual(["analysis/say.ts"]);
});

test("results are opened by one file only", () => {
  const own: Readonly<Record<string, string>> = {
    "analysis/foreign-file.ts": "the one",
    "analysis/print-summary.ts": "standard input",
    "analysis/report/bundle.ts": "the program's own style sheet",
    "sweep/store/process-identity.ts": "/proc",
    "sweep/run/pulumi-stacks.ts": "the project's own files",
    "sweep/plan/read-sweep.ts": "the files that a person wrote",
  };
  const reading = ["analysis", "sweep"]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".ts") && /\b(readFileSync|openSync|readFile)\(/.test(readFileSync(file, "utf8")))
    .filter((file) => !/openSync\(log, "a"\)|openSync\(path, "w"\)/.test(readFileSync(file, "utf8")));
  expect(reading.sort()).toEqual(Object.keys(own).sort());
});
