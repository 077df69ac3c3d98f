import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { objectiveList } from "../../model/objectives.ts";
import { parseOutputs, parseRecord, schemaVersion } from "../../model/record.ts";
import { parseTrialFile } from "../../model/trial-file.ts";

/** What the program wrote before records had a version: bytes of `write-record` and of a sweep's store on 2026-11-30. */
const folder = "test/model/fixtures/records/unversioned";
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const record = () => read("slurm-4node/trial-2c12b4ea77f1157d.json");

describe("what was written before there were versions", () => {
  test("a record is read, its lower bound kept and its metrics as they were", () => {
    const found = parseRecord(record());
    expect(found.schemaVersion).toBe(schemaVersion);
    expect(found.objectives.responsiveness).toEqual({
      symbol: "α",
      name: "mean bounded slowdown",
      unit: "1",
      better: "lower",
      scale: "log",
      value: 3,
      lowerBound: true,
    });
    expect(Object.values(found.objectives).map(({ value }) => value)).toEqual([3, 0.346, 725.5, 0.05126976521322468]);
    const { metrics, validity, network, tuple, provenance, runs } = record();
    expect(found).toMatchObject({ metrics, validity, network, tuple, provenance, runs });
  });

  test("a stack's outputs are", () => {
    expect(parseOutputs(read("outputs.json")).objectives.responsiveness).toMatchObject({ value: 3, lowerBound: true });
  });

  test("a sweep's trial is", () => {
    expect(parseTrialFile(read("trials/2df61532b73ad682.json")).outcome).toMatchObject({
      kind: "completed",
      objectives: { responsiveness: { value: 3, better: "lower" }, lossOfCapacity: { value: 0.346 } },
    });
  });
});

describe("a record of this version", () => {
  const current = () => JSON.parse(JSON.stringify(parseRecord(record())));

  test("reads back as it was written", () => {
    expect(parseRecord(current())).toEqual(current());
  });

  test.each([schemaVersion + 1, 1000])("of version %s is refused with words", (version) => {
    expect(() => parseRecord({ ...current(), schemaVersion: version, unheardOf: 1 })).toThrow(
      `invalid record\n  schemaVersion: ${version} is newer than this program reads, which is ${schemaVersion}; read it with the version that wrote it or a later one`,
    );
  });

  test.each<[string, (own: ReturnType<typeof current>) => unknown, RegExp]>([
    ["a key of nobody's", (own) => ({ ...own, extra: 1 }), /^ {2}extra: is not one of schemaVersion, tuple, /m],
    ["a version that is none", (own) => ({ ...own, schemaVersion: "new" }), /^ {2}schemaVersion: "new" is not one of 1$/m],
    [
      "an objective that leads elsewhere",
      (own) => ({ ...own, objectives: { ...own.objectives, "/../../x": own.objectives.responsiveness } }),
      /^ {2}objectives\.\/\.\.\/\.\.\/x: is not one of responsiveness, lossOfCapacity, controlPlaneCost, deliveredPerformanceLoss$/m,
    ],
    [
      "an objective in another unit",
      ({ objectives, ...own }) => ({ ...own, objectives: { ...objectives, responsiveness: { ...objectives.responsiveness, unit: "h" } } }),
      /^ {2}objectives\.responsiveness\.unit: "h" is not one of 1$/m,
    ],
    ["another fidelity", (own) => ({ ...own, fidelity: "real" }), /^ {2}fidelity: "real" is not one of vm, /m],
    ["no tuple", ({ tuple: _, ...own }) => own, /^ {2}tuple: is missing, expected a mapping$/m],
  ])("with %s is refused", (_, change, words) => {
    expect(() => parseRecord(change(current()))).toThrow(words);
  });

  test("that did not know an objective is missing it", () => {
    const { controlPlaneCost: _, ...objectives } = current().objectives;
    expect(parseRecord({ ...current(), objectives }).objectives.controlPlaneCost).toMatchObject({ value: null, unit: "ms per job" });
  });

  test("keeps what an objective is called, whatever the record calls it", () => {
    const objectives = { ...current().objectives, lossOfCapacity: { ...current().objectives.lossOfCapacity, name: "\u001b[31m" } };
    expect(parseRecord({ ...current(), objectives }).objectives.lossOfCapacity?.name).toBe("loss of capacity");
    expect(Object.keys(parseRecord({ ...current(), objectives }).objectives)).toEqual(objectiveList.map(({ key }) => key));
  });

  test("has messages of bounded length, without what a terminal acts upon", () => {
    const doubts = [{ code: "saturated", severity: "caution", message: `\u001b]0;x\u0007${"y".repeat(5_000_000)}` }];
    const [doubt] = parseRecord({ ...current(), validity: { valid: true, doubts } }).validity.doubts;
    expect(doubt?.message).toMatch(/^\\u\{1b\}\]0;x\\u\{7\}y+… \(5000006 characters\)$/);
    expect(doubt?.message.length).toBe(4000);
  });

  test.each(["/etc/passwd", "../../etc/passwd", "a/../../b", "a\0b", "a\nb"])("names no table at %j", (path) => {
    const own = current();
    own.runs[3].run.tables[0].path = path;
    expect(() => parseRecord(own)).toThrow(/^ {2}runs\[3\]\.run\.tables\[0\]\.path: .* does not match /m);
  });
});
