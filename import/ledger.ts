import { grouped } from "../model/grouped.ts";
import { printableLine } from "../model/printable.ts";

/** What became of one thing of a site's: taken as it is, taken with a change, or left out. */
export interface Entry {
  /** As the site wrote it, or how many of what. */
  readonly what: string;
  /** File and line; null where it has no one place. */
  readonly where: string | null;
  /** What became of it and why; empty where it was simply taken. */
  readonly because: string;
}

/** Where a part of the input notes what it did with it. Things that are noted twice with the same words are counted. */
export class Ledger {
  readonly #lists = { taken: new Map<string, Counted>(), changed: new Map<string, Counted>(), leftOut: new Map<string, Counted>() };

  taken(what: string, where: string | null = null): void {
    note(this.#lists.taken, { what, where, because: "" });
  }

  changed(what: string, because: string, where: string | null = null): void {
    note(this.#lists.changed, { what, where, because });
  }

  leftOut(what: string, because: string, where: string | null = null): void {
    note(this.#lists.leftOut, { what, where, because });
  }

  entries(list: keyof Lists): readonly Entry[] {
    return [...this.#lists[list].values()].flatMap(({ entry, count }) => Array<Entry>(count).fill(entry));
  }

  /** The three lists, readable. */
  text(): string {
    const sections = [
      section("taken", this.#lists.taken),
      section("taken with a change", this.#lists.changed),
      section("left out", this.#lists.leftOut),
    ];
    return sections.join("\n");
  }
}

interface Counted {
  readonly entry: Entry;
  count: number;
}
interface Lists {
  readonly taken: unknown;
  readonly changed: unknown;
  readonly leftOut: unknown;
}

function note(list: Map<string, Counted>, entry: Entry): void {
  const key = `${entry.what}\0${entry.because}`;
  const known = list.get(key);
  if (known === undefined) list.set(key, { entry, count: 1 });
  else known.count++;
}

/** Lines of one list that are printed, things that one of them names, and things of one reason that have a line each. */
const mostLines = 2000;
const mostNames = 40;
const mostAlone = 3;
/** Characters of one thing, or of a reason. */
const longest = 300;

function section(title: string, list: ReadonlyMap<string, Counted>): string {
  const counted = [...list.values()];
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const lines = [...grouped(counted, ({ entry }) => entry.because)].flatMap(([because, own]) =>
    because === "" || own.length <= mostAlone ? own.map(line) : [joined(own, because)],
  );
  const more = lines.length > mostLines ? [`  and ${lines.length - mostLines} more`] : [];
  return [`${title}: ${total}`, ...lines.slice(0, mostLines), ...more, ""].join("\n");
}

function line({ entry: { what, where, because }, count }: Counted): string {
  const place = where === null ? "" : ` (${printableLine(where)}${count > 1 ? `, ${count} times` : ""})`;
  return `  ${printableLine(what, longest)}${place}${because === "" ? "" : `: ${printableLine(because, longest)}`}`;
}

/** Many things that have one reason. */
function joined(own: readonly Counted[], because: string): string {
  const names = own.slice(0, mostNames).map(({ entry: { what } }) => printableLine(what, 60));
  const more = own.length > mostNames ? ` and ${own.length - mostNames} more` : "";
  return `  ${own.length} things: ${printableLine(because, longest)}\n    ${names.join("; ")}${more}`;
}
