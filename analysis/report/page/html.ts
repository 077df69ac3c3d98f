import { printable, printableJson } from "../../../model/printable.ts";

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | null | undefined | false | readonly Part[];

/** HTML from a template: everything in it that is not Html is escaped, lists are joined, null and false are nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((text, string, i) => text + rendered(parts[i - 1]) + string));

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(rendered).join("");
  return printable(String(part), Number.POSITIVE_INFINITY).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that may stand in a script element. */
export const scriptJson = (value: unknown): Html => new Html(printableJson(value).replaceAll("<", "\\u003c"));
