import { InvalidInput } from "../model/problem.ts";

/** Characters of a line; more is no log, and would be kept in memory. */
const longestLine = 4_000_000;

/**
 * Lines of a text that comes in pieces, with their numbers from 1 on, without their ends.
 * @param subject what is read, for the error
 * @throws InvalidInput for a line without an end
 */
export async function eachLine(
  text: AsyncIterable<string> | Iterable<string>,
  subject: string,
  take: (line: string, number: number) => void,
): Promise<void> {
  let rest = "";
  let number = 0;
  for await (const piece of text) {
    const whole = rest === "" ? piece : rest + piece;
    let begin = 0;
    for (let end = whole.indexOf("\n"); end !== -1; end = whole.indexOf("\n", begin)) {
      take(whole.slice(begin, whole.charCodeAt(end - 1) === 13 ? end - 1 : end), ++number);
      begin = end + 1;
    }
    rest = whole.slice(begin);
    if (rest.length > longestLine)
      throw new InvalidInput(subject, [{ path: [], message: `line ${number + 1} is longer than ${longestLine} characters` }]);
  }
  if (rest !== "") take(rest.endsWith("\r") ? rest.slice(0, -1) : rest, number + 1);
}
