import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setAllConfig, setMocks } from "@pulumi/pulumi/runtime/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTuple } from "../../components/configuration.ts";
import { InvalidInput, parse } from "../../model/problem.ts";
import { parseTuple } from "../../model/tuple.ts";
import { configurations } from "../../sweep/plan/configurations.ts";
import { readYaml } from "../../sweep/plan/read-sweep.ts";
import { sweep } from "../../sweep/plan/sweep.ts";
import { plannedTrials } from "../../sweep/plan/trials.ts";
import { fullSweep, fullTuple } from "./files.ts";
import { hostileTexts, sample } from "./mutations.ts";
import { hostileYaml } from "./yaml-texts.ts";

/** What people send: every file is refused by a sentence, or is taken for what it says. Nothing is made on the way. */

const registered: string[] = [];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-hostile-"));
  const newResource = ({ name }: { name: string }) => {
    registered.push(name);
    return { id: name, state: {} };
  };
  await setMocks({ newResource, call: () => ({}) }, "schedfront", "t");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The complaint, or what was read. Anything but a complaint in the program's own words fails the test. */
function complaintOr<T>(read: () => T): { readonly complaint: string } | { readonly value: T } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof InvalidInput || (error as Error).constructor.name === "RunError") return { complaint: (error as Error).message };
    throw error;
  }
}

const isShort = (complaint: string) => complaint.split("\n").every((line) => line.length < 1000) && complaint.split("\n").length <= 52;

/** Neither what a terminal acts upon nor text that is made to look like other text. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("600 mutated stack files", () => {
  const isMapping = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
  const files = sample(fullTuple, 600, 1).filter(isMapping).map(asJson);

  test("each is refused in short printable lines, or is what it says", () => {
    const ends = files.map((file) => {
      setAllConfig(Object.fromEntries(Object.entries(file).map(([key, value]) => [`schedfront:${key}`, JSON.stringify(value)])));
      return { file, end: complaintOr(readTuple) };
    });
    for (const { end } of ends)
      if ("complaint" in end) {
        expect(end.complaint).toMatch(/^invalid tuple\n {2}/);
        expect(end.complaint).not.toMatch(unprintable);
        expect(isShort(end.complaint)).toBe(true);
      }
    // The full tuple names files that are not there, so the schema alone says which would be taken.
    const taken = files.flatMap((file) => {
      const end = complaintOr(() => parseTuple(file));
      return "value" in end ? [{ file, value: asJson(end.value) }] : [];
    });
    expect(taken.length).toBeGreaterThan(5);
    for (const { file, value } of taken) expect(value).toMatchObject(file);
    expect(taken.length).toBeLessThan(files.length / 2);
    expect(registered).toEqual([]);
  });
});

describe("400 mutated sweep files", () => {
  test("each is refused in short printable lines, or makes no more trials than it allows", () => {
    let taken = 0;
    for (const [i, value] of sample(fullSweep, 400, 2).entries()) {
      const file = join(folder, `${i}.yaml`);
      writeFileSync(file, JSON.stringify(value));
      const end = complaintOr(() => {
        const read = parse("sweep s", sweep, readYaml(file));
        return { read, trials: plannedTrials("s", read, configurations("s", read, fullTuple), () => ({ program: "p", image: "i" })) };
      });
      if ("complaint" in end) {
        expect(end.complaint).not.toMatch(unprintable);
        expect(isShort(end.complaint)).toBe(true);
      } else {
        taken++;
        expect(end.value.trials.length).toBeLessThanOrEqual(end.value.read.budget.trials);
        for (const { stack } of end.value.trials) expect(stack).toMatch(/^sweep-s-[0-9a-f]{12}$/);
      }
    }
    expect(taken).toBeGreaterThan(5);
  });
});

test.each(Object.entries(hostileYaml))("a sweep file with %s is refused", (_, text) => {
  const file = join(folder, "text.yaml");
  writeFileSync(file, text);
  expect(complaintOr(() => readYaml(file))).toHaveProperty("complaint", expect.stringMatching(/^invalid .*\n {2}yaml: /));
});

describe("every string of a tuple", () => {
  type Path = readonly (string | number)[];
  const strings = (value: unknown, path: Path = []): Path[] => {
    if (typeof value === "string") return [path];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]));
  };
  const withText = (root: unknown, [key, ...rest]: Path, text: string): unknown => {
    if (key === undefined) return text;
    const inner = withText((root as Record<string, unknown>)[key], rest, text);
    return Array.isArray(root) ? root.with(Number(key), inner) : { ...(root as object), [key]: inner };
  };

  /** Free text: a machine's own program and its arguments, a path of the user's own file, a setting that slurm.conf holds as it stands. */
  const free = /\.(path|program|arguments\.\d|LaunchParameters)$/;

  test.each(strings(fullTuple).map((path) => [path.join("."), path] as const))(
    "%s takes no text that a shell or a path acts upon",
    (name, path) => {
      const taken = hostileTexts.filter((text) => "value" in complaintOr(() => parseTuple(withText(fullTuple, path, text))));
      if (free.test(name)) for (const text of taken) expect(text).not.toMatch(/\p{Cc}/u);
      else for (const text of taken) expect(text).toMatch(/^[a-z/]*$/);
    },
  );
});

const tupleWith = (topology: object) => complaintOr(() => parseTuple({ ...fullTuple, topology: { ...fullTuple.topology, ...topology } }));

describe("what would act beyond the stack is refused", () => {
  test.each(["qemu+ssh://host/system?command=/bin/sh", "qemu+ssh://host/system?no_verify=1", "qemu+ssh://-oProxyCommand/system"])(
    "%s",
    (uri) => {
      expect(tupleWith({ hypervisor: { uri } })).toHaveProperty("complaint", expect.stringContaining("topology.hypervisor.uri: "));
    },
  );

  test("a hypervisor elsewhere may be named with its socket and key", () => {
    expect(tupleWith({ hypervisor: { uri: "qemu+ssh://me@host:22/system?keyfile=/home/me/.ssh/id&mode=legacy" } })).toHaveProperty("value");
  });

  test.each(["8.8.8.0/24", "127.0.0.0/24", "999.1.1.0/24", "10.256.0.0/24", "172.32.0.0/24", "224.0.0.0/24"])(
    "the network %s",
    (subnet) => {
      expect(tupleWith({ network: { subnet } })).toHaveProperty("complaint", expect.stringContaining("topology.network.subnet: "));
    },
  );

  test.each(["10.0.0.0/24", "172.31.255.0/24", "192.168.4.0/24"])("but not the private network %s", (subnet) => {
    expect(tupleWith({ network: { subnet } })).toHaveProperty("value");
  });

  test("groups whose machines would have one name", () => {
    const compute = [
      { name: "c", count: 11 },
      { name: "c1", count: 1 },
    ];
    const end = complaintOr(() => parseTuple({ topology: { compute }, scheduler: { kind: "slurm" }, workloads: [{ kind: "burst" }] }));
    expect(end).toEqual({
      complaint: 'invalid tuple\n  topology.compute[1].name: "c1" names a machine c11, and so does another group',
    });
  });
});
