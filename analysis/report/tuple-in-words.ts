import type { RecordedTuple } from "../../model/record.ts";
import type { NodeGroup } from "./analysis.ts";

/** The machines in words: `4 nodes of 1 core and 1 GiB, network of 0.5 Gbit/s and 250 µs one way`. */
export function scaleInWords({ topology }: RecordedTuple): string {
  const groups = topology.compute.map((group) => `${group.count} ${group.count === 1 ? "node" : "nodes"} of ${nodeInWords(group)}`);
  return [...groups, ...networkInWords(topology.network)].join(", ");
}

/** A profile is where a network starts from; what it has come to counts. */
function networkInWords(network: RecordedTuple["topology"]["network"]): string[] {
  const { profile, bandwidthGbitPerSecond: rate, latencyMicroseconds: delay } = network ?? {};
  if (typeof profile !== "string") return [];
  const shape = [
    ...(typeof rate === "number" ? [`${rate} Gbit/s`] : []),
    ...(typeof delay === "number" && delay > 0 ? [`${delay} µs one way`] : []),
  ];
  if (shape.length === 0) return [`${profile} network`];
  return [`${profile === "unshaped" ? "" : `${profile} `}network of ${shape.join(" and ")}`];
}

/** One node in words: `64 cores, 4 GPUs and 256 GiB`. */
export function nodeInWords({ cpus, gpus = 0, memoryGiB }: Pick<NodeGroup, "cpus" | "memoryGiB"> & { gpus?: number | undefined }): string {
  const devices = gpus === 0 ? "" : `, ${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`;
  return `${cpus} ${cpus === 1 ? "core" : "cores"}${devices} and ${memoryGiB} GiB`;
}

/** What a person asks first of a workload. */
const tellingParameters = ["jobs", "load", "order", "size", "trace", "timeCompression", "repetitions"];

/** The workloads in words: `hpl (order 512), jobstream (jobs 200, load 0.85)`. */
export const suiteInWords = ({ workloads }: RecordedTuple): string =>
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
