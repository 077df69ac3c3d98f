import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Section } from "./analysis.ts";
import type { GivenAnchors } from "./ranking.ts";

const anchors = z.record(
  z.string(),
  z
    .strictObject({ ideal: z.number(), nadir: z.number() })
    .refine(({ ideal, nadir }) => ideal < nadir, "the ideal must be below the nadir: less is better in every objective"),
);

/** What `--anchors` reads: ideal and nadir of each objective by its key, in its unit. Throws Error with the file and the reason. */
export function readAnchors(file: string): GivenAnchors {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  const parsed = anchors.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${file}: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}

/** A section's anchors as a file for later reports, so that their hypervolumes can be compared with this one's. */
export const anchorsText = ({ front }: Section): string | null =>
  front === null
    ? null
    : `${JSON.stringify(Object.fromEntries(front.anchors.map(({ objective, ideal, nadir }) => [objective, { ideal, nadir }])), null, 2)}\n`;
