import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidInput } from "../../model/problem.ts";
import { kinds } from "./kinds.ts";
import { perform, runsOfEnvironment, runsOfScript, type Stage, scripts, stage, variables } from "./programs.ts";

let folder: string;
let where: Stage;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-kinds-"));
  where = stage();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  where.close();
});

/** A small part of what test/bench/hostile-input.ts tries. */
describe.each(Object.entries(kinds))("hostile %s", (_, { values, read, isLenient = false }) => {
  test("are refused by a sentence, or are what the program knows", async () => {
    const ends = { refused: 0, taken: 0 };
    for (const value of values(120, 7)) {
      try {
        await read(value, folder);
        ends.taken++;
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        expect(error.message).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        ends.refused++;
      }
    }
    expect(ends[isLenient ? "taken" : "refused"]).toBeGreaterThan(20);
  });
});

test.each(Object.keys(scripts))("%s starts nothing but what it means, whatever its input says", (script) => {
  const seen = runsOfScript(script, 3, 11).flatMap((run) => perform(run, where).violations);
  expect(seen).toEqual([]);
});

describe("what would be seen", () => {
  const script = (text: string) => {
    const file = join(where.folder, "bin", "around");
    writeFileSync(file, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    return perform({ command: [file], environment: { A: "$(touch BAIT)", B: "-x; BAIT" }, input: "" }, where).violations;
  };
  test.each([
    ["a payload that runs", 'eval "echo $A"', "made canary"],
    ["a value in virsh's language", 'virsh --quiet --connect u "vol-list $B"', "a value in its command language"],
    ["a value that virsh may take for an option", 'virsh --quiet --connect u destroy "$B"', "a value among its options"],
    ["a host that ssh may take for an option", 'ssh -F c "$B" true', "not a machine's name behind --"],
  ])("%s", (_, text, violation) => {
    expect(script(text)).toEqual([expect.stringContaining(violation)]);
  });
  test("and nothing where nothing is wrong", () => {
    expect(script('virsh --quiet --connect u destroy -- "$B"; ssh -F c -- head true')).toEqual([]);
  });
});

test("the project reads no variable of its own that is not tried", () => {
  const read = execFileSync("git", ["grep", "-hoE", "SCHEDFRONT_[A-Z_]*[A-Z]", "--", ".", ":!docs", ":!test", ":!README.md"], {
    encoding: "utf8",
  });
  expect([...new Set(read.trim().split("\n"))].filter((name) => !variables.some((each) => each === name))).toEqual([]);
});

test("nothing in the environment starts anything", () => {
  const seen = runsOfEnvironment(16, 5).flatMap((run) => perform(run, where).violations.map((violation) => [run, violation]));
  expect(seen).toEqual([]);
});
