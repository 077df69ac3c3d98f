import type { Counts } from "../run.ts";

/** Completed ÷ submitted jobs, a fraction. Null where none was submitted. */
export const successRate = ({ submitted, completed }: Counts): number | null => (submitted === 0 ? null : completed / submitted);
