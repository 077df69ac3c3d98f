import { InvalidInput, type Problem } from "../model/problem.ts";
import { parseTuple, type Tuple } from "../model/tuple.ts";
import type { Ledger } from "./ledger.ts";

/** Where a value of a document comes from. */
export interface Origin {
  readonly what: string;
  readonly where: string | null;
}

/** Values of a document that may be left out, by the object that holds them and their key there. */
export class Origins {
  readonly #known = new Map<object, Map<PropertyKey, Origin>>();

  note(holder: object, key: PropertyKey, origin: Origin): void {
    const own = this.#known.get(holder) ?? new Map<PropertyKey, Origin>();
    own.set(key, origin);
    this.#known.set(holder, own);
  }

  of(holder: object, key: PropertyKey): Origin | undefined {
    return this.#known.get(holder)?.get(key);
  }

  /** Everything that is in the document still, for the list of what was taken. */
  *left(root: object): Generator<Origin> {
    for (const [key, value] of Object.entries(root)) {
      const origin = this.of(root, key);
      if (origin !== undefined) yield origin;
      if (typeof value === "object" && value !== null) yield* this.left(value);
    }
  }
}

/** Each round leaves something out, so there are no more rounds than values. */
const mostRounds = 10_000;

/**
 * Leaves out of a document, one by one, what the program's own rules refuse, and notes why; then notes what is left as taken.
 * The rules are those of the program itself, so what it learns to say is imported without a change here.
 * @param document changed in place
 * @throws InvalidInput where something is wrong that no one thing of the site's is the cause of
 */
export function fitted(document: object, origins: Origins, ledger: Ledger): Tuple {
  for (let round = 0; round < mostRounds; round++) {
    const refused = problemsOf(document);
    if (!Array.isArray(refused)) {
      for (const { what, where } of origins.left(document)) ledger.taken(what, where);
      return refused as Tuple;
    }
    const removed = (refused as Problem[]).map((problem) => remove(document, problem, origins, ledger)).filter((each) => each);
    if (removed.length === 0) throw new InvalidInput("imported stack", refused as Problem[]);
  }
  throw new Error("the document does not come to fit the schema");
}

function problemsOf(document: object): Tuple | readonly Problem[] {
  try {
    return parseTuple("image" in document ? document : { ...document, image: anyImage(document) });
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

/** Flux comes from an image that only the user can name; any stands for it here. */
function anyImage(document: object): object {
  const kind = (document as { scheduler?: { kind?: unknown } }).scheduler?.kind;
  const source = { kind: "oci", repository: "docker.io/fluxrm/flux-sched", digest: `sha256:${"0".repeat(64)}` };
  return kind === "flux" ? { source } : {};
}

interface Found {
  readonly holder: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  readonly origin: Origin;
}

/** Removes the innermost thing with an origin on the way to a problem, or one beside it that the message names; false where there is none. */
function remove(document: object, { path, message }: Problem, origins: Origins, ledger: Ledger): boolean {
  let holder: unknown = document;
  let found: Found | undefined;
  let beside: Found | undefined;
  for (const key of path) {
    if (typeof holder !== "object" || holder === null) break;
    const own = holder as Record<PropertyKey, unknown>;
    const origin = origins.of(own, key);
    if (origin !== undefined && Object.hasOwn(own, key)) found = { holder: own, key, origin };
    beside = namedIn(message, own, origins) ?? beside;
    holder = own[key];
  }
  const wrong = found ?? beside;
  if (wrong === undefined) return false;
  delete wrong.holder[wrong.key];
  ledger.leftOut(wrong.origin.what, message, wrong.origin.where);
  return true;
}

/** What contradicts a default of the program's has a path of which the site said nothing. */
function namedIn(message: string, holder: Record<PropertyKey, unknown>, origins: Origins): Found | undefined {
  const words = new Set(message.match(/[A-Za-z]\w+/g));
  for (const key of Object.keys(holder)) {
    const origin = words.has(key) ? origins.of(holder, key) : undefined;
    if (origin !== undefined) return { holder, key, origin };
  }
  return undefined;
}
