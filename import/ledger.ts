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

/** Lines of one list that are printed. */
const mostLines = 2000;

function section(title: string, list: ReadonlyMap<string, Counted>): string {
  const counted = [...list.values()];
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const lines = counted.slice(0, mostLines).map(({ entry: { what, where, because }, count }) => {
    const place = where === null ? "" : ` (${where}${count > 1 ? `, ${count} times` : ""})`;
    return `  ${printable(what)}${place}${because === "" ? "" : `: ${printable(because)}`}`;
  });
  const more = counted.length > mostLines ? [`  and ${counted.length - mostLines} more`] : [];
  return [`${title}: ${total}`, ...lines, ...more, ""].join("\n");
}

/** What a terminal would act upon, written out, and no longer than anybody reads. */
function printable(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
  return plain.length > 300 ? `${plain.slice(0, 297)}...` : plain;
}
