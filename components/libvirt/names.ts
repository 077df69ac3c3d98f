import { createHash } from "node:crypto";
import { machines, type Topology } from "../../model/topology.ts";

/**
 * Names and addresses of a stack's machines, derived from its name, so that two stacks on one hypervisor never meet
 * and the same stack finds its own again.
 */

const hash = (...parts: readonly string[]) => createHash("sha256").update(parts.join("\0")).digest();

/** Prefix of everything that the stack makes on the hypervisor. */
export const prefix = (stack: string): string => `schedfront-${stack}`;

/** libvirt's name of a stack's machine. */
export const domain = (stack: string, node: string): string => `${prefix(stack)}-${node}`;

/** Of all of them, the head first. */
export const domains = (stack: string, topology: Topology): string[] => machines(topology).map(({ name }) => domain(stack, name));

/** The stack that made something of this name; undefined where none did. A node's name has no hyphen: `schedfront-a-b-cn1` is of a-b. */
export const ownerOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string | undefined =>
  (kind === "domain" ? /^schedfront-([A-Za-z0-9_.-]+)-[a-z][a-z0-9]*$/ : /^schedfront-([A-Za-z0-9_.-]+)$/).exec(name)?.[1];

/** One of the 32,768 networks of 10.128.0.0/9, as `10.x.y.0/24`. */
export function subnet(stack: string): string {
  const [high = 0, low = 0] = hash("subnet", stack);
  return `10.${128 + (high % 128)}.${low}.0/24`;
}

/** Address number `index` (from 0) of a /24; .1 is the hypervisor's own. */
export const address = (network: string, index: number): string => network.replace(/\.0\/24$/, `.${index + 2}`);

/** A MAC address in QEMU's own range, 52:54:00; in capitals, as the provider reads it back, or it looks like a change. */
export function macAddress(stack: string, host: string): string {
  const octets = [...hash("mac", stack, host).subarray(0, 3)].map((octet) => octet.toString(16).padStart(2, "0").toUpperCase());
  return ["52", "54", "00", ...octets].join(":");
}

/** Linux limits an interface's name to 15 characters. */
export const bridge = (stack: string): string => `sf-${hash("bridge", stack).toString("hex").slice(0, 10)}`;
