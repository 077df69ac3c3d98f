import { readFileSync } from "node:fs";
import type { Job } from "../../model/job.ts";
import type { DaemonUse } from "../../model/metrics/control-plane-use.ts";
import { defaultQueue, flattened, namespace, schedulerMetricsAddress, type VolcanoParameters } from "../../model/schedulers/volcano.ts";
import { commandLineOf, forgetPeak, usedSince, useOf } from "../daemon-use.ts";
import { FileTail } from "../file-tail.ts";
import { writeOn } from "../nodes.ts";
import { peersFile, user } from "../paths.ts";
import { account, run } from "../process.ts";
import { say } from "../progress.ts";
import type { MakeAdapter, Place, Progress, Records, SchedulerAdapter } from "../scheduler.ts";
import { ApiServer, type List, NoAnswer } from "./volcano/api-server.ts";
import { type AuditEvent, parseAuditLine } from "./volcano/audit-log.ts";
import { differences, parseFlags, parseMetrics, parseNodes, parseQueues, parseWebhooks, unusableReason } from "./volcano/configuration.ts";
import { isLaunched, jobObject } from "./volcano/job-object.ts";
import {
  type Lease,
  type Node,
  type Pod,
  type PodGroup,
  parsePodName,
  type Queue,
  type VolcanoJob,
  type WebhookConfiguration,
} from "./volcano/objects.ts";
import { hasEnded, isOver, jobEnd, jobEvents, phaseOf, waitingReason } from "./volcano/records.ts";

/** Kubernetes with Volcano, driven and watched over one connection to kube-apiserver, whose audit log has the times. */

/** As the role has them. The identity is a certificate and its key. */
const places = {
  server: "https://head:6443",
  authority: "/etc/kubernetes/authority.pem",
  identity: "/etc/kubernetes/admin.pem",
  auditLog: "/var/log/kubernetes/audit.log",
};

/** On the head. */
const daemons = ["etcd", "kube-apiserver", "kube-controller-manager", "vc-scheduler", "vc-controller-manager", "vc-webhook-manager"];
/** Beside them, what pretends to be nodes; it runs only where they are emulated. */
const nodeDaemon = "kwok";

const commandSeconds = 60;

/**
 * Pods have a second to end, and a node's kubelet may be slow to say that they have. On an emulated processor, which other
 * work shared, a hundred ended jobs took more than a minute to delete.
 */
const emptySeconds = 600;

