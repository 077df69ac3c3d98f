import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type ImageBackend, imageRequest } from "../../model/image.ts";
import type { ImageFile } from "../../model/kernels/binary.ts";
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
/** Programs as toolchain/kubernetes/build lists them. */
const programs: ImageFile[] = [
  ...["kube-apiserver", "kube-controller-manager", "kubectl", "kubelet", "vc-controller-manager", "vc-scheduler", "vc-webhook-manager"].map(
    (name) => ({ source: `/c/${name}`, sha256: "0".repeat(64), destination: `/usr/local/bin/${name}`, mode: "0755" }),
  ),
  { source: "/c/volcano.yaml", sha256: "1".repeat(64), destination: "/usr/local/share/volcano/volcano.yaml", mode: "0644" },
];
/** As images/nixos/stage hands them on. */
const files = programs.map(({ source: _source, ...file }) => file);

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

/** Schedulers that a NixOS image can carry. */
const kinds: Readonly<Record<string, SchedulerKind>> = schedulers;
const carried = Object.entries(kinds).flatMap(([kind, { notInNixpkgs }]) => (notInNixpkgs === undefined ? [kind] : []));

describe("a wrong tuple is refused with the option, the value and what is allowed", () => {
  test.each([
    [{ scheduler: "slrum" }, `a definition for option \`schedfront.scheduler' is not of type \`one of ${JSON.stringify(carried)}': "slrum" in tuple.json`],
    [{ workloads: ["hpl", "hlp"] }, "a definition for option `schedfront.workloads.*' is not of type `one of"],
    [{ roles: ["login"] }, "schedfront.roles.*' is not of type `one of [\"head\",\"compute\"]': \"login\""],
    [{ gpu: "yes" }, "`schedfront.gpu' is not of type `boolean': \"yes\""],
    [{ rootSizeGiB: 0 }, "`schedfront.rootSizeGiB' is not of type `positive integer': 0"],
    [{ files: [{ ...files[0], sha256: "0" }] }, "`schedfront.files.*.sha256' is not of type `string matching the pattern [0-9a-f]{64}': \"0\""],
    [{ files: [{ ...files[0], destination: "/etc/passwd" }] }, "`schedfront.files.*.destination' is not of type `string matching the pattern"],
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
    [
      { scheduler: "volcano", roles: ["compute"], files: [] },
      "schedfront.files: lack /usr/local/bin/kubelet, which Volcano needs on compute: toolchain/kubernetes/build makes them",
    ],
    [
      { scheduler: "volcano", roles: ["head"], files: files.filter(({ destination }) => !destination.endsWith(".yaml")) },
      "schedfront.files: lack /usr/local/share/volcano/volcano.yaml, which Volcano needs on head: toolchain/kubernetes/build makes them",
    ],
  ])("%j", (parts, words) => {
    expect(evaluated({ ...projection, ...parts }).refused).toEqual([words]);
  });
});

test("what the program asks for Volcano is what the modules take, kwok among its programs", () => {
  const volcano = parseTuple({ topology: { compute: [{ count: 2 }] }, scheduler: { kind: "volcano" }, workloads: [{ kind: "hpl" }] });
  const kwok = { source: "/c/kwok", sha256: "2".repeat(64), destination: "/usr/local/bin/kwok", mode: "0755" };
  const { backend, ...asked } = imageRequest(volcano, "nixos", [...programs, kwok]);
  expect(asked).toEqual({ ...projection, scheduler: "volcano", files: [...programs, kwok] });
  const { source: _source, ...given } = kwok;
  const answer = evaluated({ ...asked, files: [...files, given] });
  expect(answer.refused).toEqual([]);
  expect(answer.programs).toContain("schedfront-files");
});

