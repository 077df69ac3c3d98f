import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseNodes } from "../../agent/schedulers/slurm/configuration.ts";
import { parseCompletion } from "../../agent/schedulers/slurm/records.ts";
import { outOfUse, parseTrouble } from "../../agent/schedulers/slurm/trouble.ts";

/** Messages of slurmctld 24.11: ping_nodes.c, node_mgr.c and job_mgr.c. */
test.each([
  ["error: Nodes cn[2-3] not responding, setting DOWN", [["cn2", "not responding, setting DOWN"], ["cn3", "not responding, setting DOWN"]]],
  ["update_node: node cn1 state set to DRAINED", [["cn1", "state set to DRAINED"]]],
  ["drain_nodes: node cn1 state set to DRAIN", [["cn1", "state set to DRAIN"]]],
  ["error: Setting node cn4 state to DOWN", [["cn4", "state to DOWN"]]],
  ["Killing JobId=48 on failed node cn3", [["cn3", "failed"]]],
  ["error: Nodes cn2 not responding", []],
  ["Node cn2 now responding", []],
  ["update_node: node cn1 state set to IDLE", []],
  ["sched: Allocate JobId=85 NodeList=cn1 #CPUs=1 Partition=batch", []],
] as const)("%s", (message, expected) => {
  expect(parseTrouble(`[2026-11-23T21:26:37.580] ${message}`)).toEqual(expected);
}); // biome-ignore format: a table

test("a log of a run without trouble tells of none", () => {
  expect(readFileSync("test/agent/fixtures/slurm/slurmctld.log", "utf8").split("\n").flatMap(parseTrouble)).toEqual([]);
});

test("nodes that are out of use by their state; one that merely has not answered yet is not", () => {
  const nodes = parseNodes(
    "cn1|idle|none\ncn2|drained|bad disk\ncn3|idle*|none\ncn4|down*|Not responding\ncn5|mixed|none\ncn6|draining|slow\n",
  );
  expect([...outOfUse(nodes)]).toEqual([
    ["cn2", "drained: bad disk"],
    ["cn4", "down*: Not responding"],
    ["cn6", "draining: slow"],
  ]);
});

test("a job that the kernel killed for its memory says so", () => {
  const [line = ""] = readFileSync("test/agent/fixtures/slurm/jobcomp.log", "utf8").split("\n");
  expect(parseCompletion(line.replace(/JobState=\w+/, "JobState=OUT_OF_MEMORY"))?.outcome).toBe("out of memory");
});
