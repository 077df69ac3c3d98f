import { type Job, noOp } from "../model/job.ts";
import { schedulerKind } from "../model/schedulers/index.ts";
import type { Topology } from "../model/topology.ts";
import { computeNodes } from "../model/topology.ts";
import type { Verified } from "../model/trial.ts";
import { configurationDigest } from "./configuration-digest.ts";
import { type Driven, drive } from "./drive.ts";
import { narrate } from "./progress.ts";
import type { Verify } from "./request.ts";
import type { SchedulerAdapter } from "./scheduler.ts";

/** Compares the running scheduler with what was asked for, and lets a job run on every node. */
export async function verify(adapter: SchedulerAdapter, { scheduler, topology, timeoutSeconds }: Verify): Promise<Verified> {
  const { version, effective } = await adapter.effectiveConfiguration();
  const differences = adapter.differences(schedulerKind(scheduler).expectedConfiguration(scheduler, topology), effective);
  if (differences.length > 0) throw new Error(["the scheduler does not run as configured", ...differences].join("\n  "));
  await becomeUsable(
    adapter,
    computeNodes(topology).map(({ name }) => name),
    timeoutSeconds,
  );
  const canary = await runCanaries(adapter, topology, timeoutSeconds);
  return { version, effective, digest: configurationDigest(effective), canary };
}

async function becomeUsable(adapter: SchedulerAdapter, nodes: readonly string[], timeoutSeconds: number) {
  const limit = performance.now() + timeoutSeconds * 1000;
  let missing = new Map<string, string>();
  const reasons = () => [...missing].map(([node, reason]) => `${node} is ${reason}`).join("; ");
  const look = async () => {
    for (;;) {
      missing = await adapter.unusable(nodes);
      if (missing.size === 0) return;
      if (performance.now() > limit)
        throw new Error(`${missing.size} of ${nodes.length} nodes take no jobs after ${timeoutSeconds} s: ${reasons()}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  await narrate(
    () => `verify: ${nodes.length - missing.size} of ${nodes.length} nodes usable${missing.size > 0 ? ` (${reasons()})` : ""}`,
    look,
  );
}

async function runCanaries(adapter: SchedulerAdapter, topology: Topology, timeoutSeconds: number): Promise<Verified["canary"]> {
  const nodes = computeNodes(topology).map(({ name }) => name);
  const nodeOf = ({ id }: Job) => id.slice(prefix.length);
  const options = { label: "canary", nodeOf, cutOffSeconds: timeoutSeconds };
  return drive(adapter, nodes.map(canaryOn), nodes, options, ({ timeline, waiting }: Driven, collected) =>
    timeline.jobs.map(({ job, outcome, submit, started, ended }) => {
      const node = nodeOf(job);
      if (started === null || ended === null || outcome !== "completed")
        throw new Error(`the canary job on ${node} ended as ${outcome} within ${timeoutSeconds} s${because(waiting.get(job.id))}`);
      const wrote = collected.find((from) => from.node === node)?.clock.includes(`${job.id} ended`);
      if (wrote !== true) throw new Error(`the canary job for ${node} ran, but left no trace on ${node}`);
      return { node, seconds: Math.round((ended - submit) * 1000) / 1000 };
    }),
  );
}

const because = (reason: string | undefined) => (reason === undefined ? "" : `: ${reason}`);

const prefix = "canary-";

const canaryOn = (node: string): Job => noOp(`${prefix}${node}`);
