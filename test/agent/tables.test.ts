import { expect, test } from "vitest";
import { eventsJsonl, jobsCsv } from "../../agent/tables.ts";
import type { Job } from "../../model/job.ts";

const job = (id: string, nodes: number): Job => ({
  id,
  submitSeconds: 0,
  nodes,
  ranksPerNode: 1,
  coresPerRank: 1,
  memoryMiBPerNode: 0,
  gpusPerNode: 0,
  runSeconds: 4,
  walltimeSeconds: 8,
  body: { kind: "sleep", seconds: 4 },
});

/** Column names as in Batsim's `_jobs.csv`, which evalys' JobSet.from_csv reads. */
test("jobs.csv", () => {
  const rows = [
    {
      job: job("s1", 3),
      outcome: "completed",
      nodes: ["cn1", "cn2", "gpu1"],
      submit: 100,
      allocated: 101,
      started: 102,
      ended: 106,
      cleaned: 107,
    },
    { job: job("s2", 1), outcome: "censored", nodes: [], submit: 101.5, allocated: null, started: null, ended: null, cleaned: null },
  ] as const;
  expect(jobsCsv({ jobs: rows, endSeconds: 200, lost: [] }, "jobstream", ["cn1", "cn2", "cn3", "gpu1"])).toBe(
    [
      "job_id,workload_name,profile,submission_time,requested_number_of_resources,requested_time,success,final_state,starting_time,execution_time,finish_time,waiting_time,turnaround_time,stretch,allocated_resources",
      "s1,jobstream,sleep,0.000000,3,8,1,COMPLETED_SUCCESSFULLY,2.000000,4.000000,6.000000,2.000000,6.000000,1.500000,0-1 3",
      "s2,jobstream,sleep,1.500000,1,8,0,COMPLETED_KILLED,,,,,,,",
      "",
    ].join("\n"),
  );
});

test("events.jsonl is in order of time", () => {
  const event = (seconds: number) => ({ job: "s1", event: "started", seconds, clock: "job", precisionSeconds: 1e-6 }) as const;
  const written = eventsJsonl([event(2), event(1)])
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(written).toEqual([event(1), event(2)]);
});
