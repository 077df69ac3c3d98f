import * as z from "zod";
import { tuple } from "./tuple.ts";

/** Prints the JSON Schema of a stack file, for editors: `schedfront:<part>` under `config`, as Pulumi wants it. */
const { $defs, properties, ...rest } = z.toJSONSchema(tuple, { io: "input" });
const config = Object.fromEntries(Object.entries(properties ?? {}).map(([part, schema]) => [`schedfront:${part}`, schema]));
const stackFile = {
  $schema: rest.$schema,
  title: "A schedfront stack: Pulumi.<stack>.yaml",
  type: "object",
  properties: {
    config: { type: "object", properties: config, required: ["topology", "scheduler", "workloads"].map((part) => `schedfront:${part}`) },
  },
  required: ["config"],
  ...($defs === undefined ? {} : { $defs }),
};
console.log(JSON.stringify(stackFile, null, 2));
