import { complain, say, sayJson } from "../../../analysis/say.ts";
import { standings } from "../../plan/plan.ts";
import { readTrials } from "../../plan/read-sweep.ts";
import { claims, store } from "../project.ts";
import { statusText } from "../status.ts";

/** Says how far the sweep is. */
export async function status(name: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const { trials } = await readTrials(name);
  const { trials: files, unreadable } = store.list();
  for (const { file, reason } of unreadable) complain(`${file} cannot be read and is ignored: ${reason}`);
  const found = standings(trials, files, false);
  const claimed = claims.list(name);
  if (!json) {
    say(statusText(name, found, claimed));
    return;
  }
  const rows = found.map(({ trial: { id, stack, values, seed, repetition }, file }) => file ?? { id, stack, values, seed, repetition });
  sayJson({ sweep: name, ...claimed, trials: rows }, 2);
}
