/** What a terminal, a log or a reader of text would act upon or be misled by: control and format characters, and halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const written = (character: string) => (character === "\n" ? "\n" : `\\u{${character.codePointAt(0)?.toString(16)}}`);

/**
 * Text from outside as it may be shown anywhere: what would act is written out (`\u{1b}`), and of what is longer than `most`
 * characters the start is left, with the whole length. Line breaks stay. Printing twice changes nothing more.
 */
export function printable(text: string, most = 4000): string {
  const shown = text.slice(0, most + 1).replace(unprintable, written);
  if (shown.length <= most && text.length <= most) return shown;
  const end = `… (${text.length} characters)`;
  return `${shown.slice(0, Math.max(0, most - end.length)).replace(/[\ud800-\udbff]$/, "")}${end}`;
}

/** The same in one line. */
export const printableLine = (text: string, most = 200): string => printable(text, most).replaceAll("\n", "\\n");

/** JSON that a terminal does not act upon, and that reads back as the same value. */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(unprintable, (character) =>
    character === "\n" ? "\n" : [...Array(character.length).keys()].map((i) => codeUnit(character.charCodeAt(i))).join(""),
  );

const codeUnit = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
