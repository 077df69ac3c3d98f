/** Text of an XSLT stylesheet: what {@link xslt} made, and nothing else. */
export class Xslt {
  constructor(readonly text: string) {}
}

/** In an attribute of what a stylesheet writes, braces hold XPath. */
const escaped = (value: string | number) =>
  String(value)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[{}]/g, "$&$&");

const textOf = (value: string | number | Xslt) => (value instanceof Xslt ? value.text : escaped(value));

/** A stylesheet, or a part of one: values become attributes' texts, whatever is in them; parts of the same kind stay as they are. */
export function xslt(parts: TemplateStringsArray, ...values: readonly (string | number | Xslt | readonly Xslt[])[]): Xslt {
  const texts = values.map((value) => (Array.isArray(value) ? value.map(textOf).join("") : textOf(value as string | number | Xslt)));
  return new Xslt(String.raw({ raw: parts.raw }, ...texts));
}
