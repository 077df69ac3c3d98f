/** Where things are on the nodes; the role that prepares them makes `base`, owned by the user. */

/** Who owns the jobs. */
export const user = "bench";

export const base = "/var/lib/schedfront";

/** On every compute node and the head, fresh for each run: clock records, jobs' folders and outputs. */
export const work = `${base}/work`;

/** One line for each thing that a job on this node says of its own time. */
export const clockFile = `${work}/clock`;

/** A job's own folder, the same on every node. */
export const jobFolder = (job: string) => `${work}/${job}`;

/** A job's standard output and error, on its first node. */
export const jobOutput = (job: string) => `${work}/${job}.out`;

/** A run's tables, on the head. */
export const results = (run: string) => `${base}/runs/${run}`;

/** Who drives at the moment. */
export const pidFile = "/run/schedfront-agent.pid";

/** Where ssh keeps root's connection to a node, whose name it puts in for `%n`. */
export const connectionSocket = "/run/schedfront-%n.ssh";
