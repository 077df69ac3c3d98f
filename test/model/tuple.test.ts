import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { imageBackends, imageRequest } from "../../model/image.ts";
import { InvalidInput } from "../../model/problem.ts";
import { schedulerKind, schedulers } from "../../model/schedulers/index.ts";
import { computeNodes, machines, nodes } from "../../model/topology.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloads } from "../../model/workloads/index.ts";

const small = {
  topology: { compute: [{ count: 4 }] },
  scheduler: { kind: "slurm" },
  workloads: [{ kind: "hpl", order: 1000 }],
};

/** The complaint about a tuple that is `small` with some parts replaced. */
function complaint(parts: object): string {
  try {
    parseTuple({ ...small, ...parts });
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
}

const topology = (parts: object) => ({ topology: { compute: [{ count: 4 }], ...parts } });
const group = (parts: object) => ({ topology: { compute: [{ count: 4, ...parts }] } });
const hpl = (parts: object) => ({ workloads: [{ kind: "hpl", ...parts }] });
const slurm = (parts: object) => ({ scheduler: { kind: "slurm", ...parts } });

describe("a wrong tuple is refused with the key, the value and what is allowed", () => {
  test.each<[string, object, string]>([
    ["an unknown kind", { scheduler: { kind: "slrum" } }, `scheduler.kind: "slrum" is not one of ${Object.keys(schedulers).join(", ")}`],
    [
      "an unknown key",
      group({ cpu: 2 }),
      "topology.compute[0].cpu: is not one of name, count, nodes, profile, cpus, memoryGiB, diskGiB, gpus, gpuPciAddresses",
    ],
    ["a wrong type", group({ count: "4" }), 'topology.compute[0].count: "4" is not a number'],
    ["no nodes", group({ count: 0 }), "topology.compute[0].count: 0 is too small, the least is 1"],
    ["too many GPUs", group({ gpus: 17 }), "topology.compute[0].gpus: 17 is too large, the most is 16"],
    ["too many cores", group({ cpus: 256 }), "topology.compute[0].cpus: 256 is too large for a machine, the most is 255"],
    [
      "an unknown profile",
      topology({ network: { profile: "token-ring" } }),
      'topology.network.profile: "token-ring" is not one of unshaped, ethernet-1g, ethernet-10g, slingshot-11',
    ],
    [
      "a strange hypervisor",
      topology({ hypervisor: { uri: "qemu:///system;rm" } }),
      'topology.hypervisor.uri: "qemu:///system;rm" is not qemu:///system',
    ],
    ["a repeated group", { topology: { compute: [{ count: 1 }, { count: 1 }] } }, 'topology.compute[1].name: "cn" is already taken'],
    [
      "devices that do not add up",
      group({ gpus: 1, gpuPciAddresses: ["0000:41:00.0"] }),
      "topology.compute[0].gpuPciAddresses: names 1 devices, 4 nodes with 1 GPUs need 4, or none",
    ],
    [
      "more nodes than addresses",
      { topology: { compute: [{ count: 200 }, { count: 200, name: "b" }] } },
      "topology.compute: 400 compute nodes do not fit the cluster's /24, the most is 250",
    ],
    [
      "N too large for the memory",
      hpl({ order: 60000 }),
      "workloads[0].order: 60000 needs 28.8 GB, the 4 nodes have 3.9 GB, of which 80 % may be used",
    ],
    ["too large a share of memory", hpl({ memoryFraction: 0.9 }), "workloads[0].memoryFraction: 0.9 is too large, the most is 0.8"],
    ["more ranks than cores", hpl({ order: 1000, ranksPerNode: 2 }), "workloads[0].ranksPerNode: 2 ranks, a node has 1 core"],
    ["more nodes than there are", hpl({ order: 1000, nodes: 5 }), "workloads[0].nodes: 5 nodes, the topology has 4 compute nodes"],
    [
      "a grid that is not the ranks",
      hpl({ order: 1000, processRows: 2, processColumns: 3 }),
      "workloads[0].processRows: 2 × 3 is not the number of ranks, 4 nodes × 1 = 4",
    ],
    [
      "half a grid",
      hpl({ order: 1000, processRows: 2 }),
      "workloads[0].processColumns: is missing: give both sides of the grid or neither",
    ],
    ["no workload", { workloads: [] }, "workloads: [] is too small, the least is 1 entries"],
    [
      "a misspelt option",
      slurm({ SchedulerParameters: { bf_intervall: 3 } }),
      "scheduler.SchedulerParameters.bf_intervall: is not known; did you mean bf_interval?",
    ],
    [
      "one in other capitals",
      slurm({ partitions: [{ name: "a", maxtime: 3 }] }),
      "scheduler.partitions[0].maxtime: is not known; did you mean MaxTime?",
    ],
    [
      "one in the wrong mapping",
      slurm({ bf_interval: 3 }),
      "scheduler.bf_interval: is not known; did you mean SchedulerParameters.bf_interval?",
    ],
    [
      "a part of one",
      slurm({ SchedulerParameters: { interval: 3 } }),
      "scheduler.SchedulerParameters.interval: is not known; did you mean bf_interval, or sched_interval, or bf_yield_interval?",
    ],
    [
      "one that is like none",
      slurm({ SchedulerParameters: { zzzzz: 3 } }),
      "scheduler.SchedulerParameters.zzzzz: is not known; what has no key of its own goes under extra",
    ],
    [
      "two at once",
      { workloads: [{ kind: "jobstream", jops: 40, laod: 0.5 }] },
      "workloads[0].jops: is not known; did you mean jobs?\n  workloads[0].laod: is not known; did you mean load?",
    ],
    [
      "a typed parameter in extra",
      slurm({ extra: { SelectType: "x" } }),
      "scheduler.extra.SelectType: is a parameter of its own: write it as scheduler.SelectType",
    ],
    [
      "a setting that is not the user's",
      slurm({ extra: { slurmctldhost: "evil" } }),
      "scheduler.extra.slurmctldhost: is written by schedfront itself and cannot be set",
    ],
    ["a value of two lines", slurm({ extra: { Prolog: "a\nNodeName=x" } }), 'scheduler.extra.Prolog: "a\\nNodeName=x" does not match'],
    [
      "a partition of no group",
      slurm({ partitions: [{ name: "p", Default: true, groups: ["gpu"] }] }),
      `scheduler.partitions[0].groups: "gpu" is not one of the topology's groups cn`,
    ],
    [
      "a group that no partition holds",
      {
        topology: {
          compute: [
            { name: "cn", count: 1 },
            { name: "gpu", count: 1 },
          ],
        },
        ...slurm({ partitions: [{ name: "p", Default: true, groups: ["gpu"] }] }),
      },
      `scheduler.partitions: group "cn" is in none of them, so its nodes would stay idle`,
    ],
    [
      "no default partition",
      slurm({ partitions: [{ name: "p" }] }),
      "scheduler.partitions: 0 partitions have Default: true, exactly one must",
    ],
    [
      "a weight that Slurm would ignore",
      slurm({ PriorityWeightAge: 100 }),
      "scheduler.PriorityWeightAge: 100 is ignored by slurmctld without slurmdbd: set accounting: true, or leave it 0",
    ],
    [
      "a job wider than the machine",
      { workloads: [{ kind: "jobstream", sizes: [{ nodes: 5 }] }] },
      "workloads[0].sizes[0].nodes: 5 nodes, the topology has 4 compute nodes",
    ],
  ])("%s", (_, parts, expected) => {
    expect(complaint(parts)).toContain(`invalid tuple\n  ${expected}`);
  });

  test("everything that is wrong is said at once", () => {
    const lines = complaint({ scheduler: { kind: "x" }, workloads: [{ kind: "y" }], extra: 1 }).split("\n");
    expect(lines).toEqual([
      "invalid tuple",
      `  scheduler.kind: "x" is not one of ${Object.keys(schedulers).join(", ")}`,
      `  workloads[0].kind: "y" is not one of ${Object.keys(workloads).join(", ")}`,
      "  extra: is not one of topology, scheduler, workloads, image, fresh",
    ]);
  });
});

test("whatever JSON comes in is parsed or refused as InvalidInput, never anything else", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom("topology", "scheduler", "workloads", "image"), (value, part) => {
      try {
        parseTuple({ ...small, [part]: value });
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
      }
    }),
  );
});

