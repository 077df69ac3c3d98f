import { pairedDifference } from "../statistics/paired-difference.ts";
import type { Agreement, Configuration, Measured, Section } from "./analysis.ts";
import { varying } from "./varying.ts";

/** What `nodes: emulated` results say of their nodes. */
export const emulatedNodes = "emulated-nodes";

/** A configuration of a section. */
interface Place {
  readonly section: Section;
  readonly own: Configuration;
}

/** Every objective of every configuration that was measured on machines and on emulated nodes alike. */
export function agreements(sections: readonly Section[]): Agreement[] {
  const places = sections.flatMap((section) => section.configurations.map((own): Place => ({ section, own })));
  const [emulated, machines] = [places.filter(isEmulated), places.filter((place) => !isEmulated(place))];
  return machines.flatMap((real) => emulated.filter((pretended) => isSame(real, pretended)).flatMap((pretended) => compared(real, pretended)));
}

const isEmulated = ({ section }: Place) => section.fidelity === emulatedNodes;

/** Whether the scheduler, its nodes and its jobs are the same. */
const isSame = (one: Place, other: Place): boolean =>
  one.section.suiteDigest === other.section.suiteDigest &&
  one.section.backend === other.section.backend &&
  JSON.stringify(one.section.groups) === JSON.stringify(other.section.groups) &&
  varying([one.own.parameters, other.own.parameters]).length === 0;

function compared(machines: Place, emulated: Place): Agreement[] {
  const valid = ({ own }: Place) => own.trials.filter(({ status }) => status === "valid");
  const [real, pretended] = [valid(machines), valid(emulated)];
  const seeds = [...new Set([...real, ...pretended].map(({ seed }) => seed))];
  const both = machines.section.objectives.filter(({ key }) => emulated.section.objectives.some((other) => other.key === key));
  return both.map(({ key }) => {
    const accessors = { seed: ({ seed }: { seed: string }) => seeds.indexOf(seed), value: valueOf(key) };
    const { difference, seeds: paired } = pairedDifference(real, pretended, accessors);
    return {
      objective: key,
      configuration: machines.own.label,
      machines: measured(machines, key),
      emulated: measured(emulated, key),
      difference,
      pairs: paired.length,
    };
  });
}

const valueOf =
  (key: string) =>
  ({ objectives }: Configuration["trials"][number]) =>
    objectives[key];

const measured = ({ section, own }: Place, key: string): Measured => ({
  section: section.id,
  configuration: own.id,
  fidelity: section.fidelity,
  estimate: own.estimates[key] ?? null,
});
