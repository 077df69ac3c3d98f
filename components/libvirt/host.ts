import type { Ask, Holding, MachineHost } from "../machines.ts";
import { ownerOf, prefix } from "./names.ts";

/** A host with libvirt; `uri` is libvirt's connection. */
export const libvirtHost = (ask: Ask): MachineHost => {
  const inventory = async (uri: string): Promise<Holding[]> => {
    const { held } = await ask<{ held: Omit<Holding, "stack">[] }>("libvirt/scripts/inventory", { uri });
    return held.flatMap((one) => {
      const stack = ownerOf(one);
      return stack === undefined ? [] : [{ stack, ...one }];
    });
  };
  return {
    // No stack has the prefix "none": memory that machines take already is then not counted as free.
    capacity: ({ uri, imagesDirectory }, owner) =>
      ask("libvirt/scripts/probe-hypervisor", { uri, imagesDirectory, prefix: owner === null ? "none" : prefix(owner) }),
    inventory,
    remove: async (uri, stacks) => {
      const found = (await inventory(uri)).filter(({ stack }) => stacks.includes(stack));
      if (found.length > 0) await ask("libvirt/scripts/remove", { uri, held: found.map(({ kind, name }) => ({ kind, name })) });
      return found;
    },
    isMachine: (resourceType) => resourceType === "libvirt:index/domain:Domain",
  };
};
