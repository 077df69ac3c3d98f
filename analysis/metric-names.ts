import { metricList } from "../model/metrics/declared.ts";

const names = new Map<string, string>(Object.entries(metricList).map(([name, [words]]) => [name, words]));
const order = new Map([...names.keys()].map((name, i) => [name, i]));
const stem = (name: string) => name.split(".")[0] ?? name;
const place = (name: string) => order.get(stem(name)) ?? -1;

/** `controlPlaneCpu.slurmctld` → `control plane, CPU: slurmctld`; a figure of merit has its own name. */
export function spoken(name: string): string {
  const words = names.get(stem(name));
  return words === undefined ? name : words + name.slice(stem(name).length).replace(".", ": ");
}

/** Figures of merit first, then as above, a part after its whole. */
export const asSpoken = (a: string, b: string): number => place(a) - place(b) || (a < b ? -1 : Number(a > b));
