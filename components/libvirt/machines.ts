import type { Machines } from "../machines.ts";
import { claim, settleLeftovers } from "./claim.ts";
import { Cluster } from "./cluster.ts";
import { prefix } from "./names.ts";
import { RestoredCluster } from "./restored-cluster.ts";
import { Snapshot } from "./snapshot.ts";
import { virtualTime } from "./virtual-time.ts";

/** Machines as domains of libvirt. */
export const machines: Machines = {
  removeLeftovers: (topology, stack) => settleLeftovers(claim(topology, stack)),
  up: (name, args, opts) => new Cluster(name, args, opts),
  restored: (name, args, opts) => new RestoredCluster(name, args, opts),
  snapshot: (name, args, opts) => new Snapshot(name, args, opts),
  toHead: ({ hypervisor: { uri } }, owner) => ({
    script: "scripts/ask-agent",
    input: { hypervisor: { uri, prefix: prefix(owner) } },
  }),
  toVirtualTime: (name, args, opts) => ({ script: "libvirt/scripts/run-virtual", input: virtualTime(name, args, opts) }),
};
