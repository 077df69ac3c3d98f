import { bodiesOf } from "../model/emulation.ts";
import type { Verified } from "../model/record.ts";
import { schedulerKind } from "../model/schedulers/index.ts";
import { computeNodes, type Topology } from "../model/topology.ts";
import { type Canary, canaries, canaryResult } from "./canary.ts";
import { configurationDigest } from "./configuration-digest.ts";
import { drive, emulatedNodesSeconds } from "./drive.ts";
import { KnownFailure } from "./failure.ts";
import { narrate } from "./progress.ts";
import type { Verify } from "./request.ts";
import type { SchedulerAdapter } from "./scheduler.ts";
import { nodesInWords } from "./words.ts";

/** Compares the running scheduler with what was asked for, and lets a job run on every node. */
export async function verify(adapter: SchedulerAdapter, { scheduler, topology, timeoutSeconds: least }: Verify): Promise<Verified> {
  const nodes = computeNodes(topology).map(({ name }) => name);
  const timeoutSeconds = least + emulatedNodesSeconds(topology);
  const unusable = await becomeUsable(adapter, nodes, timeoutSeconds);
  const { version, effective } = await adapter.effectiveConfiguration();
  const expected = schedulerKind(scheduler).expectedConfiguration(scheduler, topology);
  // They may be why nodes are not usable.
  requireNone([...(await realDifferences(adapter, expected, effective)), ...(await complaintsOf(adapter))]);
  if (unusable.size > 0)
    throw new Error(`${unusable.size} of ${nodes.length} nodes accept no jobs after ${timeoutSeconds} s: ${nodesInWords(unusable)}`);
  const canary = await runCanaries(adapter, canaries(topology, scheduler), topology, timeoutSeconds, bodiesOf(scheduler, topology));
  // Some of what it reads of its configuration it reads only when it first schedules.
  requireNone(await complaintsOf(adapter));
  return { version, effective, digest: configurationDigest(effective), canary };
}

/** Only where forms differ is the scheduler asked for its own, which takes it a start. */
async function realDifferences(
  adapter: SchedulerAdapter,
  expected: Readonly<Record<string, string>>,
  effective: Readonly<Record<string, string>>,
): Promise<string[]> {
  const differences = adapter.differences(expected, effective);
  if (differences.length === 0 || adapter.normalForms === undefined) return differences;
  return adapter.differences(await adapter.normalForms(expected), effective);
}

const complaintsOf = async (adapter: SchedulerAdapter) => ((await adapter.complaints?.()) ?? []).map((words) => `its log says: ${words}`);

function requireNone(amiss: readonly string[]): void {
  if (amiss.length > 0)
    throw new KnownFailure("configuration differs", ["the scheduler does not run as configured", ...amiss].join("\n  "));
}

/** Resolves to what is still amiss with nodes after that time, by their names. */
async function becomeUsable(adapter: SchedulerAdapter, nodes: readonly string[], timeoutSeconds: number) {
  const limit = performance.now() + timeoutSeconds * 1000;
  let missing = new Map<string, string>();
  const look = async () => {
    for (;;) {
      missing = await adapter.unusable(nodes);
      if (missing.size === 0 || performance.now() > limit) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  await narrate(
    () => `verify: ${nodes.length - missing.size} of ${nodes.length} nodes usable${missing.size > 0 ? ` (${nodesInWords(missing)})` : ""}`,
    look,
  );
  return missing;
}

async function runCanaries(
  adapter: SchedulerAdapter,
  all: readonly Canary[],
  topology: Topology,
  timeoutSeconds: number,
  bodies: "run" | "pretended",
) {
  const places = new Map(all.map((canary) => [canary.job.id, canary]));
  const options = { label: "canary", placeOf: ({ id }: { id: string }) => places.get(id), cutOffSeconds: timeoutSeconds };
  const jobs = all.map(({ job }) => job);
  return drive(adapter, jobs, topology, options, (driven, collected) =>
    all.map((canary) => canaryResult(canary, driven, collected, bodies)),
  );
}
