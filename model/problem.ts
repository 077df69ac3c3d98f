import type * as z from "zod";
import { type Extent, extentProblem } from "./extent.ts";
import { allowedInstead } from "./nearest.ts";
import { printable, printableLine } from "./printable.ts";

/** One thing that is wrong with an input: where it stands, and a sentence that quotes the value and what is allowed. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Problems that a message names; whoever fixes these sees the rest. */
const named = 50;

/** Characters of one problem. */
const longest = 900;

/** A mistake of the user's, not of the program's: shown without a stack trace. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";

  constructor(
    /** What was read, for the first line: "invalid tuple". */
    subject: string,
    readonly problems: readonly Problem[],
  ) {
    const lines = problems
      .slice(0, named)
      .map(({ path, message }) => `  ${path.length > 0 ? `${dotted(path)}: ` : ""}${printable(message, longest)}`);
    const more = problems.length > named ? [`  and ${problems.length - named} more`] : [];
    super([`invalid ${subject}`, ...lines, ...more].join("\n"));
  }
}

/** `["workloads", 0, "order"]` → `workloads[0].order`. */
const dotted = (path: readonly PropertyKey[]) =>
  path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? keyText(part) : `.${keyText(part)}`)).join("");

const keyText = (key: PropertyKey) => printableLine(String(key), 80);

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** A value as the user wrote it, short enough for one line. */
export const quote = (value: unknown): string => short((typeof value === "number" ? undefined : JSON.stringify(value)) ?? String(value));

/**
 * Parses `raw`, or throws {@link InvalidInput} with everything that is wrong with it at once.
 * Every sentence names the key, the value and what is allowed.
 */
export function parse<Schema extends z.ZodType>(subject: string, schema: Schema, raw: unknown, most?: Extent): z.output<Schema> {
  const extent = extentProblem(raw, most);
  if (extent !== null) throw new InvalidInput(subject, [extent]);
  const result = schema.safeParse(raw, { reportInput: true, error: sentence });
  if (result.success) return result.data;
  throw new InvalidInput(subject, result.error.issues.flatMap(flatten));
}

type Issue = z.core.$ZodIssue;

/** What is wrong, for every kind of issue that zod has; undefined leaves zod's own words. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  const value = quote(issue.input);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, issue.inst as z.ZodObject)).join("\n");
    case "invalid_value":
      return issue.input === undefined
        ? `is missing, one of ${issue.values.join(", ")}`
        : `${value} ${allowedInstead(String(issue.input), issue.values.map(String))}`;
    case "invalid_union":
      return issue.discriminator === undefined ? undefined : unknownKind(issue);
    case "invalid_type":
      return issue.input === undefined ? `is missing, expected ${article(issue.expected)}` : `${value} is not ${article(issue.expected)}`;
    case "too_small":
      return `${value} is too small, the least is ${issue.inclusive === false ? "above " : ""}${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `${value} is too large, the most is ${issue.inclusive === false ? "below " : ""}${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_key":
      return "is too long a key";
    case "invalid_format":
      return `${value} does not match ${issue.pattern ?? issue.format}`;
    default:
      return undefined;
  }
}

function unknownKind(issue: { input?: unknown; discriminator?: string | undefined; options?: unknown }): string {
  const given = (issue.input as Record<string, unknown> | null)?.[issue.discriminator ?? ""];
  const allowed = `one of ${(issue.options as readonly unknown[]).join(", ")}`;
  return given === undefined ? `is missing, ${allowed}` : `${quote(given)} is not ${allowed}`;
}

/** One issue of zod's may be several problems: each unknown key is one, with a line of its own, and of a union's branches the nearest counts. */
function flatten(issue: Issue): Problem[] {
  const lines = issue.message.split("\n");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key, i) => ({ path: [...issue.path, key], message: lines[i] ?? issue.message }));
  if (issue.code === "invalid_union" && issue.discriminator === undefined) return narrowest(issue).flatMap(flatten);
  return [{ path: issue.path, message: issue.message }];
}

/** The nearest of the mapping's own keys, and of those of the mappings in it. */
function unknownKey(key: string, { shape }: z.ZodObject): string {
  const deeper = Object.entries(shape).flatMap(([own, inner]) => Object.keys(shapeOf(inner)).map((name) => `${own}.${name}`));
  return allowedInstead(key, Object.keys(shape), deeper);
}

/** Keys of a mapping, whatever its schema is wrapped in. */
function shapeOf(schema: unknown): object {
  const { shape, def } = schema as { readonly shape?: object; readonly def?: { readonly innerType?: unknown; readonly in?: unknown } };
  if (shape !== undefined) return shape;
  const inner = def?.innerType ?? def?.in;
  return inner === undefined ? {} : shapeOf(inner);
}

/** Of a plain union's branches, the complaints of the one that came furthest. */
function narrowest(issue: Issue & { code: "invalid_union" }): Issue[] {
  const depth = (branch: readonly Issue[]) => Math.max(...branch.map((inner) => inner.path.length));
  const [best] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
  return (best ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

const nouns: Record<string, string> = { int: "integer", record: "mapping", object: "mapping", array: "list", tuple: "list" };
const article = (type: string) => {
  const noun = nouns[type] ?? type;
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
};

const unitOf = (origin: string) => (origin === "string" ? " characters" : origin === "array" ? " entries" : "");
