import { complain } from "../../../analysis/say.ts";
import { machines } from "../../run/machine-host.ts";
import { infrastructureOf } from "../project.ts";

/** Destroys one of the sweep's stacks, and what else bears its name on the hypervisor. */
export async function discard(name: string, stack: string, { hypervisor }: { readonly hypervisor: string }): Promise<void> {
  const infrastructure = await infrastructureOf(name);
  await infrastructure.destroy({ name: stack }, (step) => complain(step));
  await machines.remove(hypervisor, [stack]);
}
