import { messages } from "./messages.ts";

/** Prints every message of the program, to be read in one go: `file:line: text`. */
for (const { file, line, text } of messages()) console.log(`${file}:${line}: ${text.replaceAll("\n", "\\n")}`);
