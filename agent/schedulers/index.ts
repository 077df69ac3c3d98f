import type { Scheduler } from "../../model/schedulers/index.ts";
import { areEmulated, nodes, type Topology } from "../../model/topology.ts";
import type { SchedulerAdapter } from "../scheduler.ts";
import { FluxAdapter } from "./flux.ts";
import { SlurmAdapter } from "./slurm.ts";
import { VolcanoAdapter } from "./volcano.ts";

type Make<Kind> = (given: Extract<Scheduler, { kind: Kind }>, topology: Topology) => SchedulerAdapter;

const adapters: { readonly [Kind in Scheduler["kind"]]: Make<Kind> } = {
  flux: (_, topology) => new FluxAdapter(areEmulated(topology) ? nodes(topology).map(({ name }) => name) : undefined),
  slurm: () => new SlurmAdapter(),
  volcano: (given) => new VolcanoAdapter(given),
};

export const adapterOf = (given: Scheduler, topology: Topology): SchedulerAdapter => adapters[given.kind](given as never, topology);
