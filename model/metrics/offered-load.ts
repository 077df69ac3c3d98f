import { mean } from "simple-statistics";
import { capacity, type Machine, unitsOf } from "../machine.ts";
import type { JobTimes } from "../timeline.ts";
import { nominalSeconds } from "./nominal.ts";

/** What a stream asks of a machine. */
export interface OfferedLoad {
  /** ρ = Σ n · p ÷ (N · time between the first and the last arrival), no unit; infinite where all arrive at once. */
  readonly load: number;
  /** The same with the time that a job held its nodes in place of p, launch and clean-up included: what the machine can do of it. */
  readonly held: number;
  /** Of the jobs' work n · p: standard deviation ÷ mean, squared. */
  readonly workVariation: number;
  /** The same of the times between arrivals. */
  readonly arrivalVariation: number;
}

/** @param rows in order of submission */
export function offeredLoad(rows: readonly JobTimes[], machine: Machine): OfferedLoad {
  const due = rows.map((row) => row.due);
  const span = (due.at(-1) ?? 0) - (due[0] ?? 0);
  const work = rows.map((row) => unitsOf(row.job, machine) * nominalSeconds(row));
  const held = rows.map((row) => unitsOf(row.job, machine) * heldSeconds(row));
  const all = capacity(machine) * span;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    load: sum(work) / all,
    held: sum(held) / all,
    workVariation: variation(work),
    arrivalVariation: variation(due.slice(1).map((seconds, i) => seconds - (due[i] as number))),
  };
}

/** From the allocation until the nodes were clean; at least the nominal run time, which one that was cut off did not reach. */
const heldSeconds = (row: JobTimes): number => {
  const [from, to] = [row.allocated ?? row.started, row.cleaned ?? row.ended];
  return Math.max(nominalSeconds(row), from === null || to === null ? 0 : to - from);
};

function variation(values: readonly number[]): number {
  const centre = values.length === 0 ? 0 : mean([...values]);
  return centre === 0 ? 0 : mean(values.map((value) => (value / centre - 1) ** 2));
}
