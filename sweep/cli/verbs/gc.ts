import { complain, say } from "../../../analysis/say.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import { findGarbage, garbageText, removeGarbage } from "../../run/gc.ts";
import { holdingsText } from "../../run/holdings.ts";
import { machines } from "../../run/machine-host.ts";
import { stacksFolder } from "../../store/folders.ts";
import { claims, infrastructureOf, refuse, urisOf } from "../project.ts";

export interface GcOptions {
  readonly yes?: boolean;
  /** Stacks whose leftovers go, where no sweep is named. */
  readonly remove?: readonly string[];
  /** Connection to the host, where no sweep is named. */
  readonly hypervisor: string;
}

/** Shows what is left over of the sweep, or of every stack that is gone, and removes it where that is asked. */
export function gc(name: string | undefined, { yes = false, remove = [], hypervisor }: GcOptions): Promise<void> {
  return name === undefined ? gcOfStacks(hypervisor, remove) : gcOfSweep(name, yes);
}

/** By name, whatever Pulumi knows. A hypervisor may have other people's stacks, too: only what is named goes. */
async function gcOfStacks(uri: string, remove: readonly string[]): Promise<void> {
  const infrastructure = await infrastructureOf("none");
  const found = await machines.inventory(uri);
  const known = await infrastructure.list();
  if (remove.length === 0) return say(holdingsText(uri, found, known));
  for (const name of remove) {
    if (!found.some(({ stack }) => stack === name)) refuse("remove", `stack "${name}" has nothing on ${uri}`);
    if (known.includes(name)) refuse("remove", `stack "${name}" is in Pulumi's backend: make down STACK=${name}`);
  }
  await machines.remove(uri, remove);
  for (const name of remove) complain(`removed what stack ${name} had on ${uri}`);
}

async function gcOfSweep(name: string, yes: boolean): Promise<void> {
  const { trials } = await readTrials(name);
  const setting = {
    infrastructure: await infrastructureOf(name),
    claims,
    folder: stacksFolder(name),
    hosts: urisOf(trials),
    machines,
  };
  const garbage = await findGarbage(name, setting);
  say(garbageText(name, garbage));
  if (yes) await removeGarbage(name, garbage, setting, (step) => complain(step));
}