test("a parsed tuple parses to itself", () => {
  const parsed = parseTuple(small);
  expect(parseTuple(parsed)).toEqual(parsed);
});

test("a profile gives what is not said", () => {
  const { topology } = parseTuple({
    ...small,
    topology: { compute: [{ count: 2, profile: "perlmutter-cpu", memoryGiB: 8 }], network: { profile: "slingshot-11", mtu: 1500 } },
  });
  expect(topology.compute[0]).toMatchObject({ cpus: 64, memoryGiB: 8, gpus: 0 });
  expect(topology.network).toMatchObject({ bandwidthGbitPerSecond: 200, latencyMicroseconds: 2, mtu: 1500 });
});

test("nodes are named by group and number, the head first, each with its own devices", () => {
  const devices = ["0000:01:00.0", "0000:02:00.0"];
  const { topology } = parseTuple({
    ...small,
    topology: { compute: [{ count: 2 }, { name: "gpu", count: 2, gpus: 1, gpuPciAddresses: devices }] },
    ...hpl({ order: 100 }),
  });
  expect(nodes(topology).map(({ name, role, gpuPciAddresses }) => [name, role, ...gpuPciAddresses])).toEqual([
    ["head", "head"],
    ["cn1", "compute"],
    ["cn2", "compute"],
    ["gpu1", "compute", "0000:01:00.0"],
    ["gpu2", "compute", "0000:02:00.0"],
  ]);
});

