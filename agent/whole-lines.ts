/** Puts text that comes in pieces together to lines, and gives those that are whole; what has no line feed yet waits for the rest. */
export function wholeLines(): (text: string) => string[] {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    return lines;
  };
}
