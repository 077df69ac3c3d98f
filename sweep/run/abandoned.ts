import { isEmpty, type Leftovers } from "./leftovers.ts";

/** What one stack has on a hypervisor, and whether there still is a stack of that name. */
export interface Holding extends Leftovers {
  readonly stack: string;
  readonly known: boolean;
}

/** Every name that components/libvirt/names.ts can have made. */
export const anyStack = /[A-Za-z0-9_.-]+/;

/** A node's name has no hyphen: `schedfront-a-b-cn1` is a machine of stack a-b. */
const ofMachine = (domain: string) => domain.replace(/^schedfront-/, "").replace(/-[^-]*$/, "");
const ofWhole = (name: string) => name.replace(/^schedfront-/, "");

/** What is on the hypervisor, by stack; `stacks` are those in Pulumi's backend. */
export function holdings({ domains, networks, pools }: Leftovers, stacks: readonly string[]): Holding[] {
  const names = [...new Set([...domains.map(ofMachine), ...networks.map(ofWhole), ...pools.map(ofWhole)])].sort();
  return names.map((stack) => ({
    stack,
    known: stacks.includes(stack),
    domains: domains.filter((name) => ofMachine(name) === stack),
    networks: networks.filter((name) => ofWhole(name) === stack),
    pools: pools.filter((name) => ofWhole(name) === stack),
  }));
}

/** For people: what is there, and what becomes of it. */
export function holdingsText(uri: string, found: readonly Holding[]): string {
  const held = found.filter((holding) => !isEmpty(holding));
  if (held.length === 0) return `${uri}: nothing of schedfront's`;
  return held
    .flatMap(({ stack, known, domains, networks, pools }) => [
      known
        ? `stack ${stack} is in Pulumi's backend: make down STACK=${stack} removes this`
        : `stack ${stack} is not in Pulumi's backend: left over, or somebody else's; make gc REMOVE=${stack} removes this`,
      ...domains.map((name) => `  domain ${name}`),
      ...networks.map((name) => `  network ${name}`),
      ...pools.map((name) => `  pool ${name}`),
    ])
    .join("\n");
}
