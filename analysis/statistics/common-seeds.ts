/** A configuration with the seeds of its usable runs. */
export interface Seeded {
  readonly name: string;
  readonly seeds: ReadonlySet<number>;
}

/** On which seeds which configurations are compared. */
export interface CommonSeeds {
  /** Seeds that each of `compared` has, ascending. */
  readonly seeds: readonly number[];
  readonly compared: readonly string[];
  /** Configurations that have too few of the others' seeds, and why they take no part. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Every comparison uses the seeds that all have: a configuration whose heavy seeds are lost must not look good for it.
 * While that leaves less than half of all seeds, the configuration with the fewest is left out, the last of equals.
 */
export function commonSeeds(configurations: readonly Seeded[]): CommonSeeds {
  const compared = [...configurations];
  const leftOut: LeftOut[] = [];
  for (;;) {
    const all = new Set(compared.flatMap(({ seeds }) => [...seeds]));
    const common = [...all].filter((seed) => compared.every(({ seeds }) => seeds.has(seed)));
    if (2 * common.length >= all.size) {
      const seeds = common.sort((a, b) => a - b);
      return { seeds, compared: compared.map(({ name }) => name), leftOut: leftOut.map((own) => because(own, all)) };
    }
    const fewest = compared.reduce((least, { seeds }, i) => (seeds.size <= (compared[least]?.seeds.size ?? 0) ? i : least), 0);
    leftOut.push(...compared.splice(fewest, 1).map((own) => ({ ...own, common: common.length, all: all.size })));
  }
}

/** A configuration with how many seeds would be common to all with it, and how many there would be. */
interface LeftOut extends Seeded {
  readonly common: number;
  readonly all: number;
}

function because({ name, seeds, common, all }: LeftOut, others: ReadonlySet<number>) {
  const shared = [...seeds].filter((seed) => others.has(seed)).length;
  if (2 * shared >= others.size)
    return { name, reason: `with it only ${common} of ${all} seeds would be common to all; half of them are needed` };
  return { name, reason: `has ${shared} of the ${others.size} seeds on which the others are compared; half of them are needed` };
}
