import * as z from "zod";
import { sweep } from "./sweep.ts";

/** Prints the JSON Schema of a sweep file, for editors. */
console.log(JSON.stringify({ ...z.toJSONSchema(sweep, { io: "input" }), title: "A schedfront sweep: sweeps/<name>.yaml" }, null, 2));
