import { expect, test } from "vitest";
import { nodesInWords } from "../../agent/words.ts";

test("nodes that are in trouble are named with their reasons, but not all of a thousand", () => {
  expect(
    nodesInWords(
      new Map([
        ["cn2", "down*: Not responding"],
        ["cn3", "drained: test"],
      ]),
    ),
  ).toBe("cn2 is down*: Not responding; cn3 is drained: test");
  const many = new Map(Array.from({ length: 1000 }, (_, i) => [`cn${i + 1}`, "idle*"]));
  expect(nodesInWords(many)).toBe("cn1 is idle*; cn2 is idle*; cn3 is idle*; cn4 is idle*; cn5 is idle*; 995 more");
});
