import * as z from "zod";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import { parse } from "../../model/problem.ts";
import { jsonIn, mostJsonBytes, readForeignFile, reasonFor } from "../foreign-file.ts";
import type { Section } from "./analysis.ts";
import type { GivenAnchors } from "./ranking.ts";

const anchorsSchema = (declared: readonly DeclaredObjective[]) =>
  z.strictObject(Object.fromEntries(declared.map((own) => [own.key, endsOf(own).optional()])));

const endsOf = ({ better, scale }: Pick<DeclaredObjective, "better" | "scale">) =>
  z
    .strictObject({ ideal: z.number(), nadir: z.number() })
    .refine(
      ({ ideal, nadir }) => (better === "lower" ? ideal < nadir : ideal > nadir),
      `the ideal must be ${better === "lower" ? "below" : "above"} the nadir: ${better} is better`,
    )
    .refine(
      ({ ideal, nadir }) => scale === "linear" || (ideal > 0 && nadir > 0),
      "both ends must be above 0, for the scale is logarithmic",
    );

/** What `--anchors` reads: ideal and nadir of each objective by its key, in its unit. Throws Error with the file and the reason. */
export function readAnchors(file: string, declared: readonly DeclaredObjective[] = objectiveList): GivenAnchors {
  try {
    return parse("anchors", anchorsSchema(declared), jsonIn(readForeignFile(file, { mostBytes: mostJsonBytes, followsLinks: true })));
  } catch (problem) {
    throw new Error(`${file}: ${reasonFor(problem)}`);
  }
}

/**
 * A section's anchors as a file for later reports, so that their hypervolumes can be compared with this one's. One that is not
 * above 0, as γ may be by its scatter, is none for a logarithmic scale, and left out.
 */
export const anchorsText = ({ front }: Section): string | null =>
  front === null
    ? null
    : `${JSON.stringify(Object.fromEntries(front.anchors.filter(isReadable).map(({ objective, ideal, nadir }) => [objective, { ideal, nadir }])), null, 2)}\n`;

const isReadable = ({
  objective,
  ideal,
  nadir,
}: {
  readonly objective: string;
  readonly ideal: number;
  readonly nadir: number;
}): boolean => {
  const declared: readonly DeclaredObjective[] = objectiveList;
  return ideal !== nadir && (declared.find(({ key }) => key === objective)?.scale !== "log" || Math.min(ideal, nadir) > 0);
};
