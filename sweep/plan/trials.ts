import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { AxisValues } from "../../model/axis-values.ts";
import { type Demand, demand } from "../../model/capacity.ts";
import { digestOf } from "../../model/identity.ts";
import { imageBackends, imageRequest } from "../../model/image.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { Tuple } from "../../model/tuple.ts";
import { type Configuration, type RawTuple, seedsOf } from "./configurations.ts";
import type { Sweep } from "./sweep.ts";

/** What a trial's result depends on: digests, sha256 in hexadecimal, and the number of the repetition. */
export interface TrialKey {
  /** Of the tuple with its seed, defaults written out. */
  readonly tuple: string;
  /** Of what makes the image. */
  readonly image: string;
  /** Of the program's own files, the image's left out ({@link Sources}). */
  readonly program: string;
  /** From 0. */
  readonly repetition: number;
}

/** One configuration with one seed, once: one stack, one `pulumi up`. */
export interface PlannedTrial {
  /** Digest of the key: the same trial is the same file, whichever sweep asks for it. */
  readonly id: string;
  readonly key: TrialKey;
  readonly sweep: string;
  readonly stack: string;
  readonly values: AxisValues;
  readonly seed: number;
  readonly repetition: number;
  /** Blocks, from 0, hold each configuration once. */
  readonly block: number;
  /** What the stack is configured with. */
  readonly raw: RawTuple;
  readonly tuple: Tuple;
  readonly demand: Demand;
  /** Connections to hosts of which it may use any. */
  readonly hypervisors: readonly string[];
}

/** Digests of the project's own files on which a tuple's result depends (components/sources.ts). */
export interface Sources {
  /** The agent with the tuple's scheduler and suite, and the roles in use. */
  readonly program: string;
  /** What builds the tuple's image. */
  readonly image: string;
}

/**
 * Every trial of the sweep in the order in which they run: blocks that hold each configuration once, in a random order
 * of their own, all with the same seed. So whatever drifts on the machine meets all configurations alike.
 */
export function plannedTrials(
  name: string,
  sweep: Sweep,
  found: readonly Configuration[],
  sourcesOf: (tuple: Tuple) => Sources,
): PlannedTrial[] {
  requireSeedsApart(name, sweep, found);
  const generator = xoroshiro128plus(sweep.orderSeed);
  const blocks = Array.from({ length: sweep.repetitions }, (_, repetition) => seedsOf(sweep).map((seed) => ({ seed, repetition }))).flat();
  return blocks.flatMap(({ seed, repetition }, block) =>
    shuffled(found, (most) => uniformInt(generator, 0, most)).map((configuration) =>
      plannedTrial({ name, hosts: sweep.hosts }, configuration, { seed, repetition, block }, sourcesOf(configuration.tuple)),
    ),
  );
}

function plannedTrial(
  { name, hosts }: { name: string; hosts: readonly string[] | undefined },
  { values, raw, tuple, digest }: Configuration,
  { seed, repetition, block }: { seed: number; repetition: number; block: number },
  sources: Sources,
): PlannedTrial {
  const withSeed = { ...tuple, workloads: tuple.workloads.map((workload) => ({ ...workload, seed })) };
  const key: TrialKey = {
    tuple: digestOf([digest, seed]),
    image: digestOf([tuple.image.backend, imageBackends.map((backend) => imageRequest(tuple, backend)), sources.image]),
    program: sources.program,
    repetition,
  };
  const id = digestOf(key).slice(0, 16);
  const rawWorkloads = (raw.workloads as readonly object[]).map((workload) => ({ ...workload, seed }));
  return {
    id,
    key,
    sweep: name,
    stack: stackOf(name, id),
    values,
    seed,
    repetition,
    block,
    raw: { ...raw, workloads: rawWorkloads },
    tuple: withSeed,
    demand: demand(tuple.topology),
    hypervisors: hosts ?? [tuple.topology.hypervisor.uri],
  };
}

/** Named after the sweep and the first digits of what it is for. */
export const stackOf = (sweep: string, id: string) => `sweep-${sweep}-${id.slice(0, 12)}`;

/** Names of the sweep's stacks, and of no other's. */
export const stackPattern = (sweep: string): RegExp => new RegExp(`^sweep-${sweep}-[0-9a-f]{12}$`);

/** Fisher and Yates's; `upTo(n)` draws from 0 to n. */
function shuffled<T>(values: readonly T[], upTo: (most: number) => number): T[] {
  const drawn = [...values];
  for (let last = drawn.length - 1; last > 0; last--) {
    const chosen = upTo(last);
    [drawn[last], drawn[chosen]] = [drawn[chosen] as T, drawn[last] as T];
  }
  return drawn;
}

/** A workload's repetition r uses seed + r: seeds that are too near would run the same jobs twice and call them two samples. */
function requireSeedsApart(name: string, sweep: Sweep, found: readonly Configuration[]): void {
  const seeds = seedsOf(sweep).toSorted((a, b) => a - b);
  const nearest = Math.min(...seeds.slice(1).map((seed, i) => seed - (seeds[i] as number)));
  const needed = Math.max(...found.flatMap(({ tuple }) => tuple.workloads.map(({ repetitions }) => repetitions)));
  const twice = seeds.find((seed, i) => seed === seeds[i + 1]);
  if (twice !== undefined) throw new InvalidInput(`sweep ${name}`, [{ path: ["seeds"], message: `${twice} is given twice` }]);
  if (nearest >= needed) return;
  const message = `two are ${nearest} apart, but a workload with ${needed} repetitions uses ${needed} seeds in a row`;
  throw new InvalidInput(`sweep ${name}`, [{ path: ["seeds"], message }]);
}
