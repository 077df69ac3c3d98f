import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { complain } from "../analysis/say.ts";
import { InvalidInput } from "../model/problem.ts";
import { parseStackName } from "../model/stack-configuration.ts";
import { moveResults, writingTo } from "../storage/room.ts";
import { resourcesExpected, runsExpected } from "./expected.ts";
import { showEnd } from "./log-end.ts";
import { Phases } from "./phases.ts";
import { show } from "./show.ts";

/**
 * `main.ts up|destroy STACK`: runs Pulumi and shows a line a phase. All that Pulumi and its scripts say is in the log beside the
 * stack's results; errors and warnings are shown as well. Ends with Pulumi's status.
 *
 * Pulumi writes to files, not to this process: where this one is killed, Pulumi goes on to its end as it would by itself.
 */
async function main([verb = "", given = ""]: readonly string[]): Promise<number> {
  const stack = parseStackName(given);
  const folder = `results/${stack}`;
  const [log, events] = [`${folder}/${verb}.log`, `${folder}/${verb}.events.jsonl`];
  for (const file of [log, events]) writingTo("results", folder, moveResults, () => makeEmpty(folder, file));
  const descriptor = openSync(log, "a");
  if (verb === "up") {
    const arguments_ = ["stack", "select", "--create", "--non-interactive", "--stack", stack];
    const { status } = spawnSync("pulumi", arguments_, { stdio: ["inherit", descriptor, descriptor] });
    if (status !== 0) {
      showEnd(log, status ?? 1);
      return status ?? 1;
    }
  }
  const expected = verb === "up" ? runsExpected(stack) : resourcesExpected(stack);
  const pulumi = spawn(
    "pulumi",
    [verb, "--yes", "--skip-preview", "--non-interactive", "--suppress-progress", "--event-log", events, "--stack", stack],
    {
      stdio: ["inherit", descriptor, descriptor],
      // The option for the events is hidden without the first; the Automation API sets it, too. toolchain/recover has run already.
      env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true", SCHEDFRONT_RECOVERING: "yes" },
    },
  );
  return await show(pulumi, { verb, stack, log, events, phases: new Phases(expected) });
}

function makeEmpty(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, "");
  chmodSync(file, 0o600);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    complain(error instanceof InvalidInput ? error.message : (error.stack ?? error.message));
    process.exitCode = 1;
  },
);
