import { describe, expect, test, vi } from "vitest";
import type { SchedulerKind } from "../../model/scheduler.ts";
import { schedulers } from "../../model/schedulers/index.ts";
import { clauses } from "./contract/clauses.ts";
import type { MakeStand, Stand } from "./contract/stand.ts";
import { type Faults, toyStand } from "./contract/toy.ts";

vi.mock("../../agent/process.ts", async (original) => ({
  ...(await original<object>()),
  ...(await import("./contract/boundary.ts")).processes,
}));
vi.mock("../../agent/daemon-use.ts", async (original) => ({
  ...(await original<object>()),
  commandLineOf: (await import("./contract/boundary.ts")).commandLineOf,
}));

const kinds: Readonly<Record<string, SchedulerKind>> = schedulers;

/** Every scheduler, and once more where its emulated nodes run no bodies. */
const cases = Object.entries(kinds).flatMap(([kind, { emulation }]) => [
  { kind, bodies: "run" as const },
  ...("bodies" in emulation && emulation.bodies === "pretended" ? [{ kind, bodies: "pretended" as const }] : []),
]);

async function within(made: Stand | Promise<Stand>, check: (stand: Stand) => Promise<void>): Promise<void> {
  const stand = await made;
  try {
    await check(stand);
  } finally {
    stand.close?.();
    stand.scheduler.remove();
  }
}

describe.each(cases)("$kind, whose bodies are $bodies", ({ kind, bodies }) => {
  test.each(Object.entries(clauses))("%s", async (_, check) => {
    const { stand } = (await import(`./contract/${kind}.ts`)) as { stand: MakeStand };
    await within(stand(bodies), check);
  });
});

describe("a toy", () => {
  /** Names of the clauses that it does not keep. */
  async function broken(faults: Faults): Promise<string[]> {
    const found: string[] = [];
    for (const [name, check] of Object.entries(clauses)) await within(toyStand(faults), check).catch(() => found.push(name));
    return found;
  }

  test("that does everything keeps the contract", async () => {
    expect(await broken({})).toEqual([]);
  });

  test("that never says when a job started breaks it", async () => {
    expect(await broken({ startedIsUnsaid: true })).toContain("says when a job started, or hands over a body that does");
  });

  test("that names no nodes breaks it", async () => {
    expect(await broken({ nodesAreUnnamed: true })).toEqual(
      expect.arrayContaining(["names the nodes of each job", "has a job run where it must"]),
    );
  });

  test("that ignores where a job must run breaks it", async () => {
    expect(await broken({ placeIsIgnored: true })).toEqual(["has a job run where it must"]);
  });
});
