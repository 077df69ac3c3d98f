/**
 * p-values adjusted for all of them together, in their order: those at or below α may be claimed with a probability of at
 * most α of any false claim (Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 1979).
 */
export function holmAdjusted(values: readonly number[]): number[] {
  const adjusted = Array<number>(values.length).fill(1);
  let most = 0;
  const ascending = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  ascending.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, (values.length - rank) * (values[index] as number)));
    adjusted[index] = most;
  });
  return adjusted;
}
