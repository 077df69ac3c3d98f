import { digestOf } from "../../model/identity.ts";
import { type DeclaredObjective, objectiveList } from "../../model/objectives.ts";
import { byKind } from "../pareto/kind.ts";
import { agreements } from "./agreement.ts";
import type { Analysis, JobRow, Jobs, Provenance, Section, Trial } from "./analysis.ts";
import { type Asked, answerOf } from "./answer/answer.ts";
import { basesOf } from "./basis.ts";
import { besideOf, nothingBeside } from "./beside.ts";
import { type Identity, identity, level } from "./identity.ts";
import { readJobs } from "./jobs-table.ts";
import { type FailedTrial, type RecordedTrial, type Trials, tableFiles } from "./read-trials.ts";
import { comparable, type JobsReader, type Judging, type Placed, section } from "./section.ts";

export interface AnalysisRequest extends Judging {
  readonly trials: Trials;
  /** Most rows of jobs that are kept for drawing. */
  readonly jobRows: number;
  readonly generated: string;
  /** What the answer compares with and prefers; nothing in particular, if left out. */
  readonly asked?: Asked;
  /** With which the trials were read; every one, if left out. */
  readonly declared?: readonly DeclaredObjective[];
}

/** From trials to everything that the report shows. */
export function analyse({ trials, limits, anchors, jobRows, generated, asked = {}, declared = objectiveList }: AnalysisRequest): {
  readonly analysis: Analysis;
  readonly jobs: Jobs;
} {
  const read = trials.recorded.map((recorded, i) => placedRecord(recorded, `t${i + 1}`));
  const { placed: failed, unplaced } = place(trials.failed, read, trials.recorded.length);
  const groups = byKind([...read, ...failed], ({ identity: { kind } }) => kind);
  const sorted = groups.flatMap(({ rows }) => comparable(rows)).toSorted((a, b) => b.length - a.length);
  const jobsOf = jobsReader();
  const judged = sorted.map((rows, i) => section(`section-${i + 1}`, rows, { limits, anchors }, jobsOf.read));
  const sections = judged.map((own): Section => ({ ...own, answer: answerOf(own, { asked, limits, sweeps: trials.sweeps, judged }) }));
  const schedulers = trials.recorded.map(({ record }) => record.provenance.scheduler);
  const analysis: Analysis = {
    generated,
    sections,
    againstNodes: Object.fromEntries(
      declared.flatMap(({ key, againstNodes }) => (againstNodes === undefined ? [] : [[key, againstNodes]])),
    ),
    agreements: agreements(sections),
    unreadable: trials.unreadable,
    unplaced,
    schedulers: Object.fromEntries(schedulers.map(({ digest, version, effective }) => [digest, { version, effective }])),
  };
  return { analysis, jobs: kept(jobsOf.all, analysis, jobRows) };
}

/** Reads each run's jobs once. */
function jobsReader() {
  const all = new Map<string, readonly JobRow[]>();
  const read: JobsReader = (run, { file: recordFile, digest, nodeCount }) => {
    const found = readJobs(tableFiles(recordFile, run.table), digest, nodeCount);
    if (!("reason" in found)) all.set(run.id, found);
    return found;
  };
  return { all, read };
}

function placedRecord({ file, sha256, record, sweep }: RecordedTrial, id: string): Placed {
  const { scheduler, program, image, hypervisor } = record.provenance;
  const provenance: Provenance = {
    program: program.version,
    sources: program.sources,
    image: image.digest,
    scheduler: scheduler.version,
    schedulerDigest: scheduler.digest,
    hypervisor: `${hypervisor.cpus} cores, ${hypervisor.cpuModel}`,
    connection: record.tuple.topology.hypervisor?.uri ?? "not said",
  };
  const own = identity(record.tuple, {
    fidelity: record.fidelity,
    backend: record.provenance.image.backend,
    start: record.provenance.start,
  });
  const trial: Omit<Trial, "status" | "reason" | "runs" | "stream"> = {
    id,
    file,
    sha256,
    seed: own.seed,
    objectives: Object.fromEntries(Object.entries(record.objectives).map(([key, { value }]) => [key, value])),
    lowerBounds: Object.entries(record.objectives).flatMap(([key, { lowerBound }]) => (lowerBound === true ? [key] : [])),
    bases: basesOf(record),
    beside: besideOf(record),
    doubts: record.validity.doubts.map(({ severity, code, message }) => ({ severity, code, message })),
    provenance,
    sweep: sweep === undefined ? null : { name: sweep.sweep, stack: sweep.stack, repetition: sweep.repetition },
  };
  return { identity: own, trial, record, failure: null };
}

/** A trial without a record belongs to a configuration that the sweep says it is, or to the sweep's only section. */
function place(failed: readonly FailedTrial[], read: readonly Placed[], from: number) {
  const byTuple = new Map(read.map((placed) => [placed.identity.tupleDigest, placed.identity]));
  const placed: Placed[] = [];
  const unplaced: Analysis["unplaced"][number][] = [];
  failed.forEach(({ file, sweep, kind, message }, i) => {
    const known = [...byTuple].find(([digest]) => digestOf([digest, sweep.seed]) === sweep.key.tuple)?.[1] ?? likely(sweep, read);
    if (known === null) {
      unplaced.push({ file, sweep: sweep.sweep, kind, message });
      return;
    }
    placed.push({
      identity: { ...known, seed: String(sweep.seed) },
      record: null,
      failure: { kind, message },
      trial: {
        id: `t${from + i + 1}`,
        file,
        sha256: null,
        seed: String(sweep.seed),
        objectives: {},
        lowerBounds: [],
        bases: {},
        beside: nothingBeside,
        doubts: [],
        provenance: null,
        sweep: { name: sweep.sweep, stack: sweep.stack, repetition: sweep.repetition },
      },
    });
  });
  return { placed, unplaced };
}

function likely({ sweep, values }: FailedTrial["sweep"], read: readonly Placed[]): Identity | null {
  const others = read.filter(({ trial }) => trial.sweep?.name === sweep).map((placed) => placed.identity);
  const [first] = others;
  const isOneSection = new Set(others.map(({ kind }) => JSON.stringify(kind))).size === 1;
  const changesSection = Object.keys(values).some((path) => /^(topology|workloads)\b/.test(path));
  if (first === undefined || !isOneSection || changesSection) return null;
  const parameters = { ...first.parameters, ...Object.fromEntries(Object.entries(values).map(([path, value]) => [path, level(value)])) };
  const same = others.find((other) => Object.entries(parameters).every(([path, value]) => other.parameters[path] === value));
  return { ...(same ?? { ...first, digest: digestOf(values), tupleDigest: "" }), parameters };
}

/** Runs in the order of the report until the rows are used up: one trial of each configuration first. */
function kept(all: ReadonlyMap<string, readonly JobRow[]>, { sections }: Analysis, most: number): Jobs {
  const configurations = sections.flatMap((own) => own.configurations);
  const first = configurations.flatMap(({ trials }) => trials.slice(0, 1));
  const rest = configurations.flatMap(({ trials }) => trials.slice(1));
  const chosen: Record<string, readonly JobRow[]> = {};
  let rows = 0;
  for (const { id } of [...first, ...rest].flatMap(({ runs }) => runs)) {
    const jobs = all.get(id);
    if (jobs === undefined || rows + jobs.length > most) continue;
    rows += jobs.length;
    chosen[id] = jobs;
  }
  return chosen;
}
