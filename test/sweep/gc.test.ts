import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stackPattern } from "../../sweep/plan/trials.ts";
import { holdings, holdingsText } from "../../sweep/run/abandoned.ts";
import { findGarbage, type GarbageSetting, garbageText, removeGarbage } from "../../sweep/run/gc.ts";
import { findLeftovers, isEmpty, type Leftovers } from "../../sweep/run/leftovers.ts";
import { Claims, isHeld } from "../../sweep/store/claims.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-gc-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [dead, alive] = ["sweep-s-00000000000a", "sweep-s-00000000000b"] as const;
const uri = "qemu:///system";

function setting(found: Leftovers): GarbageSetting & { destroyed: string[]; removed: string[] } {
  const [destroyed, removed]: [string[], string[]] = [[], []];
  return {
    destroyed,
    removed,
    infrastructure: {
      save: () => Promise.reject(new Error("nothing is to be saved")),
      up: () => Promise.reject(new Error("nothing is to come up")),
      destroy: async ({ name }) => void destroyed.push(name),
      list: async () => [dead, alive, "sweep-other-00000000000a", "slurm-4node", "sweep-s-x-00000000000a"],
    },
    claims: new Claims(join(folder, "claims")),
    folder: join(folder, "stacks"),
    hosts: [uri],
    find: async () => found,
    remove: async (_, stacks) => {
      removed.push(stacks.source);
      return found;
    },
  };
}

describe("what is left over", () => {
  test("is what bears the sweep's name and belongs to no trial that runs", async () => {
    const names = (stack: string) => [`schedfront-${stack}-head`, `schedfront-${stack}-cn1`];
    const given = setting({ domains: [...names(dead), ...names(alive)], networks: [`schedfront-${alive}`], pools: [`schedfront-${dead}`] });
    const held = given.claims.take({ id: "00000000000b0000", sweep: "s", stack: alive }, uri);
    for (const stack of [dead, alive]) mkdirSync(join(given.folder, stack), { recursive: true });

    const garbage = await findGarbage("s", given);
    expect(garbage).toEqual({
      stacks: [dead],
      folders: [dead],
      onHosts: { [uri]: { domains: names(dead), networks: [], pools: [`schedfront-${dead}`] } },
      claims: [],
    });

    await removeGarbage("s", garbage, given, () => {});
    expect([given.destroyed, given.removed]).toEqual([[dead], [`^(${dead})$`]]);
    expect([dead, alive].map((stack) => existsSync(join(given.folder, stack)))).toEqual([false, true]);
    if (isHeld(held)) held.release();
  });

  test("is said, or that there is nothing", async () => {
    const empty = { stacks: [], folders: [], onHosts: {}, claims: [] };
    expect(garbageText("s", empty)).toBe("sweep s: nothing is left over");
    const onHosts = { [uri]: { domains: ["schedfront-x-head"], networks: [], pools: [] } };
    expect(garbageText("s", { ...empty, stacks: [dead], onHosts })).toBe(
      `sweep s: left over\n  stack ${dead}\n  domain schedfront-x-head on ${uri}`,
    );
  });
});

describe("on a hypervisor", () => {
  /** libvirt's test driver, with what its file says. */
  const testHypervisor = (names: readonly string[]) => {
    const file = join(folder, "node.xml");
    const domains = names.map((name) => `<domain type="test"><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`);
    const network = `<network><name>schedfront-${dead}</name></network>`;
    const pool = `<pool type="dir"><name>schedfront-${dead}</name><target><path>/none</path></target></pool>`;
    writeFileSync(file, `<node>${domains.join("")}${network}${pool}</node>`);
    return `test://${file}`;
  };

  test("only what bears the sweep's stacks' names is found", async () => {
    const at = testHypervisor([
      `schedfront-${dead}-head`,
      `schedfront-${dead}-cn12`,
      "schedfront-slurm-4node-head",
      `schedfront-sweep-other-00000000000a-head`,
      dead,
      "somebody-elses",
    ]);
    expect(await findLeftovers(at, stackPattern("s"))).toEqual({
      domains: expect.arrayContaining([`schedfront-${dead}-head`, `schedfront-${dead}-cn12`]),
      networks: [`schedfront-${dead}`],
      pools: [`schedfront-${dead}`],
    });
    expect((await findLeftovers(at, stackPattern("s"))).domains).toHaveLength(2);
    expect(isEmpty(await findLeftovers(at, stackPattern("t")))).toBe(true);
  });

  test("of stack a nothing is stack a-b's", async () => {
    const both = ["schedfront-a-cn1", "schedfront-a-b-cn1"];
    const file = testHypervisor(both);
    expect((await findLeftovers(file, /a/)).domains).toEqual(["schedfront-a-cn1"]);
    const names = { networks: ["schedfront-a", "schedfront-a-b"], pools: ["schedfront-a-b"] };
    expect(holdings({ domains: both, ...names }, ["a"])).toEqual([
      { stack: "a", known: true, domains: ["schedfront-a-cn1"], networks: ["schedfront-a"], pools: [] },
      { stack: "a-b", known: false, domains: ["schedfront-a-b-cn1"], networks: ["schedfront-a-b"], pools: ["schedfront-a-b"] },
    ]);
  });

  test("a network and a pool of a longer name stay", async () => {
    expect(await findLeftovers(testHypervisor([]), /sweep-s/)).toEqual({ domains: [], networks: [], pools: [] });
  });

  test("what is there is said with whose it is and what removes it", () => {
    const holding = { stack: "a", domains: ["schedfront-a-cn1"], networks: [], pools: [] };
    expect(holdingsText(uri, [{ ...holding, known: true }])).toBe(
      "stack a is in Pulumi's backend: make down STACK=a removes this\n  domain schedfront-a-cn1",
    );
    expect(holdingsText(uri, [{ ...holding, known: false }])).toContain("make gc REMOVE=a removes this");
    expect(holdingsText(uri, [])).toBe("qemu:///system: nothing of schedfront's");
  });

  test("one that does not answer is an error, not an empty list", async () => {
    await expect(findLeftovers("test:///not/there.xml", stackPattern("s"))).rejects.toThrow(/not\/there\.xml/);
  });
});