const inNamespace = (group: string, resource: string) => `${group}/namespaces/${namespace}/${resource}`;
const paths = {
  jobs: inNamespace("/apis/batch.volcano.sh/v1alpha1", "jobs"),
  podGroups: inNamespace("/apis/scheduling.volcano.sh/v1beta1", "podgroups"),
  queues: "/apis/scheduling.volcano.sh/v1beta1/queues",
  pods: inNamespace("/api/v1", "pods"),
  nodes: "/api/v1/nodes",
  leases: "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
  webhooks: ["mutating", "validating"].map((kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`),
};

/** A job that was asked for before those that it waits for had ended. */
interface Held {
  readonly job: Job;
  readonly nodes: readonly string[] | undefined;
}

export class VolcanoAdapter implements SchedulerAdapter {
  readonly #queueOf: (user: string) => string;
  #connection: ApiServer | undefined;
  #watching: Promise<unknown> | undefined;
  /** Jobs and pods that are there now, by name. */
  readonly #jobs = new Map<string, VolcanoJob>();
  readonly #present = new Map<string, Pod>();
  /** The pods of each job of the run as they were when they left their nodes, or are now. */
  readonly #podsOf = new Map<string, Map<string, Pod>>();
  /** The last phase of each job that has ended, or is gone. */
  readonly #ended = new Map<string, string>();
  readonly #troubled = new Map<string, string>();
  /** Jobs that wait for others: Volcano starts a job after another only if that one completed. */
  readonly #held = new Map<string, Held>();
  readonly #refused = new Set<string>();
  /** Jobs whose first pod is still to be told where the others are. */
  readonly #untold = new Map<string, Job>();
  #audit: FileTail;
  readonly #seen: AuditEvent[] = [];
  #useBefore: readonly DaemonUse[] = [];
  #changed = () => {};

  constructor(
    { queues }: VolcanoParameters,
    readonly at = places,
  ) {
    this.#audit = new FileTail(at.auditLog);
    const byUser = new Map(queues.flatMap(({ name, users }) => users.map((user) => [user, name])));
    this.#queueOf = (user) => byUser.get(user) ?? defaultQueue;
  }

  async effectiveConfiguration() {
    const api = this.#api();
    const items = async <Item>(path: string) => (await api.get<List<Item>>(path)).items;
    const [version, program, metrics, queues, nodes, leases, ...webhooks] = await Promise.all([
      api.get<{ gitVersion: string }>("/version"),
      run("vc-scheduler", ["--version"], { timeoutSeconds: commandSeconds }),
      fetch(`http://${schedulerMetricsAddress}/metrics`).then((reply) => reply.text()),
      items<Queue>(paths.queues),
      items<Node>(paths.nodes),
      items<Lease>(paths.leases),
      ...paths.webhooks.map((path) => items<WebhookConfiguration>(path)),
    ]);
    const flags: Record<string, string> = Object.assign(
      {},
      ...[...daemons, nodeDaemon].map((daemon) => parseFlags(daemon, commandLineOf(daemon))),
    );
    const file = flags["vc-scheduler --scheduler-conf"];
    if (file === undefined) throw new Error("vc-scheduler runs without --scheduler-conf");
    const effective = {
      ...flags,
      ...flattened(JSON.parse(readFileSync(file, "utf8")), "volcano-scheduler.conf"),
      ...parseMetrics(metrics),
      ...parseQueues(queues),
      ...parseWebhooks(webhooks.flat()),
      ...parseNodes(nodes, leases),
    };
    const volcano = /^Version: (.+)$/m.exec(program.toString("utf8"))?.[1];
    return { version: `volcano ${volcano}, kubernetes ${version.gitVersion}`, effective };
  }

  differences = differences;

  async unusable(nodes: readonly string[]) {
    const known = new Map((await this.#api().get<List<Node>>(paths.nodes)).items.map((node) => [node.metadata.name, node]));
    return new Map(
      nodes.flatMap((name) => {
        const reason = unusableReason(known.get(name));
        return reason === null ? [] : [[name, reason] as const];
      }),
    );
  }

  async reset() {
    this.#watching ??= this.#watch();
    await this.#watching;
    await this.cancel();
    if (!(await this.#until(() => this.#jobs.size === 0 && this.#present.size === 0, emptySeconds)))
      throw new Error(`volcano's queue is not empty ${emptySeconds} s after all jobs were deleted: ${this.#names().join(", ")}`);
    this.#podsOf.clear();
    this.#ended.clear();
    this.#troubled.clear();
    this.#refused.clear();
    this.#untold.clear();
    this.#seen.length = 0;
    this.#audit = new FileTail(this.at.auditLog);
    forgetPeak(daemons);
    this.#useBefore = useOf(daemons);
  }

  async submit(job: Job, place?: Place) {
    if (this.#watching === undefined) throw new Error("volcano: the queue must be emptied before a job is submitted");
    if (this.#waitsFor(job).length > 0) this.#held.set(job.id, { job, nodes: place?.nodes });
    else await this.#create(job, place?.nodes);
  }

  async #create(job: Job, nodes: readonly string[] | undefined) {
    const owner = account(job.user ?? user);
    if (isLaunched(job)) this.#untold.set(job.id, job);
    try {
      await this.#api().post(paths.jobs, jobObject(job, { owner, queue: job.queue ?? this.#queueOf(owner.name), nodes }));
    } catch (error) {
      this.#refused.add(job.id);
      throw error;
    }
  }

  #waitsFor = ({ after = [] }: Job) => after.filter((id) => !this.#ended.has(id) && !this.#refused.has(id));

  progress(): Progress {
    this.#read();
    const running = [...this.#jobs.values()].filter((job) => phaseOf(job) === "Running").length;
    return { running, ended: this.#ended.size };
  }

  async cancel() {
    // All at once, or the end of one would let another go.
    const held = [...this.#held.keys()];
    this.#held.clear();
    for (const id of held) this.#end(id, "Pending");
    await this.#deleteJobs(Date.now() + emptySeconds * 1000);
  }

  /** One request deletes all jobs, one after another, and has deleted some of many when it gives up: the next goes on. */
  async #deleteJobs(limit: number): Promise<void> {
    try {
      // What is owned by a job, its pods among it, goes with it.
      await this.#api().delete(`${paths.jobs}?propagationPolicy=Background`);
    } catch (error) {
      if (!(error instanceof NoAnswer) || Date.now() > limit) throw error;
      await this.#deleteJobs(limit);
    }
  }

  drain(timeoutSeconds: number) {
    const idle = () => [...this.#jobs.values()].every(hasEnded) && [...this.#present.values()].every(isOver) && this.#held.size === 0;
    return this.#until(idle, timeoutSeconds);
  }

  records(): Records {
    this.#read();
    return { events: jobEvents(this.#seen), ends: [...this.#ended].map(([job, phase]) => jobEnd(job, phase, this.#pods(job))) };
  }

  controlPlaneUse() {
    return usedSince(this.#useBefore, useOf(daemons));
  }

  async troubledNodes(nodes: readonly string[]) {
    return new Map([...(await this.unusable(nodes)), ...this.#troubled].filter(([node]) => nodes.includes(node)));
  }

  async waiting() {
    const gangs = (await this.#api().get<List<PodGroup>>(paths.podGroups)).items;
    const gangOf = new Map(gangs.map((gang) => [gang.metadata.ownerReferences?.[0]?.name, gang]));
    const held = [...this.#held.values()].map(({ job }) => [job.id, `waits for ${this.#waitsFor(job).join(", ")}`] as const);
    const queued = [...this.#jobs.values()].flatMap((job) => {
      const { name } = job.metadata;
      const reason = hasEnded(job) ? null : waitingReason(this.#pods(name), gangOf.get(name));
      return reason === null ? [] : [[name, reason] as const];
    });
    return new Map([...held, ...queued]);
  }

  #api() {
    if (this.#connection === undefined) {
      const identity = readFileSync(this.at.identity, "utf8");
      this.#connection = new ApiServer({
        url: this.at.server,
        authority: readFileSync(this.at.authority, "utf8"),
        certificate: identity,
        key: identity,
      });
    }
    return this.#connection;
  }

  #watch() {
    const api = this.#api();
    return Promise.all([
      api.watch<VolcanoJob>(paths.jobs, (change, job) => {
        const { name } = job.metadata;
        if (change === "DELETED") this.#jobs.delete(name);
        else this.#jobs.set(name, job);
        if (change === "DELETED" || hasEnded(job)) this.#end(name, phaseOf(job));
        this.#changed();
      }),
      api.watch<Pod>(paths.pods, (change, pod) => {
        const { name } = pod.metadata;
        if (change === "DELETED") this.#present.delete(name);
        else this.#present.set(name, pod);
        this.#keep(pod);
        this.#changed();
      }),
      api.watch<Node>(paths.nodes, (change, node) => {
        const reason = unusableReason(change === "DELETED" ? undefined : node);
        if (reason !== null) this.#troubled.set(node.metadata.name, reason);
      }),
    ]);
  }

  #keep(pod: Pod) {
    const { job } = parsePodName(pod.metadata.name) ?? {};
    if (job === undefined) return;
    const known = this.#podsOf.get(job) ?? new Map<string, Pod>();
    this.#podsOf.set(job, known);
    const before = known.get(pod.metadata.name);
    // What comes later is its removal.
    if (before === undefined || !isOver(before)) known.set(pod.metadata.name, pod);
    this.#tellPeers(job);
  }

  /** Where the cluster has no name service, nobody but the apiserver knows pods' addresses. */
  #tellPeers(id: string) {
    const job = this.#untold.get(id);
    if (job === undefined) return;
    const pods = this.#pods(id).flatMap(({ metadata, spec: { nodeName }, status: { podIP } = {} }) =>
      nodeName === undefined || podIP === undefined ? [] : [{ isFirst: parsePodName(metadata.name)?.isFirst, nodeName, podIP }],
    );
    const first = pods.find(({ isFirst }) => isFirst);
    if (first === undefined || pods.length < job.nodes) return;
    this.#untold.delete(id);
    const others = pods.filter((pod) => pod !== first).map(({ podIP }) => `${podIP}\n`);
    writeOn(first.nodeName, peersFile(id), others.join("")).catch((error: Error) => say(`${id} is not told of its pods: ${error.message}`));
  }

  #pods = (job: string) => [...(this.#podsOf.get(job)?.values() ?? [])];

  /** The first end of a job counts: what comes later is its removal. */
  #end(ended: string, phase: string) {
    if (this.#ended.has(ended)) return;
    this.#ended.set(ended, phase);
    for (const [id, { job, nodes }] of this.#held) {
      if (this.#waitsFor(job).length > 0) continue;
      this.#held.delete(id);
      this.#create(job, nodes).catch(() => this.#end(id, "Failed"));
    }
  }

  /** Resolves once the watches have seen it; false if that takes longer. */
  async #until(condition: () => boolean, timeoutSeconds: number): Promise<boolean> {
    if (condition()) return true;
    return new Promise((resolve) => {
      const done = (reached: boolean) => {
        clearTimeout(limit);
        this.#changed = () => {};
        resolve(reached);
      };
      const limit = setTimeout(() => done(false), timeoutSeconds * 1000);
      this.#changed = () => condition() && done(true);
    });
  }

  #names = () => [...[...this.#jobs.values()].map((job) => `${job.metadata.name} ${phaseOf(job)}`), ...this.#present.keys()];

  #read() {
    for (const line of this.#audit.lines()) {
      const event = parseAuditLine(line);
      if (event !== null) this.#seen.push(event);
    }
  }
}

export const adapter: MakeAdapter<"volcano"> = (given) => new VolcanoAdapter(given);
