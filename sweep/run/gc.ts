import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Holding, MachineHost } from "../../components/machines.ts";
import { stackPattern } from "../plan/trials.ts";
import type { Claims } from "../store/claims.ts";
import { holdingText } from "./holdings.ts";
import type { Infrastructure } from "./infrastructure.ts";

/** What is there of a sweep's stacks although none of its trials runs. */
export interface Garbage {
  /** Stacks in Pulumi's backend. */
  readonly stacks: readonly string[];
  /** Stacks with a folder of their own, which hold the settings with which the stack can be destroyed. */
  readonly folders: readonly string[];
  /** By connection to a host; what no stack of the backend knows may be among it. */
  readonly onHosts: Readonly<Record<string, readonly Holding[]>>;
  /** Stacks whose trial was claimed by a process that is gone. */
  readonly claims: readonly string[];
}

export interface GarbageSetting {
  readonly infrastructure: Infrastructure;
  readonly claims: Claims;
  /** Where the stacks' folders are. */
  readonly folder: string;
  readonly hosts: readonly string[];
  readonly machines: Pick<MachineHost, "inventory" | "remove">;
}

/** Looks for leftovers of the sweep, by its stacks' names; what a running trial has is none. */
export async function findGarbage(sweep: string, { infrastructure, claims, folder, hosts, machines }: GarbageSetting): Promise<Garbage> {
  const { held, left } = claims.list(sweep);
  const isOurs = (stack: string) => stackPattern(sweep).test(stack) && !held.some((claim) => claim.stack === stack);
  const folders = existsSync(folder) ? readdirSync(folder).filter(isOurs) : [];
  const onHosts = await Promise.all(
    hosts.map(async (uri) => [uri, (await machines.inventory(uri)).filter(({ stack }) => isOurs(stack))] as const),
  );
  return {
    stacks: (await infrastructure.list()).filter(isOurs),
    folders,
    onHosts: Object.fromEntries(onHosts.filter(([, found]) => found.length > 0)),
    claims: left.map(({ stack }) => stack),
  };
}

/** Removes what was found: by Pulumi what Pulumi knows, then by name what is left on the hypervisors. */
export async function removeGarbage(sweep: string, garbage: Garbage, setting: GarbageSetting, say: (step: string) => void): Promise<void> {
  const { infrastructure, claims, folder, machines } = setting;
  for (const name of garbage.stacks) {
    say(`destroying ${name}`);
    await infrastructure.destroy({ name }, say);
  }
  for (const name of garbage.folders) rmSync(join(folder, name), { recursive: true, force: true });
  for (const [uri, found] of Object.entries(garbage.onHosts)) {
    say(`removing ${found.map(({ name }) => name).join(", ")} from ${uri}`);
    await machines.remove(uri, [...new Set(found.map(({ stack }) => stack))]);
  }
  for (const claim of claims.list(sweep).left) claims.drop(claim);
}

export function garbageText(sweep: string, { stacks, folders, onHosts, claims }: Garbage): string {
  const lines = [
    ...stacks.map((stack) => `stack ${stack}`),
    ...folders.filter((stack) => !stacks.includes(stack)).map((stack) => `folder of ${stack}`),
    ...Object.entries(onHosts).flatMap(([uri, found]) => found.map((holding) => `${holdingText(holding)} on ${uri}`)),
    ...claims.map((stack) => `claim of ${stack}`),
  ];
  return lines.length === 0
    ? `sweep ${sweep}: nothing is left over`
    : [`sweep ${sweep}: left over`, ...lines.map((line) => `  ${line}`)].join("\n");
}
