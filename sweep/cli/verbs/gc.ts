import { complain, say } from "../../../analysis/say.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import { anyStack, holdings, holdingsText } from "../../run/abandoned.ts";
import { findGarbage, garbageText, removeGarbage } from "../../run/gc.ts";
import { findLeftovers, removeAllLeftovers, removeLeftovers } from "../../run/leftovers.ts";
import { stacksFolder } from "../../store/folders.ts";
import { claims, infrastructureOf, refuse, urisOf } from "../project.ts";

export interface GcOptions {
  readonly yes?: boolean;
  /** Stacks whose leftovers go, where no sweep is named. */
  readonly remove?: readonly string[];
  /** libvirt connection, where no sweep is named. */
  readonly hypervisor: string;
}

/** Shows what is left over of the sweep, or of every stack that is gone, and removes it where that is asked. */
export function gc(name: string | undefined, { yes = false, remove = [], hypervisor }: GcOptions): Promise<void> {
  return name === undefined ? gcOfStacks(hypervisor, remove) : gcOfSweep(name, yes);
}

/** By name, whatever Pulumi knows. A hypervisor may have other people's stacks, too: only what is named goes. */
async function gcOfStacks(uri: string, remove: readonly string[]): Promise<void> {
  const infrastructure = await infrastructureOf("none");
  const found = holdings(await findLeftovers(uri, anyStack), await infrastructure.list());
  if (remove.length === 0) return say(holdingsText(uri, found));
  for (const name of remove) {
    const holding = found.find(({ stack }) => stack === name) ?? refuse("remove", `stack "${name}" has nothing on ${uri}`);
    if (holding.known) refuse("remove", `stack "${name}" is in Pulumi's backend: make down STACK=${name}`);
  }
  for (const name of remove) {
    await removeLeftovers(uri, name);
    complain(`removed what stack ${name} had on ${uri}`);
  }
}

async function gcOfSweep(name: string, yes: boolean): Promise<void> {
  const { trials } = await readTrials(name);
  const setting = {
    infrastructure: await infrastructureOf(name),
    claims,
    folder: stacksFolder(name),
    hosts: urisOf(trials),
    find: findLeftovers,
    remove: removeAllLeftovers,
  };
  const garbage = await findGarbage(name, setting);
  say(garbageText(name, garbage));
  if (yes) await removeGarbage(name, garbage, setting, (step) => complain(step));
}
