import { expect, test } from "vitest";
import { outputOf } from "../../sweep/run/processes.ts";

test("what a program says is heard line by line, what it prints is its output", async () => {
  const heard: string[] = [];
  const script = 'echo waiting >&2; echo "still waiting" >&2; echo done';
  expect(await outputOf("bash", ["-c", script], (line) => heard.push(line))).toBe("done\n");
  expect(heard).toEqual(["waiting", "still waiting"]);
});

test("a program that fails is quoted", async () => {
  await expect(outputOf("bash", ["-c", "echo refused >&2; exit 3"])).rejects.toThrow("bash: refused");
});
