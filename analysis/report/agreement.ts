import type { Fidelity } from "../../model/record.ts";
import { countsInstructions } from "../../model/virtual-time.ts";
import { pairedDifference } from "../statistics/paired-difference.ts";
import { usableScale } from "../statistics/scale.ts";
import type { Agreement, Configuration, Measured, Section, Trial } from "./analysis.ts";
import { varying } from "./varying.ts";

const virtual: Fidelity = "emulated-nodes-virtual-time";

/** What can stand in for nodes of a fidelity: emulated nodes whose head runs as machines do, and those in virtual time. */
const standIns: Readonly<Record<string, readonly Fidelity[]>> = {
  vm: ["emulated-nodes", virtual],
  "vm-emulated-cpu": ["emulated-nodes-emulated-cpu", virtual],
  "emulated-nodes": [virtual],
  "emulated-nodes-emulated-cpu": [virtual],
} satisfies { [key in Fidelity]?: readonly Fidelity[] };

/** A configuration of a section. */
interface Place {
  readonly section: Section;
  readonly own: Configuration;
}

/** Every objective of every configuration that was measured on nodes and on what can stand in for them. */
export function agreements(sections: readonly Section[]): Agreement[] {
  const places = sections.flatMap((section) => section.configurations.map((own): Place => ({ section, own })));
  return places.flatMap((real) => places.filter((other) => isEmulationOf(other, real)).flatMap((emulated) => compared(real, emulated)));
}

/** Whether the scheduler, its jobs, and its nodes as it sees them are the same. */
const isEmulationOf = (other: Place, one: Place): boolean =>
  standIns[one.section.fidelity]?.some((fidelity) => fidelity === other.section.fidelity) === true &&
  one.section.suiteDigest === other.section.suiteDigest &&
  one.section.backend === other.section.backend &&
  JSON.stringify(one.section.groups) === JSON.stringify(other.section.groups) &&
  varying([one.own.parameters, other.own.parameters]).length === 0;

function compared(machines: Place, emulated: Place): Agreement[] {
  const valid = ({ own }: Place) => own.trials.filter(({ status }) => status === "valid");
  const [real, pretended] = [valid(machines), valid(emulated)];
  const seeds = [...new Set([...real, ...pretended].map(({ seed }) => seed))];
  // A time is no number of instructions.
  const isComparable = (key: string) => emulated.section.fidelity !== virtual || !countsInstructions(key);
  const both = machines.section.objectives.filter(
    ({ key }) => isComparable(key) && emulated.section.objectives.some((other) => other.key === key),
  );
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
