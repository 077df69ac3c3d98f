import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../model/topology.ts";
import { runNow } from "../script.ts";
import { prefix } from "./names.ts";

/** What is the stack's own on a hypervisor: everything that bears its name, once the state has the claim. */
export interface Claim {
  /** libvirt connection. */
  readonly uri: string;
  /** Everything's name begins with it. */
  readonly prefix: string;
  /** Whose state it is, by the name that every backend understands. */
  readonly stack: string;
}

export const claim = ({ hypervisor }: Topology, stack: string): Claim => ({
  uri: hypervisor.uri,
  prefix: prefix(stack),
  stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
});

/**
 * Removes what bears the stack's name and is not in its state, left by an update that was killed: libvirt would refuse to
 * make it again, or go on with half a volume. Not at preview, when nobody holds the stack's lock.
 */
export async function settleLeftovers(claim: Claim): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  const { removed } = await runNow<{ removed: string[] }>("libvirt/scripts/settle-leftovers", claim);
  for (const what of removed) await pulumi.log.warn(`removed ${what} from ${claim.uri}: an update that was cut short had left it`);
}
