import { type FailureKind, failureIn } from "../../model/failure.ts";
import type { Failure } from "./infrastructure.ts";
import { machines } from "./machine-host.ts";

/** The typed outcome of an update that failed: as whoever saw it says; where nobody does, by what failed. */
export function failureOutcome({ failed, messages }: Failure): { kind: FailureKind; at: string | null; message: string } {
  const [first] = failed;
  const answers = messages.flatMap((message) => failureIn(message) ?? []);
  const answer = answers.find(({ kind }) => kind !== "failed") ?? answers.at(-1);
  // A machine is made by the provider, and by no script that could say more.
  const kind = answer?.kind ?? (machines.isMachine(first?.type ?? "") ? "boot" : "failed");
  // The last message is the nearest to the cause.
  return { kind, at: first?.name ?? null, message: shortened(answer?.message ?? messages.at(-1) ?? "pulumi up failed without a message") };
}

const most = 2000;

/** The end of a long message, where the cause is. */
const shortened = (message: string) => {
  const text = message.trim();
  return text.length > most ? `… ${text.slice(-most)}` : text;
};
