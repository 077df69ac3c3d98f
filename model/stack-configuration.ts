import * as z from "zod";
import { InvalidInput, type Problem, parse, quote } from "./problem.ts";
import { stackName } from "./stack-name.ts";
import { tuple } from "./tuple.ts";

/** What Pulumi's backend, and nothing else, reads. */
const tags = z.record(z.string().min(1).max(40), z.string().max(256)).describe("Tags that Pulumi's backend shows for the stack.");

/** Keys beside the tuple's. */
const others = z.strictObject({
  "restore:from": stackName.optional().describe("Stack that saved the machines which this one starts from; a sweep sets it."),
  "restore:machines": stackName.optional().describe("Stack whose machines they are."),
  "pulumi:tags": tags.optional(),
});
export type OtherConfiguration = z.output<typeof others>;

const keys = [...Object.keys(tuple.shape).map((part) => `schedfront:${part}`), ...Object.keys(others.shape)];

/** Why a namespace that Pulumi or a provider would understand is refused, and what says the same here. */
const instead: Readonly<Record<string, string>> = {
  libvirt: "; schedfront:topology's hypervisor.uri is the connection, checked as such",
  command: "; the program alone says what is run",
  pulumi: "; of Pulumi's own settings only tags change nothing that is made",
};

/**
 * Validates a stack's whole configuration but for the tuple: every key by its full name, `namespace:key`, its value as the text
 * that Pulumi keeps. Throws InvalidInput with every key that is not one of the program's.
 */
export function parseOthers(project: string, all: Readonly<Record<string, string>>): OtherConfiguration {
  const given = Object.entries(all).filter(([key]) => !key.startsWith(`${project}:`));
  const strangers = given.flatMap(([key, value]): Problem[] => {
    if (Object.hasOwn(others.shape, key)) return [];
    const namespace = key.slice(0, key.indexOf(":"));
    const hint = Object.hasOwn(instead, namespace) ? instead[namespace] : "";
    return [{ path: [key], message: `${quote(value)} belongs to an unknown key; the keys are ${keys.join(", ")}${hint}` }];
  });
  if (strangers.length > 0) throw new InvalidInput("configuration", strangers);
  const read = Object.fromEntries(given.map(([key, value]) => [key, key === "pulumi:tags" ? jsonOr(value) : value]));
  const parsed = parse("configuration", others, read);
  const { "restore:from": from, "restore:machines": machines } = parsed;
  const missing = (key: string, beside: string): Problem => ({ path: [key], message: `is missing beside ${beside}: both or neither` });
  if (from !== undefined && machines === undefined) throw new InvalidInput("configuration", [missing("restore:machines", "restore:from")]);
  if (from === undefined && machines !== undefined) throw new InvalidInput("configuration", [missing("restore:from", "restore:machines")]);
  return parsed;
}

/** The mapping that Pulumi keeps as JSON, or the plain text in a mapping's place. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The stack's own name, from which the names of all that it makes are derived; throws InvalidInput where they would mean something else. */
export const parseStackName = (name: string): string => parse("stack name", stackName, name);
