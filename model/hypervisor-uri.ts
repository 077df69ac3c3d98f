import * as z from "zod";
import { quote } from "./problem.ts";

/** A libvirt connection, taken apart. */
export interface HypervisorUri {
  /** `user@host:port` as ssh's ProxyJump has it; null where libvirt is on this machine. */
  readonly ssh: string | null;
}

const user = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}";
const name = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?";
const ipv6 = "\\[[0-9A-Fa-f:.]{2,45}\\]";
const shape = new RegExp(`^(?:qemu://|qemu\\+ssh://((?:${user}@)?(${name}|${ipv6})(?::(\\d{1,5}))?))/system(?:\\?(.*))?$`);

/** A plain absolute path: libvirt and the provider expand neither `~` nor variables in it, and ssh takes it for no option. */
const path = /^(?:\/[A-Za-z0-9_,.~-]+)+$/;

/** Parameters that say where things are or how to log in without a password (https://libvirt.org/uri.html#ssh-transport). */
const parameters: Readonly<Record<string, RegExp>> = {
  socket: path,
  mode: /^(?:auto|direct|legacy)$/,
  keyfile: path,
  knownhosts: path,
  sshauth: /^(?:agent|privkey)(?:,(?:agent|privkey))*$/,
};

const allowed =
  `qemu:///system, or qemu+ssh://[user@]host[:port]/system, with any of ${Object.keys(parameters).join(", ")} once each ` +
  "(absolute paths; mode auto, direct or legacy; sshauth agent, privkey)";

/**
 * The parts of a connection, or undefined where it is none that may be named. Not by a URL parser: libvirt, the provider and ssh
 * each have their own, and only a form without percent-encoding, empty parts or leading hyphens means the same to all three.
 * `command`, `netcat` and `proxy` would name programs, `no_verify` switch off the check of host keys.
 */
export function hypervisorParts(uri: string): HypervisorUri | undefined {
  const found = shape.exec(uri);
  if (found === null) return undefined;
  const [, ssh, host, port, query] = found;
  if (host !== undefined && !isHost(host)) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  if (query !== undefined && !areParameters(query.split("&"))) return undefined;
  return { ssh: ssh ?? null };
}

/** No label of a name begins with a hyphen, which a program that takes the name apart could take for an option. */
const isHost = (host: string) =>
  host.startsWith("[") ? URL.canParse(`http://${host}/`) : host.split(".").every((label) => /^[A-Za-z0-9_]/.test(label));

function areParameters(given: readonly string[]): boolean {
  const names = given.map((pair) => pair.slice(0, pair.indexOf("=")));
  if (new Set(names).size < names.length) return false;
  return given.every(
    (pair, i) => Object.hasOwn(parameters, names[i] ?? "") && parameters[names[i] ?? ""]?.test(pair.slice(pair.indexOf("=") + 1)),
  );
}

/** This machine's own libvirt. */
export const localHypervisor = "qemu:///system";

/** libvirt connection, as a stack or a sweep names it. */
export const hypervisorUri = z
  .string()
  .max(1000)
  .meta({ pattern: shape.source })
  .refine((uri) => hypervisorParts(uri) !== undefined, { error: ({ input }) => `${quote(input)} is not ${allowed}` });
