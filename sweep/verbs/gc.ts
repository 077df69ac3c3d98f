import { stacksFolder } from "../folders.ts";
import { findGarbage, garbageText, removeGarbage } from "../gc.ts";
import { findLeftovers, removeAllLeftovers } from "../leftovers.ts";
import { claims, infrastructureOf, urisOf } from "../project.ts";
import { readTrials } from "../read-sweep.ts";

/** Shows what is left over of the sweep, and removes it where that is asked. */
export async function gc(name: string, { yes = false }: { readonly yes?: boolean }): Promise<void> {
  const { trials } = readTrials(name);
  const setting = {
    infrastructure: await infrastructureOf(name),
    claims,
    folder: stacksFolder(name),
    hosts: urisOf(trials),
    find: findLeftovers,
    remove: removeAllLeftovers,
  };
  const garbage = await findGarbage(name, setting);
  console.log(garbageText(name, garbage));
  if (yes) await removeGarbage(name, garbage, setting, (step) => console.error(step));
}
