import { beforeEach, expect, test, vi } from "vitest";
import { SlurmAdapter } from "../../agent/schedulers/slurm.ts";
import { type Job, noOp } from "../../model/job.ts";

/** Every command that the adapter runs, and how sbatch answers: by the job's name. */
const ran: { file: string; args: readonly string[]; as: string | undefined }[] = [];
const answers = new Map<string, Promise<Buffer>>();

vi.mock("../../agent/process.ts", () => ({
  run: (file: string, args: readonly string[], { as }: { as?: string }) => {
    ran.push({ file, args, as });
    const name = args.find((arg) => arg.startsWith("--job-name="))?.slice("--job-name=".length) ?? "";
    return answers.get(name) ?? Promise.resolve(Buffer.from(""));
  },
}));

beforeEach(() => {
  ran.length = 0;
  answers.clear();
});

const job = (id: string, parts: Partial<Job> = {}): Job => ({ ...noOp(id), ...parts });
const number = (value: string) => Promise.resolve(Buffer.from(`${value}\n`));
const submissionOf = (id: string) => ran.find(({ args }) => args.includes(`--job-name=${id}`));
const dependencyOf = (id: string) => submissionOf(id)?.args.filter((arg) => arg.startsWith("--dependency"));

test("a job is submitted by its user, or by the one that all others have", async () => {
  const adapter = new SlurmAdapter();
  await adapter.submit(job("a", { user: "u7" }));
  await adapter.submit(job("b"));
  expect([submissionOf("a")?.as, submissionOf("b")?.as]).toEqual(["u7", "bench"]);
});

test("a job waits for the numbers that Slurm gave those before it, however they end", async () => {
  const adapter = new SlurmAdapter();
  answers.set("a", number("17")).set("b", number("18"));
  await adapter.submit(job("a"));
  await adapter.submit(job("b"));
  await adapter.submit(job("c", { after: ["a", "b"] }));
  expect(dependencyOf("c")).toEqual(["--dependency=afterany:17:18"]);
  expect(dependencyOf("b")).toEqual([]);
});

test("a job whose predecessor has no number yet is submitted once it has", async () => {
  const adapter = new SlurmAdapter();
  let answer: (reply: Buffer) => void = () => {};
  answers.set("a", new Promise((resolve) => (answer = resolve)));
  const first = adapter.submit(job("a"));
  const second = adapter.submit(job("b", { after: ["a"] }));
  await Promise.resolve();
  expect(submissionOf("b")).toBeUndefined();
  answer(Buffer.from("17\n"));
  await Promise.all([first, second]);
  expect(dependencyOf("b")).toEqual(["--dependency=afterany:17"]);
});

test("a job whose predecessor was not taken waits for nothing", async () => {
  const adapter = new SlurmAdapter();
  answers.set("a", Promise.reject(new Error("sbatch: error: Batch job submission failed")));
  await expect(adapter.submit(job("a"))).rejects.toThrow("Batch job submission failed");
  await adapter.submit(job("b", { after: ["a"] }));
  expect(dependencyOf("b")).toEqual([]);
});

test("everybody's jobs are cancelled, those that wait before those that run", async () => {
  await new SlurmAdapter().cancel();
  expect(ran.map(({ file, args }) => [file, ...args])).toEqual([
    ["scancel", "--state=PENDING"],
    ["scancel", "--state=SUSPENDED"],
    ["scancel", "--state=RUNNING"],
  ]);
});
