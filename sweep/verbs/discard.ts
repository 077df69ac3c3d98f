import { removeLeftovers } from "../leftovers.ts";
import { infrastructureOf } from "../project.ts";

/** Destroys one of the sweep's stacks, and what else bears its name on the hypervisor. */
export async function discard(name: string, stack: string, { hypervisor }: { readonly hypervisor: string }): Promise<void> {
  const infrastructure = await infrastructureOf(name);
  await infrastructure.destroy({ name: stack }, (step) => console.error(step));
  await removeLeftovers(hypervisor, stack);
}
