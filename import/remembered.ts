import { flat } from "./times.ts";

/** Answers that are kept; a log has few different limits, sizes and lists of resources. */
const most = 50_000;

/** A pure function of a text that remembers what it has answered, as long as these are few. */
export function remembered<Value>(answer: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = answer(text);
    if (known.size < most) known.set(flat(text), value);
    return value;
  };
}
