import type { AxisValues } from "../../model/axis-values.ts";
import type { Condition, Constraint } from "./sweep.ts";

/** Whether a configuration stays. */
export function satisfies(values: AxisValues, { where, not, require }: Constraint): boolean {
  if (!all(values, where)) return true;
  return not !== undefined ? !all(values, not) : all(values, require ?? {});
}

const all = (values: AxisValues, conditions: Readonly<Record<string, Condition>>) =>
  Object.entries(conditions).every(([path, condition]) => holds(values[path], condition));

function holds(value: unknown, condition: Condition): boolean {
  if (Array.isArray(condition)) return condition.some((allowed) => allowed === value);
  if (typeof condition !== "object" || condition === null) return condition === value;
  const { below = Infinity, atMost = Infinity, atLeast = -Infinity, above = -Infinity } = condition;
  return typeof value === "number" && value < below && value <= atMost && value >= atLeast && value > above;
}

/** Paths that a constraint speaks of. */
export const pathsOf = ({ where, not = {}, require = {} }: Constraint): string[] => [where, not, require].flatMap(Object.keys);
