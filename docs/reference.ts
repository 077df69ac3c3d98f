import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { tuple } from "../model/tuple.ts";
import { sweep } from "../sweep/plan/sweep.ts";

/** The part of JSON Schema that the project's schemas use. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node | boolean;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
}

/** One key of a file. */
interface Key {
  readonly path: string;
  readonly node: Node;
  readonly required: boolean;
}

/** docs/reference.md: every key of a stack file and of a sweep file, from the schemas that check them. */
export function reference(): string {
  const stack = z.toJSONSchema(tuple, { io: "input" }) as Node;
  const { topology, scheduler, workloads, ...others } = stack.properties ?? {};
  const stacks = files(".", /^Pulumi\..+\.yaml$/, (document) => withoutPrefix((document as { config?: object }).config ?? {}));
  const sweeps = files("sweeps", /\.yaml$/, (document) => document);
  return [
    "# Reference: stack files and sweep files",
    "",
    "Generated from the schemas in `model/` and `sweep/` by `make schema`; do not edit. Editors complete the same keys from `schema/*.schema.json`.",
    "In a stack file each part stands under `config`, as `schedfront:<part>`. *required* in the column of defaults: there is none. An example is taken from the",
    "project's own stack and sweep files where one has the key.",
    "",
    ...section("topology", keysOf(topology ?? {}, "topology"), stacks),
    ...kinds("scheduler", scheduler ?? {}, stacks),
    ...kinds("workloads[]", (workloads?.items as Node) ?? {}, stacks),
    ...Object.entries(others).flatMap(([part, node]) => section(part, keysOf(node, part), stacks)),
    ...section("sweep file", keysOf(z.toJSONSchema(sweep, { io: "input" }) as Node, ""), sweeps),
  ].join("\n");
}

const withoutPrefix = (config: object) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("schedfront:", ""), value]));

const files = (folder: string, name: RegExp, read: (document: unknown) => unknown): unknown[] =>
  readdirSync(folder)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => read(parse(readFileSync(`${folder}/${file}`, "utf8"))));

/** A section for each branch of a union that `kind` tells apart. */
function kinds(part: string, union: Node, documents: readonly unknown[]): string[] {
  return (union.oneOf ?? union.anyOf ?? []).flatMap((branch) => {
    const kind = String(branch.properties?.kind?.const);
    const title = `${part.replace("[]", "")}: ${kind}`;
    return section(
      title,
      keysOf(branch, part),
      documents.flatMap((document) => ofKind(document, part, kind)),
      branch.description,
    );
  });
}

function ofKind(document: unknown, part: string, kind: string): unknown[] {
  const [name = "", isList] = part.endsWith("[]") ? [part.slice(0, -2), true] : [part, false];
  const value = (document as Record<string, unknown>)[name];
  const own = [value].flat().filter((one) => (one as { kind?: string } | undefined)?.kind === kind);
  return own.length === 0 ? [] : [{ [name]: isList ? own : own[0] }];
}

