import { libvirtHost } from "./libvirt/host.ts";
import type { Ask, MachineHost } from "./machines.ts";

/** The host's half of {@link ./machines.ts}, for those that ask it by processes of their own. Without Pulumi. */
export const machineHost: (ask: Ask) => MachineHost = libvirtHost;
