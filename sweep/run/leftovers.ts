import { parse } from "../../model/problem.ts";
import { stackName } from "../../model/stack-name.ts";
import { ask } from "./processes.ts";

/** Names of what is on a hypervisor. */
export interface Leftovers {
  readonly domains: readonly string[];
  readonly networks: readonly string[];
  readonly pools: readonly string[];
}

/** What stacks whose names match left on the hypervisor. */
export const findLeftovers = (uri: string, stacks: RegExp): Promise<Leftovers> => leftovers(uri, stacks.source, false);

/** Removes them, and says what they were. */
export const removeAllLeftovers = (uri: string, stacks: RegExp): Promise<Leftovers> => leftovers(uri, stacks.source, true);

/** Of one stack. */
export const removeLeftovers = async (uri: string, stack: string): Promise<Leftovers> =>
  leftovers(uri, parse("stack name", stackName, stack).replaceAll(".", "\\."), true);

const leftovers = (uri: string, stacks: string, remove: boolean) =>
  ask<Leftovers>("components/libvirt/scripts/leftovers", { uri, stacks: stacks.replace(/^\^/, "").replace(/\$$/, ""), remove });

export const isEmpty = ({ domains, networks, pools }: Leftovers): boolean => domains.length + networks.length + pools.length === 0;
