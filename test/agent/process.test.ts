import { expect, test } from "vitest";
import { converse, execute, run } from "../../agent/process.ts";

const limit = { timeoutSeconds: 20 };

test("arguments reach the program as they are: no shell reads them", async () => {
  expect((await run("printf", ["%s|", "$(id)", "a b", ";ls"], limit)).toString()).toBe("$(id)|a b|;ls|");
});

test("a program that fails says its last words", async () => {
  await expect(run("bash", ["-c", "echo one >&2; echo two >&2; exit 3"], limit)).rejects.toThrow(/exit code 3: one; two$/);
});

test("a program that does not exist is named", async () => {
  await expect(run("no-such-program", [], limit)).rejects.toThrow(/^no-such-program cannot be started/);
});

test("what takes too long is ended, with its children", async () => {
  const begun = performance.now();
  const result = await execute("bash", ["-c", "sleep 60 & sleep 60; true"], { timeoutSeconds: 0.3 });
  expect(result.timedOut).toBe(true);
  expect(performance.now() - begun).toBeLessThan(5000);
});

test("a conversation: lines first, then all of the input", async () => {
  const script = 'for i in 1 2 3; do read -r _; echo "answer $i"; done; [[ $(wc -c) == 100000 ]]';
  const exchanges = await converse("bash", ["-c", script], 3, { ...limit, input: Buffer.alloc(100_000, "x") });
  expect(exchanges.map(({ answer }) => answer)).toEqual(["answer 1", "answer 2", "answer 3"]);
  expect(exchanges.every(({ asked, answered }) => answered >= asked)).toBe(true);
});

test("a conversation partner that dies is an error", async () => {
  await expect(converse("bash", ["-c", "read -r _; echo cannot >&2; exit 255"], 3, limit)).rejects.toThrow(/exit code 255: cannot$/);
});
