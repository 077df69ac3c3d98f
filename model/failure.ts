import * as z from "zod";

/** How an update failed, by who saw it: a script, the agent, or the program itself. Whoever did not see it does not guess. */
export const failureKinds = [
  /** It took longer than a trial may. */
  "timeout",
  "out of memory",
  "disk full",
  /** A machine did not come up. */
  "boot",
  /** The running scheduler does not say what it was told. */
  "configuration differs",
  /** The program would not begin: the tuple, or a hypervisor that it does not fit. */
  "refused",
  /** Anything else. */
  "failed",
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** What a script, the agent or the program answers that failed: one line of JSON, among words for people. */
const failureAnswer = z.strictObject({ error: z.strictObject({ kind: z.enum(failureKinds), message: z.string() }) });
export type FailureAnswer = z.output<typeof failureAnswer>;

export const failureLine = (kind: FailureKind, message: string): string =>
  JSON.stringify({ error: { kind, message } } satisfies FailureAnswer);

/** The last answer among lines of a diagnostic; undefined where none of them is one. */
export function failureIn(text: string): FailureAnswer["error"] | undefined {
  return text.split("\n").flatMap(answerOf).at(-1);
}

function answerOf(line: string): FailureAnswer["error"][] {
  if (!line.startsWith("{")) return [];
  try {
    const { success, data } = failureAnswer.safeParse(JSON.parse(line));
    return success ? [data.error] : [];
  } catch {
    return [];
  }
}
