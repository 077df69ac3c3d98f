import type { EChartsOption } from "echarts";
import type { Theme } from "./theme.ts";

const font = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** What all figures have in common. */
export const base = (theme: Theme, description: string): EChartsOption => ({
  animation: false,
  backgroundColor: theme.paper,
  textStyle: { color: theme.ink, fontFamily: font, fontSize: 12 },
  aria: { enabled: true, label: { description } },
  tooltip: {
    confine: true,
    backgroundColor: theme.paper,
    borderColor: theme.muted,
    textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
    extraCssText: "max-width:26rem;white-space:normal;box-shadow:0 2px 8px #0004",
  },
});

export const axisParts = (theme: Theme) => ({
  axisLine: { show: true, lineStyle: { color: theme.muted } },
  axisTick: { lineStyle: { color: theme.muted } },
  axisLabel: { color: theme.muted, hideOverlap: true },
  splitLine: { lineStyle: { color: theme.grid } },
  nameTextStyle: { color: theme.ink },
});

export const legendParts = (theme: Theme) => ({
  textStyle: { color: theme.ink },
  inactiveColor: theme.muted,
  itemGap: 14,
  selectedMode: false as const,
});

/** Logarithmic where values spread over a decade and a half: closer together, such an axis has no ticks to read. */
export function axisType(values: readonly number[]): "value" | "log" {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return least > 0 && most / least > 30 ? "log" : "value";
}

/** Shapes that differ without colour; those of dominated and missing points, and of knees, are drawn hollow. */
export const symbols = {
  front: "circle",
  dominated: "circle",
  invalid: "path://M-7,-10L0,-3L7,-10L10,-7L3,0L10,7L7,10L0,3L-7,10L-10,7L-3,0L-10,-7Z",
  infeasible: "path://M-10,-10H10V10H-10ZM-7,-7V7H7V-7ZM-7,7V3L3,-7H7V-3L-3,7Z",
  missing: "triangle",
  kneeByDistance: "diamond",
  kneeByHyperplane: "rect",
} as const;
