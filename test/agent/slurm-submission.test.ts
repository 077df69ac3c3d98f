import { beforeEach, expect, test, vi } from "vitest";
import type { JobDescription } from "../../agent/schedulers/slurm/submitters.ts";
import { SlurmAdapter } from "../../agent/schedulers/slurm.ts";
import { type Job, noOp } from "../../model/job.ts";

/** Every command that the adapter runs, every job that it hands over, and how Slurm answers: by the job's name. */
const ran: string[][] = [];
const submitted: JobDescription[] = [];
const answers = new Map<string, Promise<number>>();

vi.mock("../../agent/process.ts", () => ({
  run: (file: string, args: readonly string[]) => {
    ran.push([file, ...args]);
    return Promise.resolve(Buffer.from(""));
  },
  account: (name: string) => ({ name, uid: name === "bench" ? 1000 : 2000 + Number(name.slice(1)), gid: 1000, home: "/home/bench" }),
  environmentOf: () => ({}),
}));

vi.mock("../../agent/schedulers/slurm/submitters.ts", () => ({
  Submitters: {
    start: async () => ({
      submit: (description: JobDescription) => {
        submitted.push(description);
        return answers.get(String(description.name)) ?? Promise.resolve(1);
      },
    }),
  },
}));

beforeEach(() => {
  ran.length = 0;
  submitted.length = 0;
  answers.clear();
});

const job = (id: string, parts: Partial<Job> = {}): Job => ({ ...noOp(id), ...parts });
const submissionOf = (id: string) => submitted.find(({ name }) => name === id);

async function ready() {
  const adapter = new SlurmAdapter();
  await adapter.reset();
  return adapter;
}

test("a job is submitted by its user, or by the one that all others have", async () => {
  const adapter = await ready();
  await adapter.submit(job("a", { user: "u7" }));
  await adapter.submit(job("b"));
  expect([submissionOf("a")?.user_id, submissionOf("b")?.user_id]).toEqual([2007, 1000]);
});

test("a job waits for the numbers that Slurm gave those before it, however they end", async () => {
  const adapter = await ready();
  answers.set("a", Promise.resolve(17)).set("b", Promise.resolve(18));
  await adapter.submit(job("a"));
  await adapter.submit(job("b"));
  await adapter.submit(job("c", { after: ["a", "b"] }));
  expect(submissionOf("c")?.dependency).toBe("afterany:17:18");
  expect(submissionOf("b")?.dependency).toBeUndefined();
});

test("a job whose predecessor has no number yet is submitted once it has", async () => {
  const adapter = await ready();
  let answer: (number: number) => void = () => {};
  answers.set("a", new Promise((resolve) => (answer = resolve)));
  const first = adapter.submit(job("a"));
  const second = adapter.submit(job("b", { after: ["a"] }));
  await Promise.resolve();
  expect(submissionOf("b")).toBeUndefined();
  answer(17);
  await Promise.all([first, second]);
  expect(submissionOf("b")?.dependency).toBe("afterany:17");
});

test("a job whose predecessor was not taken waits for nothing", async () => {
  const adapter = await ready();
  answers.set("a", Promise.reject(new Error("sbatch: error: Batch job submission failed")));
  await expect(adapter.submit(job("a"))).rejects.toThrow("Batch job submission failed");
  await adapter.submit(job("b", { after: ["a"] }));
  expect(submissionOf("b")?.dependency).toBeUndefined();
});

test("everybody's jobs are cancelled, those that wait before those that run", async () => {
  await new SlurmAdapter().cancel();
  expect(ran).toEqual([
    ["scancel", "--state=PENDING"],
    ["scancel", "--state=SUSPENDED"],
    ["scancel", "--state=RUNNING"],
  ]);
});
