import type { NodeGroup } from "./analysis.ts";
import type { TrialTuple } from "./trial-record.ts";

/** The machines in words: `4 nodes of 1 core and 1 GiB, unshaped network`. */
export function scaleInWords({ topology }: TrialTuple): string {
  const groups = topology.compute.map((group) => `${group.count} ${group.count === 1 ? "node" : "nodes"} of ${nodeInWords(group)}`);
  const profile = topology.network?.profile;
  return [...groups, ...(typeof profile === "string" ? [`${profile} network`] : [])].join(", ");
}

/** One node in words: `64 cores, 4 GPUs and 256 GiB`. */
export function nodeInWords({ cpus, gpus = 0, memoryGiB }: Pick<NodeGroup, "cpus" | "memoryGiB"> & { gpus?: number | undefined }): string {
  const devices = gpus === 0 ? "" : `, ${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`;
  return `${cpus} ${cpus === 1 ? "core" : "cores"}${devices} and ${memoryGiB} GiB`;
}

/** What a person asks first of a workload. */
const tellingParameters = ["jobs", "load", "order", "size", "trace", "timeCompression", "repetitions"];

/** The workloads in words: `hpl (order 512), jobstream (jobs 200, load 0.85)`. */
export const suiteInWords = ({ workloads }: TrialTuple): string =>
  workloads
    .map((workload) => {
      const told = tellingParameters.flatMap((name) => {
        const value = workload[name];
        const isTelling = (typeof value === "number" || typeof value === "string") && value !== 1;
        return isTelling ? [`${name} ${value}`] : [];
      });
      return told.length === 0 ? workload.kind : `${workload.kind} (${told.join(", ")})`;
    })
    .join(", ");
