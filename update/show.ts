import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { complain } from "../analysis/say.ts";
import { type Display, displayOn, elapsed } from "./display.ts";
import { EventLog } from "./event-log.ts";
import { plainText, resourceName } from "./event-text.ts";
import { showEnd } from "./log-end.ts";
import type { Phases } from "./phases.ts";

export interface Update {
  readonly verb: string;
  readonly stack: string;
  readonly log: string;
  readonly events: string;
  readonly phases: Phases;
}

/** Shows a running Pulumi until it ends; its exit status. */
export async function show(pulumi: ChildProcess, { verb, stack, log, events, phases }: Update): Promise<number> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const display = displayOn(process.stderr, `${verb} ${stack}; details in ${log}`);
  const signals = heed(pulumi, display);
  const eventLog = new EventLog(events);
  const seen = { errors: 0, changes: "" };
  const takeAll = () => {
    for (const event of eventLog.next()) {
      phases.take(event, seconds());
      tell(event, display, seen);
    }
    display.tick(phases.list, seconds());
  };
  const ended = new AbortController();
  const status = new Promise<number>((resolve) => {
    pulumi.on("error", (error) => {
      display.note(`pulumi: ${error.message}`);
      resolve(127);
    });
    pulumi.on("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  }).finally(() => ended.abort());
  while (!ended.signal.aborted) {
    takeAll();
    await setTimeout(200, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  takeAll();
  display.end(phases.list, seconds());
  eventLog.close();
  rmSync(events, { force: true });
  const result = await status;
  const time = elapsed(seconds());
  if (result === 0) complain(`${stack}: ${seen.changes || "nothing to change"}, ${time}`);
  else if (signals.interrupted) complain(`${stack}: interrupted after ${time}; the same command continues from here`);
  else if (seen.errors === 0) showEnd(log, result);
  else complain(`${stack}: ${verb} failed after ${time}; the whole log is ${log}`);
  return result;
}

/** Errors and warnings stay on the screen; what else is said is in the log. */
function tell({ diagnosticEvent, summaryEvent }: EngineEvent, display: Display, seen: { errors: number; changes: string }): void {
  if (diagnosticEvent?.severity === "error" || diagnosticEvent?.severity === "warning") {
    const { severity, urn, message } = diagnosticEvent;
    if (severity === "error") seen.errors++;
    display.note(`${severity}: ${urn === undefined ? "" : `${resourceName(urn)}: `}${plainText(message)}`);
  }
  const changes = Object.entries(summaryEvent?.resourceChanges ?? {}).filter(([op]) => op !== "same");
  if (changes.length > 0) seen.changes = changes.map(([op, count]) => `${count} ${past[op] ?? op}`).join(", ");
}

const past: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
};

/** A terminal signals Pulumi as well, which ends in order at the first and at once at the second; its end is waited for. */
function heed(pulumi: ChildProcess, display: Display): { interrupted: boolean } {
  const heard = { interrupted: false };
  process.on("SIGINT", () => {
    if (!heard.interrupted) display.note("interrupting: waiting for what is under way; Ctrl-C again ends it at once");
    heard.interrupted = true;
  });
  process.on("SIGHUP", () => undefined);
  process.on("SIGTERM", () => pulumi.kill("SIGTERM"));
  return heard;
}
