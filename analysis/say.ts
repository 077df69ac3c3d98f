import { printable, printableJson } from "../model/printable.ts";

/**
 * The only way in which analysis and sweep print: what comes from records, tables, logs and names may hold anything, and a terminal
 * acts upon none of it.
 */

/** On standard output. */
export const say = (text: string): void => console.log(printable(text, Number.POSITIVE_INFINITY));

/** On standard error, and of bounded length. */
export const complain = (text: string): void => console.error(printable(text, 20_000));

/** On standard output, for programs. */
export const sayJson = (value: unknown, indent?: number): void => console.log(printableJson(value, indent));
