import type { Job } from "../../../model/job.ts";
import { gpuResource, jobImage, runSecondsAnnotation } from "../../../model/schedulers/volcano.ts";
import { scriptOf } from "../../bodies.ts";
import { jobOutput, peersFile, work } from "../../paths.ts";
import { type Account, environmentOf } from "../../process.ts";

/** What is known of a job only when it is submitted. */
export interface Circumstances {
  /** Whose job it is. */
  readonly owner: Account;
  readonly queue: string;
  /** Where it must run, if that matters: as many as it asks for. */
  readonly nodes?: readonly string[] | undefined;
}

/**
 * A job as Volcano has them (batch.volcano.sh/v1alpha1): a gang of one pod a node. The first runs the body; the others hold
 * their nodes, and let the first's mpirun in by ssh where ranks are launched. It ends with its first pod.
 */
export function jobObject(job: Job, { owner, queue, nodes: wanted }: Circumstances) {
  const { id, nodes } = job;
  const script = scriptOf(job, launcher(job));
  const pod = (command: readonly string[]) => podTemplate(job, owner, wanted, command);
  const first = {
    name: "first",
    replicas: 1,
    ...(nodes > 1 ? { policies: [{ event: "TaskCompleted", action: "CompleteJob" }] } : {}),
    template: {
      metadata: { annotations: runSeconds(job) },
      ...pod(["/bin/bash", "-c", intoFile, "output", jobOutput(id), "/bin/bash", "-c", script.text, script.name, ...script.arguments]),
    },
  };
  const others = { name: "others", replicas: nodes - 1, template: pod(isLaunched(job) ? letIn : holdNode) };
  return {
    apiVersion: "batch.volcano.sh/v1alpha1",
    kind: "Job",
    metadata: { name: id, labels: { user: owner.name } },
    spec: {
      schedulerName: "volcano",
      queue,
      minAvailable: nodes,
      // A pod alone is over by itself; of several, one that fails ends the others.
      ...(nodes > 1 ? { policies: [{ events: ["PodFailed", "PodEvicted"], action: "TerminateJob" }] } : {}),
      ...(isLaunched(job) ? { plugins: { ssh: [`--ssh-key-file-path=${keys}`] } } : {}),
      tasks: nodes > 1 ? [first, others] : [first],
    },
  };
}

const runSeconds = ({ body }: Job): Record<string, string> =>
  body.kind === "sleep" ? { [runSecondsAnnotation]: String(body.seconds) } : {};

/** Where Volcano's ssh plugin puts a key pair of the job's own. */
const keys = "/run/volcano-ssh";

/** Whether the first pod starts ranks in the others, whose addresses it must be told then ({@link peersFile}). */
export const isLaunched = ({ nodes, body }: Job): boolean => nodes > 1 && body.kind !== "sleep";

/** Bodies ignore the signal that a pod is ended by, as whatever has process number 1 does by default; in seconds. */
const graceSeconds = 1;

function podTemplate(job: Job, owner: Account, wanted: readonly string[] | undefined, command: readonly string[]) {
  const { nodes, ranksPerNode, coresPerRank, memoryMiBPerNode, gpusPerNode, walltimeSeconds } = job;
  const resources = {
    cpu: String(ranksPerNode * coresPerRank),
    ...(memoryMiBPerNode > 0 ? { memory: `${memoryMiBPerNode}Mi` } : {}),
    ...(gpusPerNode > 0 ? { [gpuResource]: String(gpusPerNode) } : {}),
  };
  return {
    spec: {
      restartPolicy: "Never",
      activeDeadlineSeconds: Math.ceil(walltimeSeconds),
      terminationGracePeriodSeconds: graceSeconds,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      dnsPolicy: "Default",
      securityContext: { runAsUser: owner.uid, runAsGroup: owner.gid },
      affinity: { ...(wanted === undefined ? {} : only(wanted)), ...(nodes > 1 ? apart(job.id) : {}) },
      containers: [
        {
          name: "job",
          image: jobImage,
          imagePullPolicy: "Never",
          command: command.map(literally),
          workingDir: work,
          env: Object.entries(environmentOf(owner)).map(([name, value]) => ({ name, value })),
          resources: { requests: resources, limits: resources },
        },
      ],
    },
  };
}

const hostname = "kubernetes.io/hostname";

const only = (nodes: readonly string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: hostname, operator: "In", values: nodes }] }],
    },
  },
});

/** Each pod of the job on a node of its own, as the job asks for nodes. */
const apart = (job: string) => ({
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: hostname, labelSelector: { matchLabels: { "volcano.sh/job-name": job } } },
    ],
  },
});

/** Kubernetes would put variables in for `$(NAME)`, and reads `$$` as one dollar. */
const literally = (word: string) => word.replaceAll("$", "$$$$");

/** Arguments: file, command. */
const intoFile = `exec >"$1" 2>&1 </dev/null
shift
exec "$@"`;

const holdNode = ["/bin/bash", "-c", "trap exit TERM; sleep infinity & wait"];

const port = "2222";

/** The job's own server: whoever has the job's key is let in, as the job's user; by the same key it is known. */
const letIn = [
  "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", port, "-h", `${keys}/id_rsa`,
  ...[`AuthorizedKeysFile=${keys}/authorized_keys`, "PidFile=none", "UsePAM=no", "PasswordAuthentication=no", "KbdInteractiveAuthentication=no"]
    .flatMap((option) => ["-o", option]),
]; // biome-ignore format: a command line

/**
 * Starts ranks, bound to cores where all of the node's are the job's. Arguments: ranks a node, cores a rank, the file with the
 * other pods' addresses where there are any, then the ranks' command. The others' servers may not be up yet.
 */
const launch = `ranks=$1 cores=$2 peers=$3
shift 3
place=(--map-by "ppr:$ranks:node" --bind-to none)
if (($(nproc) == ranks * cores)); then place=(--map-by "ppr:$ranks:node:pe=$cores" --bind-to core); fi
hosts=$(hostname):$ranks
if [[ $peers ]]; then
  until [[ -e $peers ]]; do sleep 0.1; done
  printf '* %s\\n' "$(<${keys}/id_rsa.pub)" >/tmp/known_hosts
  ssh=(ssh -F /dev/null -p ${port} -i ${keys}/id_rsa -o UserKnownHostsFile=/tmp/known_hosts -o BatchMode=yes -o ConnectTimeout=5)
  for peer in $(<"$peers"); do
    until "\${ssh[@]}" "$peer" true; do sleep 0.1; done
    hosts+=,$peer:$ranks
  done
  place+=(--prtemca plm_ssh_agent "\${ssh[*]}" --prtemca plm_ssh_no_tree_spawn 1)
fi
exec mpirun --host "$hosts" "\${place[@]}" "$@"`;

/** What starts the ranks of a body: mpirun, in the first pod. */
function launcher(job: Job): string[] {
  const { id, ranksPerNode, coresPerRank } = job;
  return ["bash", "-c", launch, "launch", String(ranksPerNode), String(coresPerRank), isLaunched(job) ? peersFile(id) : ""];
}
