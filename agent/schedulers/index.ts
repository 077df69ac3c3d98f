import type { Scheduler } from "../../model/schedulers/index.ts";
import type { SchedulerAdapter } from "../scheduler.ts";
import { FluxAdapter } from "./flux.ts";
import { SlurmAdapter } from "./slurm.ts";

const adapters: Readonly<Record<Scheduler["kind"], () => SchedulerAdapter>> = {
  flux: () => new FluxAdapter(),
  slurm: () => new SlurmAdapter(),
};

export const adapterOf = ({ kind }: Scheduler): SchedulerAdapter => adapters[kind]();
