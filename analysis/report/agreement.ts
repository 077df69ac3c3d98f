import { pairedDifference } from "../statistics/paired-difference.ts";
import { usableScale } from "../statistics/scale.ts";
import type { Agreement, Configuration, Measured, Section, Trial } from "./analysis.ts";
import { varying } from "./varying.ts";

/** Fidelity of machines → that of emulated nodes whose head runs as these do. */
const emulations: Readonly<Record<string, string>> = { vm: "emulated-nodes", "vm-emulated-cpu": "emulated-nodes-emulated-cpu" };

/** A configuration of a section. */
interface Place {
  readonly section: Section;
  readonly own: Configuration;
}

/** Every objective of every configuration that was measured on machines and on emulated nodes alike. */
export function agreements(sections: readonly Section[]): Agreement[] {
  const places = sections.flatMap((section) => section.configurations.map((own): Place => ({ section, own })));
  return places.flatMap((real) => places.filter((other) => isEmulationOf(other, real)).flatMap((emulated) => compared(real, emulated)));
}

/** Whether the scheduler, its jobs, and its nodes as it sees them are the same. */
const isEmulationOf = (other: Place, one: Place): boolean =>
  emulations[one.section.fidelity] === other.section.fidelity &&
  one.section.suiteDigest === other.section.suiteDigest &&
  one.section.backend === other.section.backend &&
  JSON.stringify(one.section.groups) === JSON.stringify(other.section.groups) &&
  varying([one.own.parameters, other.own.parameters]).length === 0;

function compared(machines: Place, emulated: Place): Agreement[] {
  const valid = ({ own }: Place) => own.trials.filter(({ status }) => status === "valid");
  const [real, pretended] = [valid(machines), valid(emulated)];
  const seeds = [...new Set([...real, ...pretended].map(({ seed }) => seed))];
  const both = machines.section.objectives.filter(({ key }) => emulated.section.objectives.some((other) => other.key === key));
  return both.map(({ key, scale: wanted }) => {
    const values = [...real, ...pretended].flatMap(({ objectives }) => objectives[key] ?? []);
    const scale = usableScale(wanted, values);
    const accessors = {
      seed: ({ seed }: Trial) => seeds.indexOf(seed),
      value: ({ objectives }: Trial) => objectives[key],
      scale,
    };
    const { difference, seeds: paired } = pairedDifference(real, pretended, accessors);
    return {
      objective: key,
      configuration: machines.own.label,
      machines: measured(machines, key),
      emulated: measured(emulated, key),
      difference,
      scale,
      pairs: paired.length,
    };
  });
}

const measured = ({ section, own }: Place, key: string): Measured => ({
  section: section.id,
  configuration: own.id,
  fidelity: section.fidelity,
  estimate: own.estimates[key] ?? null,
});
