import { createHash } from "node:crypto";

/** JSON whose keys are sorted at every depth: equal values give equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** sha256 of the canonical JSON, in hexadecimal: the digest by which a sweep knows its configurations, too. */
export const digestOf = (value: unknown): string => sha256(canonical(value));

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
