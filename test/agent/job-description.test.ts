import { describe, expect, test } from "vitest";
import { scriptTexts } from "../../agent/bodies.ts";
import { describeJob, limitVariables } from "../../agent/schedulers/slurm/job-description.ts";
import { type Job, noOp } from "../../model/job.ts";

const owner = { name: "bench", uid: 1000, gid: 1001, home: "/home/bench" };
const kernel: Job = {
  ...noOp("hpl"),
  nodes: 2,
  ranksPerNode: 4,
  coresPerRank: 2,
  memoryMiBPerNode: 1500,
  gpusPerNode: 1,
  walltimeSeconds: 61,
  body: { kind: "mpi", program: "hpcc", arguments: ["$(touch x)"], files: {}, outputFile: null },
};

describe("a job for slurmctld", () => {
  const { environment, script, argv, ...fields } = describeJob(kernel, {
    owner,
    submitting: { SLURM_UMASK: "0022" },
    place: { nodes: ["cn1"], queue: "gpu" },
    after: [12, 13],
  });

  test("asks for all threads of its cores, where Slurm counts threads", () => {
    const asked = describeJob(kernel, { owner, submitting: {}, after: [], threadsPerCore: 2 });
    expect(asked).toMatchObject({ cpus_per_task: 4, tres_per_task: "cpu=4", min_cpus: 32, num_tasks: 8 });
    expect(asked.environment).toContain("SLURM_CPUS_PER_TASK=4");
  });

  test("names the partition and the QOS that its workload says", () => {
    expect(describeJob({ ...kernel, queue: "long", qos: "high" }, { owner, submitting: {}, after: [] })).toMatchObject({
      partition: "long",
      qos: "high",
    });
  });

  test("what it asks for, under job_desc_msg_t's names", () => {
    expect(fields).toEqual({
      name: "hpl",
      user_id: 1000,
      group_id: 1001,
      min_nodes: 2,
      max_nodes: 2,
      num_tasks: 8,
      ntasks_per_node: 4,
      cpus_per_task: 2,
      tres_per_task: "cpu=2",
      min_cpus: 16,
      pn_min_memory: 1500,
      tres_per_node: "gres/gpu:1",
      req_nodes: "cn1",
      partition: "gpu",
      dependency: "afterany:12:13",
      time_limit: 2,
      requeue: 0,
      work_dir: "/var/lib/schedfront/work",
      std_in: "/dev/null",
      std_out: "/var/lib/schedfront/work/hpl.out",
    });
  });

  test("its script, and the script's arguments as they are", () => {
    expect(script).toBe(scriptTexts.mpi);
    expect(argv).toEqual([
      // No command comes before the program.
      ...["mpi", "/var/lib/schedfront/work/clock", "hpl", "/var/lib/schedfront/work/hpl", "0"],
      ...["srun", "--mpi=pmix", "--cpus-per-task=2", "--cpu-bind=cores", "env", "OMP_NUM_THREADS=2", "OPENBLAS_NUM_THREADS=2"],
      ...["hpcc", "$(touch x)"],
    ]);
  });

  test("its environment: the owner's, and what sbatch adds (Slurm 24.11.5, seen in slurmctld's StateSaveLocation)", () => {
    expect(environment).toEqual([
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "LANG=C.UTF-8",
      "HOME=/home/bench",
      "USER=bench",
      "LOGNAME=bench",
      "SLURM_UMASK=0022",
      "OMPI_MCA_plm_slurm_args=--external-launcher",
      "PRTE_MCA_plm_slurm_args=--external-launcher",
      "HYDRA_BOOTSTRAP=slurm",
      "HYDRA_LAUNCHER_EXTRA_ARGS=--external-launcher",
      "I_MPI_HYDRA_BOOTSTRAP=slurm",
      "I_MPI_HYDRA_BOOTSTRAP_EXEC_EXTRA_ARGS=--external-launcher",
      "SLURM_TRES_PER_TASK=cpu=2",
      "SLURM_CPUS_PER_TASK=2",
      "SLURM_NTASKS_PER_NODE=4",
    ]);
  });

  test("who asks for no memory, GPU, node or other job names none", () => {
    const names = Object.keys(describeJob(noOp("s1"), { owner, submitting: {}, after: [] }));
    expect(names.filter((name) => ["pn_min_memory", "tres_per_node", "req_nodes", "partition", "dependency"].includes(name))).toEqual([]);
  });
});

test("limits are the soft ones, unlimited ones the kernel's largest number", () => {
  const text = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
Max open files            1024                 524288               files     
Max nice priority         0                    0                    
`;
  expect(limitVariables(text)).toEqual({
    SLURM_RLIMIT_CPU: "18446744073709551615",
    SLURM_RLIMIT_STACK: "8388608",
    SLURM_RLIMIT_CORE: "0",
    SLURM_RLIMIT_NOFILE: "1024",
  });
});
