import { beforeEach, expect, test, vi } from "vitest";
import { withServices } from "../../agent/services.ts";

/** What systemctl was asked to do, and what it answers of failed units: as systemd 252 prints them. */
const asked: string[][] = [];
let failed = "";

vi.mock("../../agent/process.ts", () => ({
  run: (_file: string, args: readonly string[]) => {
    asked.push([...args]);
    return Promise.resolve(Buffer.from(args[0] === "list-units" ? failed : ""));
  },
}));
vi.mock("../../agent/progress.ts", () => ({ say: () => {} }));

beforeEach(() => {
  asked.length = 0;
  failed = "";
});

/** Fails so many times, then works. */
function failing(times: number) {
  const work = vi.fn(async () => {
    if (work.mock.calls.length <= times) throw new Error("slurm_load_jobs error: Unable to contact slurm controller (connect failure)");
  });
  return work;
}

test("what works asks systemd nothing", async () => {
  await withServices(failing(0));
  expect(asked).toEqual([]);
});

test("a daemon that died is started again, and the work done once more", async () => {
  failed =
    "slurmctld.service loaded failed failed Slurm controller daemon\nmunge.service     loaded failed failed MUNGE authentication service\n";
  const work = failing(1);
  await withServices(work);
  expect(work).toHaveBeenCalledTimes(2);
  expect(asked.slice(1)).toEqual([["restart", "slurmctld.service", "munge.service"]]);
});

test("where no service has failed, or the second time fails too, the reason stands", async () => {
  await expect(withServices(failing(1))).rejects.toThrow("Unable to contact");
  failed = "slurmctld.service loaded failed failed Slurm controller daemon\n";
  await expect(withServices(failing(2))).rejects.toThrow("Unable to contact");
});
