import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type ImageBackend, imageRequest } from "../../model/image.ts";
import type { SchedulerKind } from "../../model/scheduler.ts";
import { schedulers } from "../../model/schedulers/index.ts";
import { parseTuple } from "../../model/tuple.ts";
import { type Workload, workloadKind } from "../../model/workloads/index.ts";
import { type Evaluated, evaluate, hasNix, withoutNix } from "./evaluation.ts";

beforeEach((context) => context.skip(!hasNix, withoutNix));

const tuple = parseTuple({ topology: { compute: [{ count: 2 }] }, scheduler: { kind: "slurm" }, workloads: [{ kind: "hpl" }] });
const requested = (backend: ImageBackend) => {
  const { backend: _backend, ...projection } = imageRequest(tuple, backend);
  return projection;
};
const projection = { roles: ["compute", "head"], scheduler: "slurm", workloads: ["hpl"], gpu: false };

function evaluated(given: object): Evaluated {
  const answer = evaluate(given);
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}

test("what the program asks is what the modules take", () => {
  expect(requested("nixos")).toEqual(projection);
  expect(evaluated(requested("nixos")).refused).toEqual([]);
});

describe("a wrong tuple is refused with the option, the value and what is allowed", () => {
  test.each([
    [{ scheduler: "slrum" }, "a definition for option `schedfront.scheduler' is not of type `one of [\"slurm\"]': \"slrum\" in tuple.json"],
    [{ workloads: ["hpl", "hlp"] }, "a definition for option `schedfront.workloads.*' is not of type `one of"],
    [{ roles: ["login"] }, "schedfront.roles.*' is not of type `one of [\"head\",\"compute\"]': \"login\""],
    [{ gpu: "yes" }, "`schedfront.gpu' is not of type `boolean': \"yes\""],
    [{ rootSizeGiB: 0 }, "`schedfront.rootSizeGiB' is not of type `positive integer': 0"],
    [{ memoryGiB: 4 }, "the option `schedfront.memoryGiB' does not exist; it is defined in tuple.json"],
  ])("%j", (parts, words) => {
    expect(evaluate({ ...projection, ...parts })).toContain(words);
  }); // biome-ignore format: a table

  test.each([
    [{ roles: [] }, "schedfront.roles: is empty, name head, compute or both"],
    [
      { roles: ["head"], gpu: true },
      "schedfront.gpu: true, but the image's roles are head: only compute nodes get GPUs; add compute, or set gpu to false",
    ],
    [{ workloads: ["hpl", "hpl"] }, "schedfront.workloads: names one twice: hpl hpl"],
  ])("%j", (parts, words) => {
    expect(evaluated({ ...projection, ...parts }).refused).toEqual([words]);
  });
});

describe("what the roles rely on is in both images", () => {
  const elsewhere = Object.entries(schedulers as unknown as Record<string, SchedulerKind>).flatMap(([kind, { notInNixpkgs }]) =>
    notInNixpkgs === undefined ? [] : [`scheduler_${kind}`],
  );
  const roles = readdirSync("ansible/roles").filter((role) => !elsewhere.includes(role));
  const files = roles.flatMap((role) =>
    ["tasks", "files"].flatMap((part) => {
      const folder = `ansible/roles/${role}/${part}`;
      try {
        return readdirSync(folder).map((file) => `${folder}/${file}`);
      } catch {
        return [];
      }
    }),
  );
  const texts = files.map((file) => readFileSync(file, "utf8"));

  /** Units that a script or a task starts, by the names that they use. */
  const started = [
    ...texts.flatMap((text) =>
      [...text.matchAll(/^systemctl (?:restart|start|stop) ([\w -]+)$/gm)].flatMap(([, names = ""]) => names.split(" ")),
    ),
    ...texts.flatMap((text) => [...text.matchAll(/loop: \[([\w, ]+)\]/g)].flatMap(([, names = ""]) => names.split(", "))),
  ];
  /** Where a task writes: paths of `dest`, and those of the loops. */
  const written = texts.flatMap((text) => [...text.matchAll(/(?:dest|path): (\/[\w./-]+)/g)].map(([, path = ""]) => dirname(path)));

  test("the roles start units and write files at all", () => {
    expect(started).toEqual(expect.arrayContaining(["chrony", "network-shape", "munge", "mariadb", "slurmctld", "slurmd"]));
    expect(written).toEqual(expect.arrayContaining(["/etc/slurm", "/etc/munge", "/etc/chrony", "/etc/schedfront", "/opt/schedfront"]));
  });

  test("NixOS has every unit, by that name", () => {
    const { units } = evaluated(projection);
    expect(started.filter((name) => !units.includes(`${name}.service`))).toEqual([]);
  });

  test("NixOS makes every folder that a role writes to", () => {
    const { folders } = evaluated(projection);
    const always = ["/etc", "/etc/ssh"];
    expect(written.filter((folder) => !always.includes(folder) && !folders.includes(folder))).toEqual([]);
  });

  test("Debian has the units that no package brings, and starts them at boot", () => {
    const preset = readFileSync("images/debian/files/etc/systemd/system-preset/10-node.preset", "utf8");
    expect(preset).toContain("enable network-shape.service");
    expect(readdirSync("images/debian/files/etc/systemd/system")).toContain("network-shape.service");
  });

  test("every role's YAML is what these patterns read", () => {
    for (const [i, file] of files.entries()) if (file.endsWith(".yml")) expect(Array.isArray(parse(texts[i] ?? ""))).toBe(true);
  });
});

test("both images give the network the same name for the same interface, and cloud-init the same source", () => {
  const debian = /^command_line="(.*)"$/m.exec(readFileSync("images/debian/build", "utf8"))?.[1]?.split(" ") ?? [];
  // nixpkgs adds net.ifnames=0 where predictable names are off.
  const own = evaluated(projection).kernelParams;
  expect(debian).toEqual(expect.arrayContaining([...own, "net.ifnames=0"]));
});

test("HPL reads the input of the tuple's job, and writes where that looks", () => {
  const [job] = workloadKind(tuple.workloads[0] as Workload).jobs(tuple.workloads[0] as Workload, tuple.topology, 1);
  if (job?.body.kind !== "mpi") throw new Error("hpl is no MPI job");
  const expression = /sed '(.*)' hpccinf\.txt/.exec(readFileSync("nix/workloads/hpl.nix", "utf8"))?.[1] ?? "";
  const input = job.body.files["hpccinf.txt"] ?? "";
  const written = execFileSync("sed", [expression], { input, encoding: "utf8" }).split("\n");
  // HPL.dat(5): line 3 names the output, line 4 says that it is a file (neither 6 nor 7).
  expect(written[2]).toMatch(/^hpccoutf\.txt\s/);
  expect(written[3]).toMatch(/^8\s/);
  expect(job.body.outputFile).toBe("hpccoutf.txt");
});

test("HPL is there under the name that the tuple's job calls", () => {
  expect(evaluated(projection).programs).toContain("hpcc");
  expect(evaluated({ ...projection, workloads: [] }).programs).not.toContain("hpcc");
});
