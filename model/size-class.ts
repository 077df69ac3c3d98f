/** Classes of jobs by the nodes that they take, from small to large, and the most nodes of each. */
const classes: readonly (readonly [name: string, mostNodes: number])[] = [
  ["one node", 1],
  ["2 to 4 nodes", 4],
  ["5 to 16 nodes", 16],
  ["17 to 64 nodes", 64],
  ["over 64 nodes", Number.POSITIVE_INFINITY],
];

export const nodeClasses: readonly string[] = classes.map(([name]) => name);

/** The class of a job that takes so many whole nodes. */
export const nodeClass = (nodes: number): string => classes.find(([, most]) => nodes <= most)?.[0] ?? "over 64 nodes";
