import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Points } from "../../../analysis/pareto/points.ts";

/** Shapes of point clouds on which algorithms for fronts behave differently. */
export const shapes = ["uniform", "correlated", "grid", "plane", "sphere"] as const;
export type Shape = (typeof shapes)[number];

/**
 * Points of one shape; the same seed gives the same points. Uniform: in the unit cube. Correlated: around its diagonal.
 * Grid: twenty values in each objective, so with many duplicates. Plane: just above Σ z = 1, so with a large front.
 * Sphere: on the unit sphere around (1, …, 1), where every point is on the front.
 */
export function cloud(shape: Shape, count: number, dimensions: number, seed: number): Points {
  const generator = xoroshiro128plus(seed);
  const random = () => uniformFloat64(generator);
  const values = new Float64Array(count * dimensions);
  for (let i = 0; i < count; i++) values.set(vectorOf[shape](random, dimensions), i * dimensions);
  return { values, count, dimensions };
}

const vectorOf: Record<Shape, (random: () => number, dimensions: number) => number[]> = {
  uniform: (random, dimensions) => repeated(dimensions, random),
  correlated: (random, dimensions) => {
    const base = random();
    return repeated(dimensions, () => base + 0.3 * (random() + random() + random() - 1.5));
  },
  grid: (random, dimensions) => repeated(dimensions, () => Math.floor(20 * random())),
  plane: (random, dimensions) => {
    const parts = repeated(dimensions, () => -Math.log(1 - random()));
    const sum = parts.reduce((a, b) => a + b);
    const above = 0.1 * random();
    return parts.map((part) => part / sum + above);
  },
  sphere: (random, dimensions) => {
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const direction = repeated(dimensions, () => Math.abs(normal()));
    const length = Math.hypot(...direction);
    return direction.map((part) => 1 - part / length);
  },
};

const repeated = (count: number, make: () => number) => Array.from({ length: count }, make);
