import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { jobObject } from "../../agent/schedulers/volcano/job-object.ts";
import { type Job, noOp } from "../../model/job.ts";

const owner = { name: "u1", uid: 2001, gid: 1999, home: "/var/lib/schedfront" };
const kernel: Job["body"] = { kind: "mpi", program: "hpcc", arguments: ["$(HOME)", "$$"], files: {}, outputFile: null };
const object = (parts: Partial<Job>, nodes?: readonly string[]) =>
  jobObject({ ...noOp("j1"), ...parts }, { owner, queue: "users", nodes }).spec;

/** As kubelet reads a container's command, where no variable has such a name: `$$` is one dollar. */
const asRun = (words: readonly string[] | undefined) => (words ?? []).map((word) => word.replaceAll("$$", "$"));

test("a job is a gang: all of its pods, or none", () => {
  const { minAvailable, tasks, queue } = object({ nodes: 4 });
  expect({ minAvailable, queue }).toEqual({ minAvailable: 4, queue: "users" });
  expect(tasks.map(({ name, replicas }) => [name, replicas])).toEqual([
    ["first", 1],
    ["others", 3],
  ]);
  for (const { template } of tasks)
    expect(template.spec.affinity.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toMatchObject([
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { "volcano.sh/job-name": "j1" } } },
    ]);
});

test("on one node it is one pod, near nobody in particular", () => {
  const { minAvailable, tasks } = object({ nodes: 1 });
  expect(minAvailable).toBe(1);
  expect(tasks).toHaveLength(1);
  expect(tasks[0]?.template.spec.affinity).toEqual({});
});

test("a pod has what its node's share of the job asks for, and the job's user and limit", () => {
  const spec = object({ ranksPerNode: 2, coresPerRank: 3, memoryMiBPerNode: 512, gpusPerNode: 1, walltimeSeconds: 90.5 }, ["cn2"]).tasks[0]
    ?.template.spec;
  const resources = { cpu: "6", memory: "512Mi", "nvidia.com/gpu": "1" };
  expect(spec).toMatchObject({
    activeDeadlineSeconds: 91,
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["cn2"] }] }],
        },
      },
    },
    securityContext: { runAsUser: 2001, runAsGroup: 1999 },
    containers: [{ imagePullPolicy: "Never", resources: { requests: resources, limits: resources } }],
  });
  expect(object({}).tasks[0]?.template.spec.containers[0]?.resources.limits).toEqual({ cpu: "1" });
});

test("a body that sleeps says for how long, on its first pod, for nodes that only pretend", () => {
  const [first, others] = object({ nodes: 2, body: { kind: "sleep", seconds: 12.5 } }).tasks;
  expect(first?.template).toMatchObject({ metadata: { annotations: { "schedfront/run-seconds": "12.5" } } });
  expect(others?.template).not.toHaveProperty("metadata");
  expect(object({ body: kernel }).tasks[0]?.template).toMatchObject({ metadata: { annotations: {} } });
  expect(object({ body: kernel }).tasks[0]?.template).not.toHaveProperty("metadata.annotations.schedfront/run-seconds");
});

test("only a job whose ranks are launched on several nodes has keys", () => {
  expect(object({ nodes: 2, body: kernel })).toMatchObject({ plugins: { ssh: ["--ssh-key-file-path=/run/volcano-ssh"] } });
  expect(object({ nodes: 1, body: kernel })).not.toHaveProperty("plugins");
  expect(object({ nodes: 2 })).not.toHaveProperty("plugins");
});

test("no word of a command is read as a variable", () => {
  const command = object({ body: kernel }).tasks[0]?.template.spec.containers[0]?.command;
  expect(asRun(command).slice(-2)).toEqual(["$(HOME)", "$$"]);
  for (const word of command ?? []) expect(word.replaceAll("$$", "")).not.toContain("$");
});

describe("ranks", () => {
  const folder = mkdtempSync(join(tmpdir(), "volcano-job-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program("mpirun", `printf '%s\\n' "$@"`);
  program("nproc", "echo 4");

  /** What mpirun is called with in the first pod. */
  const launched = (parts: Partial<Job>) => {
    const command = asRun(object({ body: kernel, ...parts }).tasks[0]?.template.spec.containers[0]?.command);
    const launcher = command.slice(command.lastIndexOf("launch") - 3);
    return execFileSync(launcher[0] ?? "", launcher.slice(1), { env: { PATH: `${folder}:/usr/bin:/bin` }, encoding: "utf8" })
      .trim()
      .split("\n");
  };

  test("are bound to cores where the node is all theirs", () => {
    expect(launched({ ranksPerNode: 2, coresPerRank: 2 }).slice(0, 6)).toEqual([
      "--host", `${hostname()}:2`, "--map-by", "ppr:2:node:pe=2", "--bind-to", "core",
    ]); // biome-ignore format: a command line
  });

  test("are bound to nothing where others may be on the same cores", () => {
    expect(launched({ ranksPerNode: 2, coresPerRank: 1 }).slice(2, 6)).toEqual(["--map-by", "ppr:2:node", "--bind-to", "none"]);
  });

  test("are the body's program with its arguments as they are", () => {
    expect(launched({ ranksPerNode: 1 }).slice(-3)).toEqual(["hpcc", "$(HOME)", "$$"]);
  });
});
