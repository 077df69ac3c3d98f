import type { FailureKind } from "../model/failure.ts";
import { InvalidInput } from "../model/problem.ts";

/** A failure of which whoever throws it knows the kind. */
export class KnownFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message);
  }
}

/** Of anything that was thrown; the operating system names a full disk by a code. */
export function kindOf(error: unknown): FailureKind {
  if (error instanceof KnownFailure) return error.kind;
  if (error instanceof InvalidInput) return "refused";
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT") ? "disk full" : "failed";
}
