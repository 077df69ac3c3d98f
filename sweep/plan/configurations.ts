import { type AxisValues, describe } from "../../model/axis-values.ts";
import { digestOf } from "../../model/identity.ts";
import { objectiveList } from "../../model/objectives.ts";
import { InvalidInput, type Problem } from "../../model/problem.ts";
import { parseTuple, type Tuple } from "../../model/tuple.ts";
import { orderedSpace } from "../search/space.ts";
import { axisValues } from "./axis-values.ts";
import { pathsOf, satisfies } from "./constraints.ts";
import type { Axis, Sweep } from "./sweep.ts";
import { isWithin, overlap, parsePath, type ValuePath, withValue } from "./value-path.ts";

/** A tuple as the user writes it, before defaults: `topology`, `scheduler`, `workloads` and so on. */
export type RawTuple = Readonly<Record<string, unknown>>;

/** One point of the sweep, whatever the seed. */
export interface Configuration {
  readonly values: AxisValues;
  readonly raw: RawTuple;
  readonly tuple: Tuple;
  /** Of the tuple, defaults written out and seeds left out: sha256 in hexadecimal. */
  readonly digest: string;
}

/** Most configurations that the axes may span, before constraints. */
const most = 200_000;

/** How many refused configurations an error names. */
const named = 20;

/** Every configuration of the sweep, in the order of its axes; throws InvalidInput with all that is wrong, and creates nothing. */
export function configurations(name: string, sweep: Sweep, base: RawTuple): Configuration[] {
  const groups = axisGroups(name, sweep);
  const spanned = groups.reduce((product, group) => product * group.length, 1);
  if (spanned > most) refuse(name, [{ path: ["axes"], message: `${spanned} configurations, the most is ${most}` }]);
  const each = seedsOf(sweep).length * sweep.repetitions;
  const requireBudget = (count: number) => {
    if (count * each > sweep.budget.trials)
      refuse(name, [{ path: ["budget", "trials"], message: `${count * each} trials are asked for, ${sweep.budget.trials} are allowed` }]);
  };
  // Before any is made, where all are kept.
  if (sweep.constraints.length === 0) requireBudget(spanned);
  const crossed = cross(groups).filter((values) => sweep.constraints.every((constraint) => satisfies(values, constraint)));
  const kept = [...(sweep.includeBase && groups.length > 0 ? [{}] : []), ...crossed];
  if (crossed.length === 0) refuse(name, [{ path: ["constraints"], message: `leave none of ${spanned} configurations` }]);
  requireBudget(kept.length);

  const common = withSet(name, sweep, base);
  const problems: Problem[] = [];
  const found: Configuration[] = [];
  let tried = 0;
  for (const values of kept) {
    if (problems.length > named) break;
    const made = configuration(values, common);
    tried++;
    if ("tuple" in made) found.push(made);
    else problems.push(...made.problems.map(({ path, message }) => ({ path, message: `${message} (in ${describe(values)})` })));
  }
  const [own, ...others] = found;
  const isInAxes = kept[0] !== crossed[0] && others.some(({ digest }) => digest === own?.digest);
  if (isInAxes) found.shift();
  problems.push(...repeated(found));
  if (problems.length > named) {
    const untried = tried < kept.length ? `, and ${kept.length - tried} of ${kept.length} configurations were not looked at` : "";
    problems.splice(named, Infinity, { path: ["axes"], message: `further problems are omitted${untried}` });
  }
  if (problems.length > 0) refuse(name, problems);
  return found;
}

/**
 * The base, and of what a search has asked for so far what is a valid tuple, each once. Throws InvalidInput where the search itself makes
 * no sense.
 */
export function searchedConfigurations(name: string, sweep: Sweep, base: RawTuple, asked: readonly AxisValues[]): Configuration[] {
  const { search, axes, zipped, constraints } = sweep;
  const taken = Object.keys({ ...axes, ...Object.assign({}, ...zipped) });
  if (taken.length + constraints.length > 0)
    refuse(name, [
      { path: ["search"], message: `does not go with axes, zipped or constraints: leave ${taken.join(", ") || "constraints"} out` },
    ]);
  const problems = Object.keys(search?.parameters ?? {}).flatMap((text): Problem[] => {
    const problem = pathProblem(parsePath(text), sweep);
    return problem === null ? [] : [{ path: ["search", "parameters", text], message: problem }];
  });
  const known = objectiveList.map(({ key }): string => key);
  for (const key of Object.keys(search?.objectives ?? {}))
    if (!known.includes(key)) problems.push({ path: ["search", "objectives", key], message: `is not one of ${known.join(", ")}` });
  if (problems.length > 0) refuse(name, problems);
  orderedSpace(search?.parameters ?? {});
  const common = withSet(name, sweep, base);
  const own = configuration({}, common);
  if ("problems" in own) refuse(name, own.problems);
  const made = [{}, ...asked].map((values) => configuration(values, common));
  const valid = made.flatMap((one) => ("tuple" in one ? [one] : []));
  return valid.filter(({ digest }, i) => valid.findIndex((other) => other.digest === digest) === i);
}

/** The digest of what these values make; null where it is no valid tuple. */
export function searchedDigest(name: string, sweep: Sweep, base: RawTuple, values: AxisValues): string | null {
  const made = configuration(values, withSet(name, sweep, base));
  return "tuple" in made ? made.digest : null;
}

/** The base with what the sweep sets for all, which configurations are compared with; null where it is no valid tuple. */
export function baseConfiguration(name: string, sweep: Sweep, base: RawTuple): Configuration | null {
  const made = configuration({}, withSet(name, sweep, base));
  return "tuple" in made ? made : null;
}

