import { run } from "./process.ts";
import { say } from "./progress.ts";
import { wordsOf } from "./words.ts";

/** systemd's services on the head, the scheduler's daemons among them. */

/** What an emulated processor needs for a call to systemd, with a scheduler's daemon that starts. */
const answerSeconds = 120;

/** Names of those that have failed: ended by a signal, or otherwise than they should. */
export async function failedServices(): Promise<string[]> {
  const args = ["list-units", "--type=service", "--state=failed", "--plain", "--no-legend", "--no-pager"];
  const text = String(await run("systemctl", args, { timeoutSeconds: answerSeconds }));
  return text.split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
}

/** Does the work; where that throws while services have failed, starts these again and does it once more. */
export async function withServices<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const failed = await failedServices();
    if (failed.length === 0) throw error;
    say(`${wordsOf(error)}; failed on the head, now started again: ${failed.join(", ")}`);
    await run("systemctl", ["restart", ...failed], { timeoutSeconds: answerSeconds });
    return work();
  }
}