describe("what nixpkgs lacks", () => {
  const reason = "nixpkgs has no hpcc";
  beforeEach(() => void Object.assign(workloads.hpl, { notInNixpkgs: reason }));
  afterEach(() => void Reflect.deleteProperty(workloads.hpl, "notInNixpkgs"));

  test("is refused for nixos, with the reason", () => {
    expect(complaint({ image: { backend: "nixos" } })).toBe(
      `invalid tuple\n  workloads[0].kind: "hpl" is on no NixOS image: ${reason}; set image.backend to debian`,
    );
  });

  test("is no fault for the others", () => {
    expect(complaint({ image: { backend: "auto" } })).toBe("accepted");
    expect(complaint({ image: { backend: "debian" } })).toBe("accepted");
  });
});

test.each(imageBackends)("the %s image knows neither sizes nor parameters", (backend) => {
  const one = parseTuple(small);
  const other = parseTuple({
    ...small,
    topology: { compute: [{ count: 2, cpus: 8 }] },
    ...slurm({ SchedulerParameters: { bf_interval: 5 } }),
    ...hpl({ order: 2000 }),
  });
  expect(imageRequest(other, backend)).toEqual(imageRequest(one, backend));
});

describe("emulated nodes", () => {
  const emulated = (parts: object = {}, head: object = { memoryGiB: 8 }) => ({
    topology: { head, compute: [{ count: 512, cpus: 64, memoryGiB: 512, gpus: 4, nodes: "emulated", ...parts }] },
    scheduler: { kind: "slurm", TaskPlugin: "task/none" },
    workloads: [{ kind: "burst", jobs: 10 }],
  });

  test("need one machine, and leave a stack of real nodes as it was", () => {
    const { topology } = parseTuple(emulated());
    expect(machines(topology).map(({ name }) => name)).toEqual(["head"]);
    expect(computeNodes(topology)).toHaveLength(512);
    expect(parseTuple(small).topology.compute[0]).not.toHaveProperty("nodes");
  });

  test("are what Slurm is told: a port each on the head, group after group", () => {
    const { scheduler, topology } = parseTuple({
      ...emulated(),
      topology: {
        head: { memoryGiB: 4 },
        compute: [
          { name: "cpu", count: 12, profile: "perlmutter-cpu", nodes: "emulated" },
          { name: "gpu", count: 4, profile: "perlmutter-gpu", nodes: "emulated" },
        ],
      },
    });
    const variables = schedulerKind(scheduler).roleVariables(scheduler, topology);
    const conf = (variables.slurm_conf as string[]).join("\n");
    expect(conf).toContain("\nSlurmdParameters=config_overrides\nProctrackType=proctrack/pgid\nMessageTimeout=100\n");
    expect(conf).toContain(`
NodeName=cpu[1-12] NodeHostname=head NodeAddr=head Port=[10001-10012] CPUs=64 Boards=1 SocketsPerBoard=1 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=471859
NodeName=gpu[1-4] NodeHostname=head NodeAddr=head Port=[10013-10016] CPUs=64 Boards=1 SocketsPerBoard=1 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=235929 Gres=gpu:4
`);
    expect(variables).toMatchObject({
      slurm_gres: ["NodeName=gpu[1-4] Name=gpu File=/dev/tty[1-4]"],
      slurm_emulated_nodes: ["cpu[1-12]", "gpu[1-4]"],
    });
  });

  test("leave what Slurm is told of machines as it was, but for their empty list", () => {
    const { scheduler, topology } = parseTuple(small);
    const { slurm_emulated_nodes, slurm_conf } = schedulerKind(scheduler).roleVariables(scheduler, topology);
    expect(slurm_emulated_nodes).toEqual([]);
    const conf = (slurm_conf as string[]).join("\n");
    expect(conf).toMatch(/^NodeName=cn\[1-\d\] CPUs=1 /m);
    expect(conf).not.toMatch(/MessageTimeout|SlurmdParameters|Port=/);
  });

  const source = { kind: "archive", path: "flux.tar", sha256: "0".repeat(64) };
  const ofFlux = (head: object) => ({ ...emulated({}, head), scheduler: { kind: "flux" }, image: { source } });

  test("fit a smaller head under Flux, which has one broker for all of them", () => {
    expect(machines(parseTuple(ofFlux({ memoryGiB: 2 })).topology).map(({ name }) => name)).toEqual(["head"]);
    expect(complaint(ofFlux({ memoryGiB: 1 }))).toContain("topology.head.memoryGiB: 1 is too small, with flux the head needs 2");
  });

  test.each<[string, object, string]>([
    ["a kernel", { ...emulated(), workloads: small.workloads }, 'workloads[0].kind: "hpl" computes, which emulated nodes cannot'],
    ["a head that is too small", emulated({}, { memoryGiB: 2 }), "topology.head.memoryGiB: 2 is too small, with slurm the head needs 5"],
    [
      "a head that is too small for Volcano",
      { ...emulated({}, { memoryGiB: 2 }), scheduler: { kind: "volcano" } },
      "topology.head.memoryGiB: 2 is too small, with volcano the head needs",
    ],
    [
      "more than there are ports",
      {
        ...emulated(),
        topology: { head: { memoryGiB: 256 }, compute: ["a", "b", "c"].map((name) => ({ name, count: 10_000, nodes: "emulated" })) },
      },
      "topology.compute: 30000 emulated nodes need a port each, the head has 22767",
    ],
    ["binding", { ...emulated(), scheduler: { kind: "slurm" } }, "which emulated nodes do not have: use task/none"],
    [
      "real nodes beside them",
      { ...emulated(), topology: { head: { memoryGiB: 8 }, compute: [...emulated().topology.compute, { name: "real", count: 1 }] } },
      "topology.compute[1].nodes: is not given beside emulated groups",
    ],
    [
      "a shaped network",
      { ...emulated(), topology: { ...emulated().topology, network: { latencyMicroseconds: 250 } } },
      "topology.network.latencyMicroseconds: 250 is for a network, emulated nodes have none",
    ],
  ])("refuse %s", (_, parts, expected) => expect(complaint(parts)).toContain(expected));
});
