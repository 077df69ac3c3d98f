import type { Job } from "../job.ts";
import { coresPerNode, type Machine } from "../machine.ts";

/** What a job asks of each of its nodes; jobs that ask the same share one. */
interface Demand {
  readonly cores: number;
  readonly gpus: number;
  /** Null: all of the node's. 0 where memory is not counted. */
  readonly memoryMiB: number | null;
  /** How many jobs wait, by their number of nodes. */
  readonly waiting: Int32Array;
  waitingInAll: number;
  /** The least number of nodes for which one of them waits. */
  fewest: number;
  /** On how many nodes there is room. Kept up to date only while a job waits. */
  hosts: number;
}

/**
 * The machine and its queue while a run is told again, step by step: how much is free, and whether a waiting job fits.
 * A step costs the job's nodes times the different demands that wait, however many jobs there are.
 */
export class FreeCapacity {
  /** Free nodes, or free cores where jobs share nodes. */
  units = 0;
  readonly #machine: Machine;
  readonly #cores: Int32Array;
  readonly #memoryMiB: Float64Array;
  readonly #gpus: Int32Array;
  readonly #jobs: Int32Array;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #demands = new Map<string, Demand>();
  readonly #demandOfJob = new Map<Job, Demand>();
  readonly #waiting = new Set<Demand>();

  constructor(machine: Machine) {
    const { nodes } = machine;
    this.#machine = machine;
    this.#cores = Int32Array.from(nodes, ({ cores }) => cores);
    this.#memoryMiB = Float64Array.from(nodes, ({ memoryMiB }) => memoryMiB);
    this.#gpus = Int32Array.from(nodes, ({ gpus }) => gpus);
    this.#jobs = new Int32Array(nodes.length);
    this.#indexOf = new Map(nodes.map(({ name }, i) => [name, i]));
    nodes.forEach((_, i) => {
      this.units += this.#unitsOn(i);
    });
  }

  /** A job joins the queue. */
  join(job: Job): void {
    const demand = this.#demandOf(job);
    const size = this.#sizeOf(job);
    if (demand.waitingInAll === 0) {
      demand.hosts = this.#cores.reduce((sum, _, i) => sum + this.#room(demand, i), 0);
      demand.fewest = size;
      this.#waiting.add(demand);
    }
    demand.fewest = Math.min(demand.fewest, size);
    demand.waiting[size] = (demand.waiting[size] ?? 0) + 1;
    demand.waitingInAll += 1;
  }

  /** A job leaves the queue, to its nodes or for good. */
  leave(job: Job): void {
    const demand = this.#demandOf(job);
    const size = this.#sizeOf(job);
    demand.waiting[size] = (demand.waiting[size] ?? 0) - 1;
    demand.waitingInAll -= 1;
    if (demand.waitingInAll === 0) this.#waiting.delete(demand);
    else while (demand.waiting[demand.fewest] === 0) demand.fewest += 1;
  }

  /**
   * A job takes nodes; gives what it took. Where no record names all of them, it is taken to have the first with room.
   * @param names as the scheduler's record has them
   */
  take(job: Job, names: readonly string[]): readonly number[] {
    const known = names.map((name) => this.#indexOf.get(name) ?? -1);
    const nodes = known.length === job.nodes && !known.includes(-1) ? known : this.#first(job);
    const demand = this.#demandOf(job);
    for (const node of nodes) this.#change(node, demand, -1);
    return nodes;
  }

  /** A job gives its nodes back. */
  give(job: Job, nodes: readonly number[]): void {
    const demand = this.#demandOf(job);
    for (const node of nodes) this.#change(node, demand, 1);
  }

  /** Whether some waiting job would have as many nodes with room as it asks for, partitions and limits aside. */
  fits(): boolean {
    for (const { fewest, hosts } of this.#waiting) if (fewest <= hosts) return true;
    return false;
  }

  /** More nodes than there are is one size: it never fits. */
  #sizeOf = ({ nodes }: Job) => Math.min(nodes, this.#cores.length + 1);

  #demandOf(job: Job): Demand {
    let demand = this.#demandOfJob.get(job);
    if (demand === undefined) {
      demand = this.#sharedDemand(job);
      this.#demandOfJob.set(job, demand);
    }
    return demand;
  }

  #sharedDemand(job: Job): Demand {
    const { memory, defaultMemoryMiB } = this.#machine.allocation;
    const cores = coresPerNode(job);
    const unasked =
      defaultMemoryMiB === undefined ? null : "perNode" in defaultMemoryMiB ? defaultMemoryMiB.perNode : defaultMemoryMiB.perCore * cores;
    const memoryMiB = memory === false ? 0 : memory === "as asked" ? job.memoryMiBPerNode : job.memoryMiBPerNode || unasked;
    const key = `${cores} ${job.gpusPerNode} ${memoryMiB}`;
    const known = this.#demands.get(key);
    if (known !== undefined) return known;
    const waiting = new Int32Array(this.#cores.length + 2);
    const demand = { cores, gpus: job.gpusPerNode, memoryMiB, waiting, waitingInAll: 0, fewest: 0, hosts: 0 };
    this.#demands.set(key, demand);
    return demand;
  }

  #first(job: Job): number[] {
    const demand = this.#demandOf(job);
    const roomy: number[] = [];
    for (let i = 0; i < this.#cores.length && roomy.length < job.nodes; i++) if (this.#room(demand, i) === 1) roomy.push(i);
    return roomy;
  }

  #change(node: number, { cores, gpus, memoryMiB }: Demand, sign: 1 | -1) {
    for (const demand of this.#waiting) demand.hosts -= this.#room(demand, node);
    this.units -= this.#unitsOn(node);
    const memory = memoryMiB ?? this.#machine.nodes[node]?.memoryMiB ?? 0;
    this.#cores[node] = (this.#cores[node] ?? 0) + sign * cores;
    this.#gpus[node] = (this.#gpus[node] ?? 0) + sign * gpus;
    this.#memoryMiB[node] = (this.#memoryMiB[node] ?? 0) + sign * memory;
    this.#jobs[node] = (this.#jobs[node] ?? 0) - sign;
    this.units += this.#unitsOn(node);
    for (const demand of this.#waiting) demand.hosts += this.#room(demand, node);
  }

  /** Records of two clocks may give a node to a job just before the last one gave it back: it has nothing free then. */
  #unitsOn(node: number): number {
    if (this.#machine.allocation.unit === "node") return this.#jobs[node] === 0 ? 1 : 0;
    return Math.max(0, this.#cores[node] ?? 0);
  }

  #room({ cores, gpus, memoryMiB }: Demand, node: number): 0 | 1 {
    if (this.#machine.allocation.unit === "node" && this.#jobs[node] !== 0) return 0;
    const memory = memoryMiB ?? this.#machine.nodes[node]?.memoryMiB ?? 0;
    const has = (this.#cores[node] ?? 0) >= cores && (this.#gpus[node] ?? 0) >= gpus && (this.#memoryMiB[node] ?? 0) >= memory;
    return has ? 1 : 0;
  }
}
