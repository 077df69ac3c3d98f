import type { RecordedTuple } from "../../../model/record.ts";
import type { OwnFile } from "../../../model/scheduler.ts";
import { schedulerKind, scheduler as schedulerSchema } from "../../../model/schedulers/index.ts";
import { topology as topologySchema } from "../../../model/topology.ts";

/** The scheduler's own files for a recorded tuple; none where this version's schema refuses it, as it may an older version's. */
export function ownFilesOf({ scheduler, topology }: Pick<RecordedTuple, "scheduler" | "topology">): OwnFile[] {
  const [parameters, machines] = [schedulerSchema.safeParse(scheduler), topologySchema.safeParse(topology)];
  if (!parameters.success || !machines.success) return [];
  return schedulerKind(parameters.data).ownFiles(parameters.data, machines.data);
}
