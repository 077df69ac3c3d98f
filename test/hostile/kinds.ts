import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readTrials } from "../../analysis/report/read-trials.ts";
import { InvalidInput } from "../../model/problem.ts";
import { parseSaved, type SavedPart } from "../../model/saved-machines.ts";
import { parseOthers, parseStackName } from "../../model/stack-configuration.ts";
import { parseTuple } from "../../model/tuple.ts";
import { Claims } from "../../sweep/store/claims.ts";
import { TrialStore } from "../../sweep/store/trial-store.ts";
import { fullTuple } from "./files.ts";
import { hostileTexts, sample } from "./mutations.ts";
import { sites } from "./sites.ts";

/** Kinds of input beside stack and sweep files: for each, values to try, and how the program reads one. */
export interface Kind {
  readonly values: (count: number, seed: number) => Iterable<unknown>;
  /** Throws InvalidInput where it refuses; anything else that it throws is a crash. `folder` is empty and the reader's own. */
  readonly read: (value: unknown, folder: string) => unknown;
  /** Of which most is taken, with what of it was left out. */
  readonly isLenient?: boolean;
}

const refused = (what: string, path: string, message: string) => new InvalidInput(what, [{ path: [path], message }]);

const id = "0123456789abcdef";
const stack = "sweep-s-0123456789ab";

/** What a stack's configuration may have, by full key. */
const configuration = {
  ...Object.fromEntries(Object.entries(fullTuple).map(([part, value]) => [`schedfront:${part}`, value])),
  "restore:from": "saved",
  "restore:machines": "machines",
  "pulumi:tags": { team: "hpc" },
};

const namespaces = ["libvirt", "command", "pulumi", "restore", "schedfront", "aws", "config", "", ...hostileTexts];
const strangers = fc.array(
  fc.tuple(
    fc.constantFrom(...namespaces),
    fc.constantFrom("uri", "from", "tags", "topology", ...hostileTexts),
    fc.constantFrom(...hostileTexts),
  ),
  {
    maxLength: 2,
  },
);

/** A file's `config` with changed values, and now and then keys of other namespaces, as Pulumi hands it on: text by full key. */
function* configurations(count: number, seed: number): Iterable<Record<string, string>> {
  for (let i = 0; i < count; i++) {
    const [changed] = sample(configuration, 1, seed + i);
    const given = typeof changed === "object" && changed !== null ? changed : { "schedfront:topology": changed };
    const more = fc.sample(strangers, { numRuns: 1, seed: seed + i })[0] ?? [];
    const all = [...Object.entries(given), ...more.map(([namespace, key, value]) => [`${namespace}:${key}`, value])];
    yield Object.fromEntries(all.map(([key, value]) => [String(key), typeof value === "string" ? value : (JSON.stringify(value) ?? "")]));
  }
}

function textOrJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readConfiguration(value: unknown): unknown {
  const all = value as Record<string, string>;
  const others = parseOthers("schedfront", all);
  const own = Object.entries(all).flatMap(([key, text]) =>
    key.startsWith("schedfront:") ? [[key.slice("schedfront:".length), textOrJson(text)]] : [],
  );
  return { others, tuple: parseTuple(Object.fromEntries(own)) };
}

const saved: Readonly<Record<SavedPart, unknown>> = {
  image: {
    backend: "debian",
    disk: "/c/d",
    kernel: "/c/k",
    initrd: "/c/i",
    commandLine: "root=/dev/vda rw",
    digest: "sha256:1",
    manifest: "/c/m",
  },
  domainType: "kvm",
  network: {
    asked: { bandwidthGbitPerSecond: null, latencyMicroseconds: 0, mtu: 1500 },
    paths: [{ from: "head", to: "cn1", bandwidthGbitPerSecond: 1, roundTripMicroseconds: { min: 1, mean: 2 }, mtu: 1500 }],
  },
  prepared: {
    hosts: [{ name: "head", role: "head", group: "head", address: "10.1.2.3", hostKey: "ssh-ed25519 AAAA head", instance: "4a-5b" }],
    privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    jump: "me@host:22",
  },
};

const claim = {
  id,
  sweep: "s",
  stack,
  hypervisor: "qemu:///system",
  machine: "m",
  started: "2026-01-01T00:00:00.000Z",
  pid: 1,
  place: "p",
  ticks: "1",
};

const trial = {
  id,
  key: { tuple: "t", image: "i", program: "p", repetition: 0 },
  sweep: "s",
  stack,
  values: { "scheduler.SchedulerType": "sched/backfill" },
  seed: 1,
  repetition: 0,
  hypervisor: "qemu:///system",
  machine: "m",
  started: claim.started,
  ended: claim.started,
  seconds: 1,
  outcome: { kind: "timeout", at: null, message: "it took longer than 60 minutes" },
};

/** Values as files of `folder`, where `read` finds them. */
const asFile =
  (path: readonly string[], read: (folder: string) => unknown) =>
  (value: unknown, folder: string): unknown => {
    const file = join(folder, ...path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(value) ?? "");
    try {
      return read(folder);
    } finally {
      rmSync(file);
    }
  };

const of = (value: unknown) => (count: number, seed: number) => sample(value, count, seed);

/** A record of a real trial. */
const record: unknown = JSON.parse(readFileSync("test/model/fixtures/records/unversioned/slurm-4node/trial-2c12b4ea77f1157d.json", "utf8"));

export const kinds: Readonly<Record<string, Kind>> = {
  "configurations, all keys": { values: configurations, read: readConfiguration },
  "stacks' names": {
    values: (count, seed) =>
      fc.sample(fc.oneof(fc.constantFrom<string>(...hostileTexts), fc.string({ unit: "binary" }), fc.string()), { numRuns: count, seed }),
    read: (value) => parseStackName(String(value)),
  },
  ...Object.fromEntries(
    Object.entries(saved).map(([part, value]) => [
      `saved stacks, ${part}`,
      { values: of(value), read: (given: unknown) => parseSaved("k", part as SavedPart)(given) },
    ]),
  ),
  claims: { values: of(claim), read: asFile([`${id}.json`], (folder) => new Claims(folder).list("s")) },
  "trials' files": {
    values: of(trial),
    read: asFile([`${id}.json`], (folder) => {
      const { trials, unreadable } = new TrialStore(folder).list();
      if (unreadable[0] !== undefined) throw refused("trial", unreadable[0].file, unreadable[0].reason);
      return trials;
    }),
  },
  "records in results/": {
    values: of(record),
    read: asFile(["t", "trial-0.json"], (folder) => {
      const found = readTrials(folder);
      if (found.unreadable[0] !== undefined) throw refused("record", found.unreadable[0].file, found.unreadable[0].reason);
      return found;
    }),
  },
  ...sites,
};
