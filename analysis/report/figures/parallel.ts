import type { EChartsOption } from "echarts";
import type { Configuration, ObjectiveAxis, Section } from "../analysis.ts";
import { axisType, base, legendParts } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { objectiveName, standingInWords, tooltip } from "./words.ts";

const kinds = ["front", "dominated", "invalid", "infeasible", "missing"] as const;
type Kind = (typeof kinds)[number];
const kindOf = ({ standing }: Configuration): Kind =>
  standing.kind !== "ranked" ? standing.kind : standing.rank === 0 ? "front" : "dominated";

/** By what a brush names its axis. */
export const brushId = ({ id }: Section, axis: number): string => `${id}-axis-${axis}`;

/** Every configuration across all objectives; none with fewer than two objectives. */
export function parallelFigures(section: Section): Figure[] {
  const { configurations, objectives } = section;
  if (objectives.length < 2) return [];
  const meanOf = (own: Configuration, { key }: ObjectiveAxis) => own.estimates[key]?.value ?? null;
  return [
    {
      id: `${section.id}-parallel`,
      title: "Every configuration across all objectives",
      caption:
        "One line a configuration, lower is better on every axis. Drag along an axis to brush it, or set its bounds below; several brushes are joined by and. A line ends where an objective is missing.",
      width: 940,
      height: 340,
      option: (theme) => option(theme),
      rows: configurations.map((own) => ({
        configuration: own.id,
        label: own.label,
        standing: standingInWords(own.standing),
        ...Object.fromEntries(objectives.map((axis) => [axis.key, meanOf(own, axis)])),
      })),
    },
  ];

  function option(theme: Theme): EChartsOption {
    const styles: Record<Kind, { color: string; type: "solid" | "dashed" | "dotted" | number[]; width: number }> = {
      front: { color: theme.front, type: "solid", width: 2.5 },
      dominated: { color: theme.dominated, type: "dashed", width: 1.5 },
      invalid: { color: theme.bad, type: "dotted", width: 1.5 },
      infeasible: { color: theme.bad, type: [8, 3, 2, 3], width: 1.5 },
      missing: { color: theme.bad, type: [2, 6], width: 1.5 },
    };
    const byId = new Map(configurations.map((own) => [own.id, own]));
    return {
      ...base(theme, `parallel coordinates of ${configurations.length} configurations`),
      legend: { ...legendParts(theme), top: 0, left: 0, itemWidth: 34 },
      parallel: {
        left: 90,
        right: 120,
        top: 66,
        bottom: 24,
        parallelAxisDefault: {
          areaSelectStyle: { width: 22, borderColor: theme.ink, color: theme.muted, opacity: 0.35 },
        },
      },
      parallelAxis: objectives.map((axis, dim) => ({
        id: brushId(section, dim),
        dim,
        name: objectiveName(axis),
        type: axisType(configurations.flatMap((own) => meanOf(own, axis) ?? [])),
        scale: true,
        nameTextStyle: { color: theme.ink },
        axisLine: { lineStyle: { color: theme.muted } },
        axisTick: { lineStyle: { color: theme.muted } },
        axisLabel: { color: theme.ink },
      })),
      tooltip: {
        ...base(theme, "").tooltip,
        trigger: "item",
        formatter: (given) => {
          const own = byId.get((Array.isArray(given) ? given[0] : given)?.name ?? "");
          return own === undefined ? "" : tooltip(own, objectives);
        },
      },
      series: kinds
        .filter((kind) => configurations.some((own) => kindOf(own) === kind))
        .map((kind) => ({
          type: "parallel" as const,
          id: kind,
          name: kind,
          smooth: false,
          inactiveOpacity: 0.08,
          activeOpacity: 1,
          lineStyle: { ...styles[kind], opacity: 1 },
          itemStyle: { color: styles[kind].color },
          emphasis: { lineStyle: { width: 4 } },
          data: configurations
            .filter((own) => kindOf(own) === kind)
            .map((own) => ({ name: own.id, value: objectives.map((axis) => meanOf(own, axis) ?? "-") as number[] })),
        })),
    };
  }
}
