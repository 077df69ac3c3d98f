import { createHash } from "node:crypto";

/** JSON whose keys are sorted at every depth: equal values give equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** sha256 of the canonical JSON, in hexadecimal. */
export const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");
