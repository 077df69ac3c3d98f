import { createHash } from "node:crypto";

/** How two things are told to be the same: by sha256, in hexadecimal. */

/** JSON whose keys are sorted at every depth: equal values give equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Of a value's canonical JSON. */
export const digestOf = (value: unknown): string => sha256(canonical(value));

export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
