import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PlannedTrial } from "../../sweep/plan/trials.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { completed, trialsOf, unmeasured } from "./fixtures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [one, two] = trialsOf({ seeds: [1, 2] }) as [PlannedTrial, PlannedTrial];

test("what is written is read and listed, and nothing else is left", () => {
  const store = new TrialStore(join(folder, "not", "there", "yet"));
  expect(store.list()).toEqual({ trials: [], unreadable: [] });
  store.write(completed(one));
  store.write(unmeasured(two));
  expect(store.read(one.id)).toEqual(completed(one));
  expect(
    store
      .list()
      .trials.map(({ id, outcome }) => `${id} ${outcome.kind}`)
      .sort(),
  ).toEqual([`${one.id} completed`, `${two.id} boot`].sort());
  expect(readdirSync(store.folder).sort()).toEqual([`${one.id}.json`, `${two.id}.json`].sort());
});

test("a later result takes the place of an earlier one", () => {
  const store = new TrialStore(folder);
  store.write(unmeasured(one));
  store.write(completed(one));
  expect(store.list().trials).toEqual([completed(one)]);
});

test("a file that is no trial is named with its reason, and hides no other", () => {
  const store = new TrialStore(folder);
  store.write(completed(one));
  writeFileSync(join(folder, "0000000000000000.json"), '{"id": "0000');
  writeFileSync(join(folder, "1111111111111111.json"), JSON.stringify({ ...completed(two), seconds: "long" }));
  writeFileSync(join(folder, ".2222222222222222.99"), "half-writ");
  const { trials, unreadable } = store.list();
  expect(trials).toEqual([completed(one)]);
  expect(unreadable.map(({ file, reason }) => [file.slice(-21), reason])).toEqual([
    ["0000000000000000.json", expect.stringMatching(/JSON/)],
    ["1111111111111111.json", expect.stringMatching(/^seconds: /)],
  ]);
});