describe("what the roles rely on is in both images", () => {
  const textsOf = (role: string) =>
    ["tasks", "files"].flatMap((part) => {
      const folder = `ansible/roles/${role}/${part}`;
      if (!existsSync(folder)) return [];
      return readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8").replaceAll(/\{\{[^}]*\}\}/g, "x"));
    });

  /** Units that a script or a task starts, by the names that they use. */
  const started = (texts: readonly string[]) => [
    ...texts.flatMap((text) =>
      [...text.matchAll(/^systemctl (?:restart|start|stop) ([\w -]+)$/gm)].flatMap(([, names = ""]) => names.split(" ")),
    ),
    ...texts.flatMap((text) => [...text.matchAll(/loop: \[([\w, ]+)\]/g)].flatMap(([, names = ""]) => names.split(", "))),
  ];
  /** Where a task writes: paths of `dest`, and those of the loops. */
  const written = (texts: readonly string[]) =>
    texts.flatMap((text) => [...text.matchAll(/(?:dest|path): "?(\/[\w./-]+)/g)].map(([, path = ""]) => dirname(path)));

  /** Units that the role itself writes. */
  const ownUnits: Record<string, readonly string[]> = {
    volcano: ["kubelet", ...daemons("volcano_daemons"), ...daemons("volcano_node_daemons")],
  };
  function daemons(variable: string): string[] {
    return Object.keys(parse(readFileSync("ansible/roles/scheduler_volcano/vars/main.yml", "utf8"))[variable]);
  }

  test("the roles start units and write files at all", () => {
    const slurm = [...textsOf("node"), ...textsOf("scheduler_slurm")];
    expect(started(slurm)).toEqual(expect.arrayContaining(["chrony", "network-shape", "munge", "mariadb", "slurmctld", "slurmd"]));
    expect(written(slurm)).toEqual(
      expect.arrayContaining(["/etc/slurm", "/etc/munge", "/etc/chrony", "/etc/schedfront", "/opt/schedfront"]),
    );
    const volcano = textsOf("scheduler_volcano");
    expect(started(volcano)).toEqual(expect.arrayContaining(["etcd", "vc-scheduler", "containerd", "kubelet", "kwok"]));
    expect(written(volcano)).toEqual(expect.arrayContaining(["/etc/kubernetes", "/etc/cni/net.d", "/usr/local/lib/systemd/system"]));
  });

  describe.each(carried)("%s", (scheduler) => {
    const texts = [...textsOf("node"), ...textsOf(`scheduler_${scheduler}`)];
    const asked = { ...projection, scheduler, files: scheduler === "volcano" ? files : [] };

    test("NixOS has every unit, by that name, unless the role writes it", () => {
      const { units } = evaluated(asked);
      const own = ownUnits[scheduler] ?? [];
      expect(started(texts).filter((name) => !own.includes(name) && !units.includes(`${name}.service`))).toEqual([]);
    });

    test("NixOS makes every folder that a role writes to", () => {
      const { folders } = evaluated(asked);
      const always = ["/etc", "/etc/ssh"];
      expect(written(texts).filter((folder) => !always.includes(folder) && !folders.includes(folder))).toEqual([]);
    });
  });

  test("NixOS has each program outside of /usr/local that Volcano's role or a pod calls, by its place on Debian", () => {
    const { links } = evaluated({ ...projection, scheduler: "volcano", files });
    const sources = [
      ...["vars/main.yml", "templates/kubelet.service.j2", "templates/containerd.toml.j2", "files/make-image", "files/start-node", "files/choose-objects"]
        .map((file) => `ansible/roles/scheduler_volcano/${file}`),
      "agent/schedulers/volcano/job-object.ts",
    ].map((file) => readFileSync(file, "utf8")); // biome-ignore format: a list
    const called = sources.flatMap((text) => [...text.matchAll(/["!= ](\/(?:usr\/)?(?:s?bin|lib)\/\w+)/g)].map(([, path = ""]) => path));
    expect(called).toEqual(expect.arrayContaining(["/bin/bash", "/usr/bin/crun", "/usr/lib/cni", "/usr/sbin/sshd", "/usr/sbin/sysctl"]));
    const always = ["/usr/bin/env"];
    expect(called.filter((path) => ![...always, ...links].includes(path))).toEqual([]);
  });

  test("Debian has the units that no package brings, and starts them at boot", () => {
    const preset = readFileSync("images/debian/files/etc/systemd/system-preset/10-node.preset", "utf8");
    expect(preset).toContain("enable network-shape.service");
    expect(readdirSync("images/debian/files/etc/systemd/system")).toContain("network-shape.service");
  });

  test("every role's YAML is what these patterns read", () => {
    for (const role of readdirSync("ansible/roles"))
      for (const file of readdirSync(`ansible/roles/${role}/tasks`))
        expect(Array.isArray(parse(readFileSync(`ansible/roles/${role}/tasks/${file}`, "utf8")))).toBe(true);
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
