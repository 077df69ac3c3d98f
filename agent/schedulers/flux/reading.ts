import { hostlist, idset } from "../../hostlist.ts";
import { run } from "../../process.ts";

/** What a running Flux says of itself (flux-core 0.88, flux-sched 0.54). */

/** Reads all of it in one Python, which takes seconds to start on an emulated processor. What a scheduler does not answer is left out. */
const program = `
import json
import flux, flux.resource, flux.resource.journal

handle = flux.Flux()


def ask(topic):
    try:
        return handle.rpc(topic, {}).get()
    except OSError:
        return {}


def events():
    journal = flux.resource.journal.ResourceJournalConsumer(handle, include_sentinel=True).start()
    while not (event := journal.poll(timeout=30)).is_empty():
        yield {"name": event.name, "timestamp": event.timestamp, "context": event.context}


modules = ask("module.list")["mods"]
status = ask("resource.status")
fluxion = [module["name"] for module in modules if module["name"].startswith("sched-fluxion-")]
print(json.dumps({
    "version": handle.attr_get("version"),
    "hosts": ",".join(status["R"]["execution"]["nodelist"]),
    "configuration": ask("config.get"),
    "modules": [{"name": module["name"], "services": module["services"]} for module in modules],
    "parameters": {name: ask(name + ".params") for name in fluxion},
    "schedulable": str(flux.resource.resource_list(handle).get().all.nodelist),
    "status": status,
    "events": list(events()),
}))
`;

export interface Reading {
  readonly version: string;
  /** In the order of their ranks. Brokers are on all of them, or on the head that answers for all. */
  readonly hosts: string;
  readonly configuration: object;
  readonly modules: readonly { readonly name: string; readonly services: readonly string[] }[];
  readonly parameters: object;
  /** Hosts that the scheduler knows. */
  readonly schedulable: string;
  /** Ranks by their state. */
  readonly status: {
    readonly offline: string;
    readonly drain: Readonly<Record<string, { readonly reason?: string }>>;
  };
  /** The resource module's journal, from its start. */
  readonly events: readonly ResourceEvent[];
}

export const read = async (timeoutSeconds: number): Promise<Reading> =>
  JSON.parse((await run("flux", ["python", "-"], { input: program, timeoutSeconds })).toString("utf8"));

/** Everything that can be set, under one name each; and which module schedules, and for which nodes. */
export function configurationOf({ configuration, modules, parameters, schedulable }: Reading): Record<string, string> {
  const scheduler = modules.find(({ services }) => services.includes("sched"))?.name ?? "none";
  return { ...flat(configuration), ...flat(parameters), "module.sched": scheduler, nodes: hostlist(schedulable).sort().join(",") };
}

/** `{ a: { b: 1 } }` → `{ "a.b": "1" }`. A list, and what is no text, is as JSON has it. */
const flat = (value: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, string][] => {
      if (typeof inner === "string") return [[key, inner]];
      if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return [[key, JSON.stringify(inner)]];
      return Object.entries(flat(inner)).map(([rest, text]) => [`${key}.${rest}`, text]);
    }),
  );

/** What was asked for and runs differently, or that Flux does not report: one sentence each. */
export const differences = (expected: Readonly<Record<string, string>>, effective: Readonly<Record<string, string>>): string[] =>
  Object.entries(expected).flatMap(([key, asked]) => {
    const runs = effective[key];
    if (runs === undefined) return [`${key}: asked "${asked}", not reported`];
    return runs === asked ? [] : [`${key}: asked "${asked}", runs "${runs}"`];
  });

/** Nodes that take no job now, and why. */
export function unusableNodes({ hosts, status }: Reading): Map<string, string> {
  const names = namesIn(hosts);
  const drained = Object.entries(status.drain).flatMap(([ranks, { reason }]) =>
    names(ranks).map((node) => [node, drainedFor(reason)] as const),
  );
  return new Map([...names(status.offline).map((node) => [node, "offline"] as const), ...drained]);
}

/** Nodes that went offline or were drained after `since`, in seconds since the epoch, and why. */
export function troubledSince({ hosts, events }: Reading, since: number): Map<string, string> {
  const names = namesIn(hosts);
  return new Map(
    events
      .filter(({ name, timestamp }) => timestamp > since && (name === "offline" || name === "drain"))
      .flatMap(({ name, context: { idset: ranks = "", reason } }) =>
        names(ranks).map((node) => [node, name === "drain" ? drainedFor(reason) : "went offline"] as const),
      ),
  );
}

interface ResourceEvent {
  readonly name: string;
  readonly timestamp: number;
  readonly context: { readonly idset?: string; readonly reason?: string };
}

const drainedFor = (reason = "no reason given") => `drained: ${reason}`;

const namesIn = (hosts: string) => {
  const all = hostlist(hosts);
  return (ranks: string) => idset(ranks).flatMap((rank) => all[rank] ?? []);
};
