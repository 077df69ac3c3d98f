import { complain } from "../../../analysis/say.ts";
import { removeLeftovers } from "../../run/leftovers.ts";
import { infrastructureOf } from "../project.ts";

/** Destroys one of the sweep's stacks, and what else bears its name on the hypervisor. */
export async function discard(name: string, stack: string, { hypervisor }: { readonly hypervisor: string }): Promise<void> {
  const infrastructure = await infrastructureOf(name);
  await infrastructure.destroy({ name: stack }, (step) => complain(step));
  await removeLeftovers(hypervisor, stack);
}
