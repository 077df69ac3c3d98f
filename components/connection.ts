import type { Host } from "../model/host.ts";
import { hypervisorParts } from "../model/hypervisor-uri.ts";
import type { Hypervisor } from "../model/topology.ts";

/** How a script reaches the cluster's machines by ssh. */
export interface Connection {
  readonly hosts: readonly Host[];
  /** Private key of root on every machine. */
  readonly privateKey: string;
  /** `user@host` of a hypervisor elsewhere, whose network holds the machines; null where it is this machine. */
  readonly jump: string | null;
}

/** `qemu+ssh://me@host:2222/system` → `me@host:2222`, which ssh's ProxyJump takes. */
export const jumpHost = ({ uri }: Pick<Hypervisor, "uri">): string | null => hypervisorParts(uri)?.ssh ?? null;
