import type { LogJob } from "./log-job.ts";

/**
 * Users, accounts, job names and job numbers become a word and a number, in the order in which they first appear: the same name
 * always the same within one import, and nothing that leads back, for no name goes into it. Partitions, queues and types of GPU are
 * configuration and stay.
 */
export function anonymised(jobs: readonly LogJob[]): LogJob[] {
  const [user, account, name] = [pseudonyms("user"), pseudonyms("account"), pseudonyms("job")];
  return jobs.map((job, i) => ({ ...job, id: String(i + 1), user: user(job.user), account: account(job.account), name: name(job.name) }));
}

function pseudonyms(word: string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    if (name === "") return "";
    const own = known.get(name) ?? `${word}${known.size + 1}`;
    known.set(name, own);
    return own;
  };
}
