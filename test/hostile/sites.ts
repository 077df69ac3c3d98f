import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { alibabaNodes, alibabaPods } from "../../import/pods/columns.ts";
import { flux } from "../../import/verbs/flux.ts";
import { pods } from "../../import/verbs/pods.ts";
import { slurm } from "../../import/verbs/slurm.ts";
import { hostileTexts, sample } from "./mutations.ts";

/** What a site hands to `import`: its files with hostile words in the place of some, and how the command reads each. */

const conf = `SlurmctldHost=head
SchedulerParameters=bf_continue,bf_window=2880
Include nodes.conf
NodeName=DEFAULT CPUs=4 RealMemory=1000
NodeName=a[1-4] Gres=gpu:a100:2(S:0-1) Feature=x,y
NodeSet=big Feature=x
PartitionName=DEFAULT MaxTime=7-00:00:00
PartitionName=p Nodes=a[1-2] Default=YES
PartitionName=q Nodes=big,ALL AllowGroups=users
`;

const log = `JobID|Submit|Start|End|ElapsedRaw|State|Partition|User|Account|QOS|JobName|AllocTRES|ReqTRES|AllocGRES|Timelimit
1|2024-01-01T00:00:00|2024-01-01T00:10:00|2024-01-01T01:10:00|3600|COMPLETED|p|u|a|n|j|cpu=4,mem=1G,node=1|cpu=4|gpu:2|02:00:00
2_7|2024-01-01T01:00:00|Unknown|Unknown|0|CANCELLED by 1|q|v|a|n|k||cpu=4,node=2||UNLIMITED
`;

const shown = "NodeName=a1 CPUTot=4 RealMemory=1000 Gres=gpu:2 Partitions=p,q State=IDLE\n   AvailableFeatures=x\n";
const quality = "Name|Priority|MaxWall|\nnormal|0|1-00:00:00|\n";

const fluxJobs = {
  jobs: [
    { id: "ƒ1", t_submit: 1, t_run: 2, t_cleanup: 3, nnodes: 1, ncores: 4, result: "COMPLETED", username: "u", queue: "q" },
    {
      id: 2,
      eventlog: '{"timestamp":1,"name":"submit"}\n{"timestamp":2,"name":"start"}\n{"timestamp":3,"name":"clean"}',
      jobspec: { resources: [{ type: "node", count: 1, with: [{ type: "slot", count: 2, with: [{ type: "core", count: 4 }] }] }] },
    },
  ],
};

const podTable = `name,cpu_milli,memory_mib,num_gpu,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time
p1,4000,1000,1,V100,LS,Succeeded,1000,2000,1010
p2,500,1000,0,,BE,Running,1500,,
`;
const nodeTable = "sn,cpu_milli,memory_mib,gpu,model\nn1,8000,16000,2,V100\n";

/** Values that a site's text may have in the place of a word. */
const words = fc.oneof(
  fc.constantFrom<string>(...hostileTexts),
  fc.constantFrom("a[1-999999999]", "a[1-999]b[1-999]", "Include /dev/zero", "\u2028", "\u009b31m", "9".repeat(400), "-1", "1e999"),
  fc.string({ unit: "binary" }),
);

const change = fc.oneof(
  fc.record({ at: fc.nat(), word: words }).map(
    ({ at, word }) =>
      (parts: readonly string[]) =>
        parts.with(at % parts.length, word),
  ),
  fc.record({ at: fc.nat(), times: fc.constantFrom(0, 2, 500) }).map(
    ({ at, times }) =>
      (parts: readonly string[]) =>
        parts.flatMap((part, i) => (i === at % parts.length ? Array(times).fill(part) : [part])),
  ),
);

/** `text` with one to four of its words or of what stands between them changed. */
export const mutatedText = (text: string): fc.Arbitrary<string> =>
  fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((parts, next) => next(parts), text.split(/([\s=,|:[\]()]+)/)).join(""));

const texts = (text: string) => (count: number, seed: number) => fc.sample(mutatedText(text), { numRuns: count, seed });

const common = { name: "hostile", overwrite: true, timeZone: "UTC" };

function written(folder: string, name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Of these files all but one are as they should be. */
const imported = (given: { conf?: string; log?: string; nodes?: string; qos?: string }, folder: string) =>
  slurm(
    {
      ...common,
      delimiter: "|",
      conf: written(folder, "slurm.conf", given.conf ?? conf),
      log: written(folder, "sacct.txt", given.log ?? log),
      ...(given.nodes === undefined ? {} : { nodes: written(folder, "nodes.txt", given.nodes) }),
      ...(given.qos === undefined ? {} : { qos: written(folder, "qos.txt", given.qos) }),
    },
    folder,
  );

const table = (given: { log?: string; nodes?: string }, folder: string) =>
  pods(
    {
      ...common,
      scheduler: "volcano",
      columns: alibabaPods,
      nodeColumns: alibabaNodes,
      log: written(folder, "pods.csv", given.log ?? podTable),
      nodes: written(folder, "nodes.csv", given.nodes ?? nodeTable),
    },
    folder,
  );

export const sites = {
  "sites' slurm.conf": { values: texts(conf), read: (value: unknown, folder: string) => imported({ conf: String(value) }, folder) },
  "sites' sacct logs": { values: texts(log), read: (value: unknown, folder: string) => imported({ log: String(value) }, folder) },
  "sites' shown nodes": {
    values: texts(shown),
    read: (value: unknown, folder: string) => imported({ nodes: String(value) }, folder),
    isLenient: true,
  },
  "sites' qualities of service": {
    values: texts(quality),
    read: (value: unknown, folder: string) => imported({ qos: String(value) }, folder),
    isLenient: true,
  },
  "sites' Flux jobs": {
    values: (count: number, seed: number) => sample(fluxJobs, count, seed),
    read: (value: unknown, folder: string) =>
      flux({ ...common, scheduler: "flux", log: written(folder, "jobs.json", JSON.stringify(value) ?? "") }, folder),
  },
  "sites' tables of pods": { values: texts(podTable), read: (value: unknown, folder: string) => table({ log: String(value) }, folder) },
  "sites' tables of nodes": { values: texts(nodeTable), read: (value: unknown, folder: string) => table({ nodes: String(value) }, folder) },
};
