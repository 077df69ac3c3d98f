import { sha256 } from "../model/identity.ts";

/** Of a flat map, whatever the order of its keys. */
export const configurationDigest = (effective: Readonly<Record<string, string>>) =>
  sha256(JSON.stringify(Object.entries(effective).sort(([a], [b]) => (a < b ? -1 : 1))));
