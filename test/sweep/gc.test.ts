import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Holding } from "../../components/machines.ts";
import { findGarbage, type GarbageSetting, garbageText, removeGarbage } from "../../sweep/run/gc.ts";
import { holdingsText } from "../../sweep/run/holdings.ts";
import { machines, probeHost } from "../../sweep/run/machine-host.ts";
import { Claims, isHeld } from "../../sweep/store/claims.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-gc-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [dead, alive] = ["sweep-s-00000000000a", "sweep-s-00000000000b"] as const;
const uri = "qemu:///system";

function setting(found: readonly Holding[]): GarbageSetting & { destroyed: string[]; removed: string[] } {
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
    machines: {
      inventory: async () => [...found],
      remove: async (_, stacks) => {
        removed.push(...stacks);
        return [];
      },
    },
  };
}

describe("what is left over", () => {
  test("is what bears the sweep's name and belongs to no trial that runs", async () => {
    const of = (stack: string) => ["head", "cn1"].map((node) => ({ stack, kind: "machine", name: `schedfront-${stack}-${node}` }));
    const given = setting([...of(dead), ...of(alive), ...of("sweep-other-00000000000a"), ...of("sweep-s-x-00000000000a")]);
    const held = given.claims.take({ id: "00000000000b0000", sweep: "s", stack: alive }, uri);
    for (const stack of [dead, alive]) mkdirSync(join(given.folder, stack), { recursive: true });

    const garbage = await findGarbage("s", given);
    expect(garbage).toEqual({
      stacks: [dead],
      folders: [dead],
      onHosts: { [uri]: of(dead) },
      claims: [],
    });

    await removeGarbage("s", garbage, given, () => {});
    expect([given.destroyed, given.removed]).toEqual([[dead], [dead]]);
    expect([dead, alive].map((stack) => existsSync(join(given.folder, stack)))).toEqual([false, true]);
    if (isHeld(held)) held.release();
  });

  test("is said, or that there is nothing", async () => {
    const empty = { stacks: [], folders: [], onHosts: {}, claims: [] };
    expect(garbageText("s", empty)).toBe("sweep s: nothing is left over");
    const onHosts = { [uri]: [{ stack: "x", kind: "domain", name: "schedfront-x-head" }] };
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

  test("what a stack made is found by its name, with whose it is", async () => {
    const at = testHypervisor([
      `schedfront-${dead}-head`,
      "schedfront-a-cn1",
      "schedfront-a-b-cn12",
      dead,
      "somebody-elses",
      "schedfront-a-",
    ]);
    const found = await machines.inventory(at);
    expect(found.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { stack: "a-b", kind: "domain", name: "schedfront-a-b-cn12" },
      { stack: "a", kind: "domain", name: "schedfront-a-cn1" },
      { stack: dead, kind: "network", name: `schedfront-${dead}` },
      { stack: dead, kind: "pool", name: `schedfront-${dead}` },
      { stack: dead, kind: "domain", name: `schedfront-${dead}-head` },
    ]);
  });

  test("what is there is said with whose it is and what removes it", () => {
    const found = [{ stack: "a", kind: "domain", name: "schedfront-a-cn1" }];
    expect(holdingsText(uri, found, ["a"])).toBe(
      "stack a is in Pulumi's backend: make down STACK=a removes this\n  domain schedfront-a-cn1",
    );
    expect(holdingsText(uri, found, ["a-cn1"])).toContain("make gc REMOVE=a removes this");
    expect(holdingsText(uri, [], [])).toBe("qemu:///system: nothing of schedfront's");
  });

  test("one that does not answer is an error, not an empty list, and says why in words", async () => {
    await expect(machines.inventory("test:///not/there.xml")).rejects.toThrow(/not\/there\.xml/);
    const probed = probeHost({ uri: "test:///not/there.xml", imagesDirectory: "/" });
    await expect(probed).rejects.toThrow('libvirt at "test:///not/there.xml" does not answer');
  });
});

test("only what the named stacks have is removed", async () => {
  const names = ["domains/schedfront-a-cn1", "domains/schedfront-a-b-cn1", "networks/schedfront-a", "networks/schedfront-a-b"];
  for (const name of [...names, "pools/schedfront-a/disk", "pools/schedfront-a-b/disk"]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  vi.stubEnv("PATH", `${resolve("test/components/fakes")}:${process.env.PATH}`);
  const removed = await machines.remove(`fake://${folder}`, ["a", "none"]);
  vi.unstubAllEnvs();
  expect(removed.map(({ name }) => name)).toEqual(["schedfront-a-cn1", "schedfront-a", "schedfront-a"]);
  expect(["domains", "networks", "pools"].flatMap((kind) => readdirSync(join(folder, kind)))).toEqual([
    "schedfront-a-b-cn1",
    "schedfront-a-b",
    "schedfront-a-b",
  ]);
});
