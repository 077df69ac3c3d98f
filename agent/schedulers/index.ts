import type { Scheduler } from "../../model/schedulers/index.ts";
import type { SchedulerAdapter } from "../scheduler.ts";
import { FluxAdapter } from "./flux.ts";
import { SlurmAdapter } from "./slurm.ts";
import { VolcanoAdapter } from "./volcano.ts";

const adapters: { readonly [Kind in Scheduler["kind"]]: (given: Extract<Scheduler, { kind: Kind }>) => SchedulerAdapter } = {
  flux: () => new FluxAdapter(),
  slurm: () => new SlurmAdapter(),
  volcano: (given) => new VolcanoAdapter(given),
};

export const adapterOf = (given: Scheduler): SchedulerAdapter => adapters[given.kind](given as never);
