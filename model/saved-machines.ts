import * as z from "zod";
import { filePath } from "./file-path.ts";
import { imageBackends } from "./image.ts";
import { parse } from "./problem.ts";

/**
 * What a stack that saves machines hands on, as another stack's program reads it from that stack's outputs. A state may have been
 * imported, and all of this goes to ssh, Ansible and records.
 */

const plain = z.string().regex(/^[A-Za-z0-9 +/=@._:-]*$/);
const measured = z.number();

/** One machine: what ssh's configuration and the inventory are made of. */
export const host = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]{0,31}$/),
  role: z.enum(["head", "compute"]),
  group: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/)
    .optional(),
  address: z.ipv4(),
  hostKey: plain,
  instance: z.string().regex(/^[A-Za-z0-9_.-]+$/),
});

/** How ssh reaches a hypervisor elsewhere: `user@host:port`. */
export const jump = z.string().regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/);

const parts = {
  image: z.strictObject({
    backend: z.enum(imageBackends),
    disk: filePath,
    kernel: filePath,
    initrd: filePath,
    commandLine: z.string().regex(/^[^\p{Cc}]{1,2000}$/u),
    digest: plain,
    manifest: filePath,
  }),
  domainType: z.enum(["kvm", "qemu"]),
  network: z.strictObject({
    asked: z.looseObject({ bandwidthGbitPerSecond: measured.nullable(), latencyMicroseconds: measured, mtu: measured }),
    reason: z.string().max(1000).optional(),
    paths: z.array(
      z.strictObject({
        from: host.shape.name,
        to: host.shape.name,
        bandwidthGbitPerSecond: measured,
        roundTripMicroseconds: z.strictObject({ min: measured, mean: measured }),
        mtu: measured,
      }),
    ),
  }),
  prepared: z.strictObject({
    hosts: z.array(host).min(1),
    privateKey: z
      .string()
      .max(20_000)
      .regex(/^[A-Za-z0-9 +/=\n-]*$/, { error: "is not a private key in OpenSSH's format" }),
    jump: jump.nullable(),
  }),
};

export type SavedPart = keyof typeof parts;

/** Reads one output of the stack that saved machines; throws InvalidInput, which never holds the key. */
export const parseSaved =
  (stack: string, part: SavedPart) =>
  (raw: unknown): unknown =>
    parse(`output ${part} of stack ${stack}`, parts[part], raw);
