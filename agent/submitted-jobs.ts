import type { Job } from "../model/job.ts";

/** Jobs that a scheduler was handed, by the ids that it gave them, by which they wait for each other. */
export class SubmittedJobs<Id> {
  /** The id of each job, once the scheduler has answered; null where it did not take the job. */
  readonly #ids = new Map<string, Promise<Id | null>>();
  /** The other way round, for records may be ahead of the answer, and have ids only. */
  readonly names = new Map<Id, string>();

  /**
   * Hands a job over once the scheduler has answered for those that it waits for; rejects as `handOver` does.
   * @param hasEnded whether a job is over: that needs no waiting, and a scheduler forgets such a job after a while
   * @param handOver is given the ids of the jobs that it has to wait for
   */
  async submit({ id: job, after = [] }: Job, hasEnded: (id: Id) => boolean, handOver: (after: Id[]) => Promise<Id>): Promise<void> {
    const submission = Promise.all(after.map((earlier) => this.#ids.get(earlier))).then(async (ids) => {
      const id = await handOver(ids.flatMap((earlier) => (earlier == null || hasEnded(earlier) ? [] : [earlier])));
      this.names.set(id, job);
      return id;
    });
    this.#ids.set(
      job,
      submission.catch(() => null),
    );
    await submission;
  }

  clear() {
    this.#ids.clear();
    this.names.clear();
  }
}
