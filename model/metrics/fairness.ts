import { mean, sum } from "simple-statistics";

/**
 * Jain's index of what each user has, in [1 ÷ users, 1]: (Σ x)² ÷ (n · Σ x²); 1 where all have the same. Here x is a
 * user's mean bounded slowdown. Null for fewer than two users.
 * Source: Jain, Chiu, Hawe, "A Quantitative Measure of Fairness and Discrimination", DEC-TR-301, 1984.
 * @param values user and value of each job; a job without a user does not count
 */
export function jainIndex(values: readonly (readonly [user: string | undefined, value: number])[]): number | null {
  const ofUser = new Map<string, number[]>();
  for (const [user, value] of values) {
    if (user === undefined) continue;
    const known = ofUser.get(user);
    if (known === undefined) ofUser.set(user, [value]);
    else known.push(value);
  }
  if (ofUser.size < 2) return null;
  const means = [...ofUser.values()].map((own) => mean(own));
  return sum(means) ** 2 / (means.length * sum(means.map((x) => x * x)));
}
