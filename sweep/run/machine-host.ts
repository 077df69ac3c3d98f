import { machineHost } from "../../components/machine-host.ts";
import { InvalidInput } from "../../model/problem.ts";
import type { Hypervisor } from "../../model/topology.ts";
import { Host } from "../plan/host.ts";
import { ask } from "./processes.ts";

/** Where machines run, asked by scripts that this process starts. */
export const machines = machineHost((script, input) => ask(`components/${script}`, input));

/** A host with what it has; throws InvalidInput where it does not answer. */
export async function probeHost(at: Pick<Hypervisor, "uri" | "imagesDirectory">): Promise<Host> {
  const facts = await machines.capacity(at, null);
  if ("error" in facts) throw new InvalidInput("host", [{ path: ["hosts", at.uri], message: facts.error.message }]);
  return new Host(at.uri, facts);
}