export const seedsOf = ({ seeds }: Sweep): readonly number[] =>
  "from" in seeds ? Array.from({ length: seeds.count }, (_, i) => seeds.from + i) : seeds;

function refuse(name: string, problems: readonly Problem[]): never {
  throw new InvalidInput(`sweep ${name}`, problems);
}

/** Why a sweep cannot set what stands at this path; null where it can. */
function pathProblem(path: ValuePath | null, { hosts }: Pick<Sweep, "hosts">): string | null {
  if (path === null) return "is not a path in the tuple, such as scheduler.SchedulerParameters.bf_interval or workloads[0].load";
  if (path[0] === "workloads" && path.length === 3 && path[2] === "seed") return "is set by the sweep's seeds";
  if (hosts !== undefined && overlap(["topology", "hypervisor", "uri"], path)) return "is set by the sweep's hosts";
  return null;
}

/** The base with what the sweep sets for all configurations. */
function withSet(name: string, sweep: Sweep, base: RawTuple): RawTuple {
  const axisPaths = [sweep.axes, ...sweep.zipped].flatMap((axes) => Object.keys(axes));
  let raw: unknown = base;
  const problems = Object.entries(sweep.set).flatMap(([text, value]): Problem[] => {
    const path = parsePath(text);
    const axis = axisPaths.find((other) => path !== null && isWithin(path, parsePath(other)));
    const set = withValue(raw, path ?? [], value);
    const message =
      pathProblem(path, sweep) ?? (axis !== undefined ? `is set by the axis ${axis}, too` : typeof set === "string" ? set : null);
    if (message !== null) return [{ path: ["set", text], message }];
    raw = (set as { root: unknown }).root;
    return [];
  });
  if (problems.length > 0) refuse(name, problems);
  return raw as RawTuple;
}

/** Values of each axis on its own, then of each zipped group: what is crossed. */
function axisGroups(name: string, { axes, zipped, constraints, ...sweep }: Sweep): AxisValues[][] {
  const problems: Problem[] = [];
  const seen: { text: string; path: ValuePath }[] = [];
  const read = (at: PropertyKey[], [text, axis]: [string, Axis]) => {
    const path = parsePath(text);
    const values = axisValues(axis);
    const complain = (message: string) => problems.push({ path: [...at, text], message });
    const problem = pathProblem(path, sweep);
    if (problem !== null) complain(problem);
    if (path !== null) {
      const other = seen.find((known) => overlap(known.path, path));
      if (other !== undefined) complain(`overlaps ${other.text}`);
      seen.push({ text, path });
    }
    if (typeof values === "string") complain(values);
    return { text, values: typeof values === "string" ? [] : values };
  };
  const single = Object.entries(axes).map((entry) => {
    const { text, values } = read(["axes"], entry);
    return values.map((value): AxisValues => ({ [text]: value }));
  });
  const together = zipped.map((group, i) => {
    const columns = Object.entries(group).map((entry) => read(["zipped", i], entry));
    const lengths = columns.map(({ values }) => values.length);
    if (new Set(lengths).size > 1)
      problems.push({ path: ["zipped", i], message: `the axes have ${lengths.join(", ")} values, not equally many` });
    const rowOf = (_: unknown, row: number): AxisValues => Object.fromEntries(columns.map(({ text, values }) => [text, values[row]]));
    return (columns[0]?.values ?? []).map(rowOf);
  });
  constraints.forEach((constraint, i) => {
    if ((constraint.not === undefined) === (constraint.require === undefined))
      problems.push({ path: ["constraints", i], message: "give either not or require" });
    for (const path of pathsOf(constraint))
      if (!seen.some(({ text }) => text === path))
        problems.push({ path: ["constraints", i, path], message: `is not one of the axes ${seen.map(({ text }) => text).join(", ")}` });
  });
  if (problems.length > 0) refuse(name, problems);
  return [...single, ...together];
}

const cross = (groups: readonly AxisValues[][]): AxisValues[] =>
  groups.reduce<AxisValues[]>((rows, group) => rows.flatMap((row) => group.map((values) => ({ ...row, ...values }))), [{}]);

function configuration(values: AxisValues, base: RawTuple): Configuration | { readonly problems: readonly Problem[] } {
  let raw: unknown = base;
  for (const [text, value] of Object.entries(values)) {
    const set = withValue(raw, parsePath(text) ?? [], value);
    if (typeof set === "string") return { problems: [{ path: [text], message: set }] };
    raw = set.root;
  }
  try {
    const tuple = parseTuple(raw);
    return { values, raw: raw as RawTuple, tuple, digest: digestOf(withoutSeeds(tuple)) };
  } catch (error) {
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

/** The sweep gives every workload its seed. */
const withoutSeeds = ({ workloads, ...rest }: Tuple) => ({ ...rest, workloads: workloads.map(({ seed: _, ...workload }) => workload) });

/** Two configurations that are one tuple would be one trial: a comparison of it with itself. */
function repeated(found: readonly Configuration[]): Problem[] {
  const first = new Map<string, Configuration>();
  return found.flatMap((configuration) => {
    const other = first.get(configuration.digest);
    if (other === undefined) first.set(configuration.digest, configuration);
    const message = `${describe(configuration.values)} and ${describe(other?.values ?? {})} are the same tuple: leave one out by a constraint`;
    return other === undefined ? [] : [{ path: ["axes"], message }];
  });
}
