import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { plannedRuns } from "../model/planned-runs.ts";
import { parseTuple } from "../model/tuple.ts";
import { resourceName } from "./event-text.ts";
import type { Expected } from "./phases.ts";

/** A stack file that cannot be read has nothing to count; Pulumi's program says why. */
export function runsExpected(stack: string): Expected {
  try {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
    const prefix = "schedfront:";
    const tuple = Object.entries(config).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : []));
    const { workloads } = parseTuple(Object.fromEntries(tuple));
    return { workloads: new Set(plannedRuns(workloads).map(({ label }) => `suite-${label}`)) };
  } catch {
    return {};
  }
}

/** All that the stack's state has. */
export function resourcesExpected(stack: string): Expected {
  try {
    const state = execFileSync("pulumi", ["stack", "export", "--stack", stack], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { deployment } = JSON.parse(state) as { deployment: { resources?: { urn: string }[] } };
    return { removal: new Set((deployment.resources ?? []).map(({ urn }) => resourceName(urn))) };
  } catch {
    return {};
  }
}
