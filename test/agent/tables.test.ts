import { describe, expect, test } from "vitest";
import { scheduleJson } from "../../agent/schedule-json.ts";
import { eventsJsonl, jobsCsv } from "../../agent/tables.ts";
import { job, machine, ran, told, wholeNodes } from "../model/job-times.ts";

/** Four nodes a to d. One job on three of them, one cut off while it ran, one that still waited, one that was refused. */
const rows = [
  ran(job("s1", { nodes: 3, runSeconds: 4, walltimeSeconds: 8, user: "ann" }), 100, 102, 106, ["a", "b", "d"], {
    allocated: 101,
    cleaned: 107,
  }),
  ran(job("s2", { user: 'b"o,b' }), 101.5, 106, null, ["a"], { cleaned: null }),
  ran(job("s3"), 103, null, null),
  ran(job("s4"), 104, null, null, [], { outcome: "failed", due: 103.5 }),
];
const four = machine([1, 1, 1, 1], wholeNodes);

/** The first 17 columns are those of Batsim's `_jobs.csv`, most of which evalys' JobSet.from_csv reads. */
test("jobs.csv", () => {
  expect(jobsCsv(told(rows, 200), { workload: "jobstream", nodes: ["a", "b", "c", "d"], warmUpJobs: 1 }).split("\n")).toEqual([
    "job_id,workload_name,profile,submission_time,requested_number_of_resources,requested_time,success,final_state,starting_time,execution_time,finish_time,waiting_time,turnaround_time,stretch,allocated_resources,consumed_energy,metadata,outcome,user,nominal_time,cores_per_node,due_time,counted",
    "s1,jobstream,sleep,0.000000,3,8,1,COMPLETED_SUCCESSFULLY,2.000000,4.000000,6.000000,2.000000,6.000000,1.500000,0-1 3,,,completed,ann,4,1,0.000000,0",
    's2,jobstream,sleep,1.500000,1,100,0,COMPLETED_KILLED,6.000000,94.000000,100.000000,4.500000,98.500000,1.047872,0,,,censored,"b""o,b",10,1,1.500000,1',
    "s3,jobstream,sleep,3.000000,1,100,0,COMPLETED_KILLED,,,,,,,,,,censored,,10,1,3.000000,1",
    "s4,jobstream,sleep,4.000000,1,100,0,COMPLETED_FAILED,,,,,,,,,,failed,,10,1,3.500000,1",
    "",
  ]);
});

describe("schedule.json", () => {
  test("Batsim's fields, in order of their names", () => {
    const written = scheduleJson(told(rows, 200), four);
    expect(Object.keys(JSON.parse(written))).toEqual(Object.keys(JSON.parse(written)).toSorted());
    // s1 ran 4 s on three nodes, s2 94 s on one; the last was cut off 100 s after the first submission.
    expect(JSON.parse(written)).toEqual({
      makespan: 100,
      max_slowdown: 6 / 4,
      max_turnaround_time: 98.5,
      max_waiting_time: 4.5,
      mean_slowdown: (6 / 4 + 98.5 / 94) / 2,
      mean_turnaround_time: (6 + 98.5) / 2,
      mean_waiting_time: (2 + 4.5) / 2,
      nb_computing_machines: 4,
      nb_jobs: 4,
      nb_jobs_finished: 2,
      nb_jobs_killed: 1,
      nb_jobs_rejected: 1,
      nb_jobs_success: 1,
      success_rate: 0.25,
      time_computing: 3 * 4 + 94,
      time_idle: 400 - 106,
    });
  });

  test("a node that jobs share computes once", () => {
    const shared = [ran(job("1"), 0, 0, 10, ["a"]), ran(job("2"), 0, 5, 12, ["a"])];
    expect(JSON.parse(scheduleJson(told(shared, 12), four))).toMatchObject({ time_computing: 12, time_idle: 36 });
  });

  test("where nothing ran there is nothing to tell", () => {
    expect(JSON.parse(scheduleJson(told([], 10), four))).toMatchObject({ nb_jobs: 0, mean_slowdown: null, success_rate: null });
  });
});

test("events.jsonl is in order of time", () => {
  const event = (seconds: number) => ({ job: "s1", event: "started", seconds, clock: "job", precisionSeconds: 1e-6 }) as const;
  const written = eventsJsonl([event(2), event(1)])
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(written).toEqual([event(1), event(2)]);
});

test("a long table loses no line", () => {
  const event = (seconds: number) => ({ job: "s1", event: "started", seconds, clock: "job", precisionSeconds: 1e-6 }) as const;
  const lines = eventsJsonl(Array.from({ length: 12_345 }, (_, i) => event(i))).split("\n");
  expect([lines.length, lines[12_344]]).toEqual([12_346, JSON.stringify(event(12_344))]);
});
