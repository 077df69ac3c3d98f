import { readFileSync } from "node:fs";
import { type FailureKind, failureLine } from "../model/failure.ts";
import { InvalidInput, parse, quote } from "../model/problem.ts";
import type { Topology } from "../model/topology.ts";
import { runBare } from "./bare.ts";
import { cancelDriven } from "./drive.ts";
import { kindOf } from "./failure.ts";
import { handOver, takeOver } from "./leftovers.ts";
import { measureNetwork } from "./network.ts";
import { endAll } from "./process.ts";
import { say } from "./progress.ts";
import { requests } from "./request.ts";
import { runScheduled } from "./run.ts";
import type { SchedulerAdapter } from "./scheduler.ts";
import { failedServices } from "./services.ts";
import { verify } from "./verify.ts";
import { wordsOf } from "./words.ts";

/**
 * The agent on the head node: one JSON request on standard input, one JSON reply on standard output, progress on standard error.
 * Where it fails, the reply is a FailureAnswer (model/failure.ts).
 */

/** Of the one kind whose parameters a request can have, for a bundle knows no other (components/agent-bundle.ts). */
type AdapterOf = (given: never, topology: Topology) => SchedulerAdapter;

/** Reads a request; what it gives does the work. */
function plan(raw: unknown, adapter: AdapterOf): () => Promise<unknown> {
  const { verb, mode } = (raw ?? {}) as { verb?: unknown; mode?: unknown };
  switch (verb === "run" && mode === "bare" ? "bare" : verb) {
    case "verify": {
      const request = parse("request", requests.verify, raw);
      return () => verify(adapter(request.scheduler as never, request.topology), request);
    }
    case "network": {
      const request = parse("request", requests.network, raw);
      return () => measureNetwork(request);
    }
    case "bare": {
      const request = parse("request", requests.bare, raw);
      return () => runBare(request);
    }
    case "run": {
      const request = parse("request", requests.run, raw);
      return () => runScheduled(adapter(request.scheduler as never, request.topology), request);
    }
    default:
      throw new InvalidInput("request", [{ path: ["verb"], message: `${quote(verb)} is not one of verify, run, network` }]);
  }
}

let ending = false;

/** Says why, and ends what was started, on this machine and in the queue. */
async function fail(why: string, kind: FailureKind = "failed") {
  if (ending) return;
  ending = true;
  say(why);
  process.stdout.write(`${failureLine(kind, why)}\n`);
  endAll();
  await cancelDriven().catch((error: unknown) => say(`jobs may be left in the queue: ${String(error)}`));
  handOver();
  process.exit(1);
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the request on standard input is not JSON: ${quote(text)}`);
  }
}

/** Answers the request on standard input with this adapter. */
export async function serve(adapter: AdapterOf): Promise<void> {
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, () => void fail(`ended by ${name}`));
  // The connection of whoever asked broke.
  process.stderr.on("error", () => void fail("the connection to the caller was lost"));
  process.stdout.on("error", () => void fail("the connection to the caller was lost"));
  try {
    const work = plan(read(readFileSync(0, "utf8")), adapter);
    await takeOver();
    process.stdout.write(`${JSON.stringify(await work())}\n`);
    handOver();
  } catch (error) {
    const failed = await failedServices().catch(() => []);
    const why = failed.length === 0 ? "" : `; failed on the head: ${failed.join(", ")}`;
    await fail(`${wordsOf(error)}${why}`, kindOf(error));
  }
}
