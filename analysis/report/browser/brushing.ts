/// <reference lib="dom" />
import type { Section } from "../analysis.ts";
import { brushId } from "../figures/parallel.ts";
import type { LiveChart } from "./live-chart.ts";

/** Intervals of one axis; none: the axis is not brushed. */
type Intervals = [number, number][];

/** Joins the brush of the parallel coordinates, the bounds below it, and the table of configurations. */
export function brushing(section: Section, charts: readonly LiveChart[]): void {
  const parallel = charts.find(({ id }) => id === `${section.id}-parallel`);
  const form = document.querySelector<HTMLFormElement>(`form.brush[data-section="${section.id}"]`);
  if (parallel === undefined || form === null) return;
  const input = (axis: number, end: "low" | "high") => form.querySelector<HTMLInputElement>(`[data-axis="${axis}"][data-end="${end}"]`);
  const bound = (axis: number, end: "low" | "high", open: number) => {
    const text = input(axis, end)?.value ?? "";
    return text === "" ? open : Number(text);
  };

  const brushed = new Map<number, Intervals>();

  const mark = () => {
    const isIn = (own: Section["configurations"][number], place: number) =>
      [...section.objectives.map(({ key }) => own.estimates[key]?.value ?? null), place].every((value, axis) => {
        const intervals = brushed.get(axis) ?? [];
        return intervals.length === 0 || (value !== null && intervals.some(([low, high]) => value >= low && value <= high));
      });
    const chosen = new Set(section.configurations.filter(isIn).map(({ id }) => id));
    for (const row of document.querySelectorAll<HTMLElement>(`#${section.id} tr[data-configuration]`))
      row.classList.toggle("unselected", !chosen.has(row.dataset.configuration ?? ""));
    const output = form.querySelector("output");
    const all = section.configurations.length;
    if (output)
      output.textContent =
        chosen.size === all ? `all ${all} configurations` : `${chosen.size} of ${all} configurations: ${[...chosen].join(", ")}`;
  };

  parallel.chart.on("axisareaselected", (given) => {
    const { parallelAxisId, intervals = [] } = given as { parallelAxisId?: string; intervals?: Intervals };
    const axes = [...section.objectives.keys(), section.objectives.length];
    const axis = axes.find((i) => brushId(section, i) === parallelAxisId);
    if (axis !== undefined) brushed.set(axis, intervals);
    mark();
  });

  const select = (axis: number) => {
    const [low, high] = [bound(axis, "low", -1e300), bound(axis, "high", 1e300)];
    const intervals: Intervals = low === -1e300 && high === 1e300 ? [] : [[low, high]];
    parallel.chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: brushId(section, axis), intervals });
  };
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) select(Number(target.dataset.axis));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () =>
    setTimeout(() => {
      for (const axis of [...section.objectives.keys(), section.objectives.length]) select(axis);
    }),
  );
}
