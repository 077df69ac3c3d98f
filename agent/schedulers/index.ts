import type { Scheduler } from "../../model/schedulers/index.ts";
import type { SchedulerAdapter } from "../scheduler.ts";
import { SlurmAdapter } from "./slurm.ts";
import { VolcanoAdapter } from "./volcano.ts";

const adapters: { readonly [Kind in Scheduler["kind"]]: (given: Extract<Scheduler, { kind: Kind }>) => SchedulerAdapter } = {
  slurm: () => new SlurmAdapter(),
  volcano: (given) => new VolcanoAdapter(given),
};

export const adapterOf = (given: Scheduler): SchedulerAdapter => adapters[given.kind](given as never);
