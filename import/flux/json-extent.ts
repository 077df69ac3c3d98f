/** Levels of a document, and values in it: each takes memory before anything can look at it. A job has some thirty. */
const mostLevels = 100;
const mostValues = 20_000_000;

/** Why a text is not parsed as JSON, whatever else is wrong with it; null where its extent is no reason. */
export function jsonExtentProblem(text: string): string | null {
  let [levels, values, inText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === 0x22) inText = !inText;
    else if (inText) {
      if (letter === 0x5c) i++;
    } else if (letter === 0x5b || letter === 0x7b) {
      if (++levels > mostLevels) return `has values in more than ${mostLevels} levels at character ${i + 1}`;
      values++;
    } else if (letter === 0x5d || letter === 0x7d) levels = Math.max(0, levels - 1);
    else if (letter === 0x2c) values++;
    if (values > mostValues) return `has more than ${mostValues} values: import it in parts`;
  }
  return null;
}
