import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { account, execute, failure, run } from "../../process.ts";
import { normalForms, secondConfiguration } from "./normal-form.ts";

/** A start takes a second, on an emulated processor some ten. */
const startSeconds = 120;
const commandSeconds = 60;

/** What was asked, in the form in which slurmctld prints it: see normal-form.ts. */
export async function askSecondController(expected: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = mkdtempSync("/run/second-slurmctld-");
  const { uid, gid } = account("slurm");
  chownSync(folder, uid, gid);
  const path = join(folder, "slurm.conf");
  writeFileSync(path, secondConfiguration(readFileSync("/etc/slurm/slurm.conf", "utf8"), expected, folder));
  const client = async (...args: string[]) =>
    (await run("env", [`SLURM_CONF=${path}`, "scontrol", ...args], { timeoutSeconds: commandSeconds })).toString("utf8");
  const limits = { timeoutSeconds: startSeconds + 3 * commandSeconds };
  let ended = false;
  const end = execute("slurmctld", ["-D", "-f", path], limits).finally(() => {
    ended = true;
  });
  end.catch(() => {});
  try {
    const limit = performance.now() + startSeconds * 1000;
    while (!(await client("ping").catch(() => "")).includes("is UP")) {
      if (ended) throw new Error(`a second slurmctld with what was asked does not start: ${failure(await end, limits)}`);
      if (performance.now() > limit) throw new Error(`a second slurmctld with what was asked does not answer after ${startSeconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return normalForms(expected, await client("show", "config"), await client("--oneliner", "show", "partition"));
  } finally {
    if (!ended) await client("shutdown", "slurmctld").catch(() => {});
    await end.catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}
