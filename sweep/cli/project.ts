import { InvalidInput } from "../../model/problem.ts";
import type { Host } from "../plan/host.ts";
import type { PlannedTrial } from "../plan/trials.ts";
import type { Infrastructure } from "../run/infrastructure.ts";
import { probeHost } from "../run/machine-host.ts";
import { Claims } from "../store/claims.ts";
import { claimsFolder, stacksFolder, trialsFolder } from "../store/folders.ts";
import { TrialStore } from "../store/trial-store.ts";

/** What the verbs share: this project's results, claims, hypervisors and stacks. The working directory is the project's. */

/** Exit statuses: 1 is "no", 2 a mistake in what was asked, 75 "not finished, try again" (sysexits.h). */
export const exit = { fine: 0, no: 1, usage: 2, unfinished: 75 } as const;

export const store = new TrialStore(trialsFolder);
export const claims = new Claims(claimsFolder);

/** Pulumi, loaded where it is needed, for it is large and most verbs can do without. */
export async function infrastructureOf(sweep: string): Promise<Infrastructure> {
  const { PulumiStacks } = await import("../run/pulumi-stacks.ts");
  return new PulumiStacks(stacksFolder(sweep));
}

/** Hosts that the sweep's trials run on. */
export const urisOf = (trials: readonly PlannedTrial[]): string[] => [...new Set(trials.flatMap(({ hypervisors }) => hypervisors))];

/** The hypervisors and what they have; throws InvalidInput where one does not answer. */
export function hostsOf(trials: readonly PlannedTrial[]): Promise<Host[]> {
  const imagesDirectory = trials[0]?.tuple.topology.hypervisor.imagesDirectory ?? "/";
  return Promise.all(urisOf(trials).map((uri) => probeHost({ uri, imagesDirectory })));
}

/** Ends the command with a sentence for people. */
export function refuse(at: string, message: string): never {
  throw new InvalidInput("command", [{ path: [at], message }]);
}
