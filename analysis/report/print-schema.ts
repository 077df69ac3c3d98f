import * as z from "zod";
import { answer } from "./answer/schema.ts";

/** Prints the JSON Schema of a section's answer in analysis.json. */
console.log(JSON.stringify({ title: "A schedfront answer: sections[].answer of analysis.json", ...z.toJSONSchema(answer) }, null, 2));