function section(title: string, keys: readonly Key[], documents: readonly unknown[], description?: string): string[] {
  if (keys.length === 0) return [];
  const rows = keys.map(({ path, node, required }) => {
    const cells = [
      code(path),
      (node.description ?? "").replaceAll("<", "&lt;"),
      allowed(node),
      unit(path, node),
      preset(node, required),
      example(path, node, documents),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  });
  return [
    `## ${title}`,
    "",
    ...(description === undefined ? [] : [description.replaceAll("<", "&lt;"), ""]),
    "| key | what | allowed | unit | default | example |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

/** The keys below a node, its own object's first; of a union those of all branches, each once. */
function keysOf(node: Node, path: string): Key[] {
  const branches = [...(node.oneOf ?? []), ...(node.anyOf ?? [])];
  const own = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const at = path === "" ? name : `${path}.${name}`;
    return [{ path: at, node: child, required: (node.required ?? []).includes(name) }, ...keysOf(child, at)];
  });
  const items = typeof node.items === "object" ? keysOf(node.items, path.endsWith("[]") ? path : `${path}[]`) : [];
  const named = typeof node.additionalProperties === "object" ? keysOf(node.additionalProperties, `${path}.<name>`) : [];
  const all = [...own, ...items, ...named, ...branches.flatMap((branch) => keysOf(branch, path))];
  return [...new Map(all.map((key) => [key.path, key])).values()];
}

const code = (text: string) => (text === "" ? "" : `\`${text}\``);
const inline = (value: unknown) => code(JSON.stringify(value));

function allowed(node: Node): string {
  if (node.const !== undefined) return inline(node.const);
  if (node.enum !== undefined) return node.enum.map(inline).join(", ");
  const branches = [...(node.oneOf ?? []), ...(node.anyOf ?? [])];
  if (branches.length > 0) return [...new Set(branches.map(allowed))].join(" or ");
  switch (node.type) {
    case "array":
      return `list${range(node.minItems, node.maxItems)}`;
    case "object":
      return "mapping";
    case "integer":
    case "number":
      return `${node.type}${limits(node)}`;
    case "string":
      return node.pattern !== undefined && node.pattern.length <= 60 ? code(node.pattern) : "text";
    case undefined:
      return "any value";
    default:
      return node.type;
  }
}

const largest = Number.MAX_SAFE_INTEGER;
const range = (from?: number, to?: number) =>
  from === undefined && to === undefined ? "" : to === undefined ? `, ${from} or more` : `, ${from ?? 0} to ${to}`;
const limits = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Node) => {
  const low = minimum !== undefined && minimum > -largest ? minimum : undefined;
  const high = maximum !== undefined && maximum < largest ? maximum : undefined;
  const parts = [
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`]),
    ...(low !== undefined && high !== undefined
      ? [`${low} to ${high}`]
      : low !== undefined
        ? [`${low} or more`]
        : high !== undefined
          ? [`${high} or less`]
          : []),
  ];
  return parts.map((part) => `, ${part}`).join("");
};

/** Units are in names; where they are not, in the description. */
const units: Readonly<Record<string, string>> = {
  Microseconds: "µs",
  GiB: "GiB",
  MiB: "MiB",
  Seconds: "s",
  seconds: "s",
  Minutes: "min",
  hours: "h",
  GbitPerSecond: "Gbit/s",
};
function unit(path: string, { type }: Node): string {
  if (type === "object" || type === "array") return "";
  const suffix = Object.keys(units).find((end) => path.endsWith(end));
  return suffix === undefined ? "" : (units[suffix] ?? "");
}

const shortest = 60;
function preset(node: Node, required: boolean): string {
  if (node.default !== undefined) return short(node.default);
  return required ? "*required*" : "";
}
const short = (value: unknown) => (JSON.stringify(value).length <= shortest ? inline(value) : "see the schema");

/** From a file of the project's, or else the least that is allowed. */
function example(path: string, node: Node, documents: readonly unknown[]): string {
  const found = documents.flatMap((document) => valuesAt(document, path.replaceAll("[]", ".*").split(".")));
  const value = found.find((one) => JSON.stringify(one).length <= shortest) ?? madeUp(node);
  return value === undefined ? "" : inline(value);
}

function madeUp(node: Node): unknown {
  const branch = [...(node.oneOf ?? []), ...(node.anyOf ?? [])].find(({ type }) => type !== "null");
  if (branch !== undefined) return madeUp(branch);
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return node.enum.at(-1);
  if (node.default !== undefined && node.default !== null && JSON.stringify(node.default).length <= shortest) return node.default;
  if (node.type === "boolean") return true;
  if (node.type === "integer" || node.type === "number") return Math.max(node.minimum ?? 1, Math.min(1, node.maximum ?? 1));
  return undefined;
}

function valuesAt(value: unknown, [head, ...rest]: readonly string[]): unknown[] {
  if (head === undefined) return value === undefined ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  if (head === "*") return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  if (head === "<name>") return Object.values(value).flatMap((one) => valuesAt(one, rest));
  return valuesAt((value as Record<string, unknown>)[head], rest);
}
