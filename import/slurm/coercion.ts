import * as z from "zod";
import { limitSeconds } from "./durations.ts";

/**
 * What a schema takes for a value of slurm.conf: a number, a word in the schema's own capitals, yes and no, a list; undefined where
 * it takes none of these.
 * @param isLimit whether the key is a time limit, which a number says in minutes
 */
export function coerced(schema: z.ZodType, text: string, isLimit = false): unknown {
  return candidates(schema, text, isLimit).find((value) => schema.safeParse(value).success);
}

function candidates(schema: z.ZodType, text: string, isLimit: boolean): unknown[] {
  const number = Number(text);
  const limit = limitSeconds(text);
  const words = text.split(",").map((word) => word.trim());
  return [
    ...(text !== "" && String(number) === text ? [number] : []),
    text,
    ...optionsOf(schema).filter((option) => option.toLowerCase() === text.toLowerCase()),
    text.toUpperCase(),
    ...(/^(yes|up|true|1)$/i.test(text) ? [true] : []),
    ...(/^(no|down|false|0)$/i.test(text) ? [false] : []),
    ...(limit === "unlimited" ? [null, "UNLIMITED", "INFINITE"] : []),
    ...(isLimit && typeof limit === "number" ? [Math.ceil(limit / 60)] : []),
    words,
    // An order of words that the schema may not have.
    ...optionsOf(schema).filter((option) => sameWords(option, words)),
  ];
}

const sameWords = (option: string, words: readonly string[]) =>
  option.toLowerCase().split(",").sort().join() ===
  words
    .map((word) => word.toLowerCase())
    .sort()
    .join();

/** Of a schema that lists words, the words. */
function optionsOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return optionsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(optionsOf);
  return [];
}
