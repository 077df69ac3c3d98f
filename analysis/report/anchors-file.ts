import * as z from "zod";
import { jsonIn, mostJsonBytes, readForeignFile, reasonFor } from "../foreign-file.ts";
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
    content = jsonIn(readForeignFile(file, { mostBytes: mostJsonBytes, followsLinks: true }));
  } catch (problem) {
    throw new Error(`${file}: ${reasonFor(problem)}`);
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
