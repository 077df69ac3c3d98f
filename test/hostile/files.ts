/** A tuple and a sweep with something in every part, for mutations to meet. */

export const fullTuple = {
  topology: {
    head: { cpus: 1, memoryGiB: 2 },
    compute: [
      { name: "cn", count: 2, cpus: 2, memoryGiB: 1, gpus: 1 },
      { name: "big", count: 1, profile: "small", diskGiB: 8 },
    ],
    network: { profile: "ethernet-1g", bandwidthGbitPerSecond: 0.5, latencyMicroseconds: 100, mtu: 1500, subnet: "10.200.1.0/24" },
    hypervisor: { uri: "qemu:///system", acceleration: "tcg", imagesDirectory: "/var/lib/libvirt/images" },
  },
  scheduler: {
    kind: "slurm",
    SchedulerType: "sched/backfill",
    SchedulerParameters: { bf_continue: true, bf_interval: 10 },
    PriorityDecayHalfLife: "7-0",
    partitions: [{ name: "batch", Default: true, groups: ["cn", "big"], OverSubscribe: "FORCE:2", MaxTime: 60 }],
    extra: { MessageTimeout: 20, LaunchParameters: "use_interactive_step" },
  },
  workloads: [
    { kind: "burst", jobs: 3, seed: 1, repetitions: 1 },
    { kind: "hpl", nodes: 1, order: 1024, blockSize: 64 },
    {
      kind: "jobstream",
      jobs: 20,
      load: 0.5,
      arrival: { kind: "poisson" },
      sizes: [{ nodes: 1, weight: 1 }],
      runTime: { minSeconds: 0.5, maxSeconds: 8 },
      body: { kind: "mpi", program: "/bin/true", arguments: ["--x", "y"] },
    },
    { kind: "swf", trace: { path: "traces/log.swf.gz" }, select: { users: [1, 2], jobs: 10 }, mapping: { kind: "nodes" } },
    { kind: "hpcg", binary: { path: "builds/xhpcg", sha256: "0".repeat(64), debianPackages: ["libgomp1"] } },
  ],
  image: { backend: "debian", suite: "trixie" },
};

export const fullSweep = {
  description: "everything at once",
  base: "slurm-4node",
  axes: {
    "scheduler.SchedulerParameters.bf_interval": { from: 1, to: 30, count: 3, integer: true },
    "scheduler.SchedulerType": ["sched/backfill", "sched/builtin"],
  },
  zipped: [{ "topology.network.latencyMicroseconds": [0, 100], "topology.network.mtu": [1500, 9000] }],
  constraints: [
    { where: { "scheduler.SchedulerType": "sched/builtin" }, not: { "scheduler.SchedulerParameters.bf_interval": { above: 20 } } },
  ],
  seeds: { from: 1, count: 2 },
  repetitions: 1,
  orderSeed: 1,
  trialMinutes: 60,
  budget: { trials: 100, hours: 10 },
  hosts: ["qemu:///system"],
};
