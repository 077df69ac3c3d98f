import type { Node } from "./topology.ts";

/** One machine of the cluster, once it exists: what the inventory is made of. */
export interface Host {
  readonly name: string;
  readonly role: Node["role"];
  readonly group: string;
  readonly address: string;
  /** Its public SSH host key, `ssh-ed25519 AAAA...`, made before it booted. */
  readonly hostKey: string;
  /** The id of the machine where it runs: another one once the machine is made anew, and then all that was done on it is done again. */
  readonly instance: string;
}
