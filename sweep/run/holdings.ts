import type { Holding } from "../../components/machines.ts";

/** What there is on a host, for people: by stack, and what becomes of it. `known` are the stacks in Pulumi's backend. */
export function holdingsText(uri: string, found: readonly Holding[], known: readonly string[]): string {
  const stacks = [...new Set(found.map(({ stack }) => stack))].sort();
  if (stacks.length === 0) return `${uri}: nothing of schedfront's`;
  return stacks
    .flatMap((name) => [
      known.includes(name)
        ? `stack ${name} is in Pulumi's backend: make down STACK=${name} removes this`
        : `stack ${name} is not in Pulumi's backend: left over, or somebody else's; make gc REMOVE=${name} removes this`,
      ...found.filter(({ stack }) => stack === name).map((holding) => `  ${holdingText(holding)}`),
    ])
    .join("\n");
}

export const holdingText = ({ kind, name }: Holding): string => `${kind} ${name}`;
