import type { EChartsOption } from "echarts";
import { directionInWords } from "../../objective-words.ts";
import type { Configuration, ObjectiveAxis, Section } from "../analysis.ts";
import { axisType, base } from "./chart-parts.ts";
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
      caption: `One line a configuration; ${directionInWords(objectives)}. Drag along an axis to brush it, or set its bounds below; several brushes are joined by and. Solid: on the front; dashed: dominated; dotted: invalid; dots and dashes: infeasible; wide dots: missing. A line breaks where an objective is missing.`,
      width: 940,
      height: 320,
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
    const line = {
      nameTextStyle: { color: theme.ink },
      axisLine: { lineStyle: { color: theme.muted } },
      axisTick: { lineStyle: { color: theme.muted } },
      axisLabel: { color: theme.ink },
    };
    const byId = new Map(configurations.map((own) => [own.id, own]));
    return {
      ...base(theme, `parallel coordinates of ${configurations.length} configurations`),
      parallel: {
        left: 90,
        right: 120,
        top: 36,
        bottom: 24,
        parallelAxisDefault: {
          areaSelectStyle: { width: 22, borderColor: theme.ink, color: theme.muted, opacity: 0.35 },
        },
      },
      parallelAxis: [
        ...objectives.map((axis, dim) => ({
          id: brushId(section, dim),
          dim,
          name: objectiveName(axis),
          type: axisType(configurations.flatMap((own) => meanOf(own, axis) ?? [])),
          scale: true,
          ...line,
        })),
        {
          id: brushId(section, objectives.length),
          dim: objectives.length,
          name: "configuration",
          // An axis of names would draw a missing place at NaN.
          type: "value" as const,
          min: 0,
          max: Math.max(1, configurations.length - 1),
          interval: Math.ceil(configurations.length / 30),
          inverse: true,
          ...line,
          axisLabel: { color: theme.ink, formatter: (place: number) => configurations[place]?.id ?? "" },
        },
      ],
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
            .flatMap((own) =>
              pieces([...objectives.map((axis) => meanOf(own, axis)), configurations.indexOf(own)]).map((value) => ({
                name: own.id,
                value,
              })),
            ),
        })),
    };
  }
}

/** The library would draw a line straight over an axis without a value: each unbroken part becomes a line of its own. */
export function pieces(values: readonly (number | null)[]): number[][] {
  const starts = values.flatMap((value, i) => (value !== null && (i === 0 || values[i - 1] === null) ? [i] : []));
  return starts.map((start) => {
    const gap = values.indexOf(null, start);
    const end = gap < 0 ? values.length : gap;
    return values.map((value, i) => (i < start || i >= end ? "-" : value)) as number[];
  });
}
