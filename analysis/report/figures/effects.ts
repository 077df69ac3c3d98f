import type { CustomSeriesRenderItem, EChartsOption } from "echarts";
import { printableLine } from "../../../model/printable.ts";
import { directionInWords } from "../../objective-words.ts";
import type { Level } from "../../statistics/parameter-effects.ts";
import { noChange } from "../../statistics/scale.ts";
import type { Section } from "../analysis.ts";
import { shortName } from "../varying.ts";
import { axisParts, base, legendParts } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { changeInWords, escaped } from "./words.ts";

/** Rows of the figure. */
const mostChanges = 100;

/** What each change of a parameter does to each objective; none where no parameter varies alone. */
export function effectFigures(section: Section): Figure[] {
  const { effects, objectives, varying } = section;
  const all = effects.filter(({ change }) => change !== null);
  if (all.length === 0) return [];
  const told = all.slice(0, mostChanges * objectives.length);
  const cut = told.length < all.length ? ` The first ${mostChanges} changes are drawn; the data have all.` : "";
  const text = (level: Level) => printableLine(String(level), 60);
  const name = ({ parameter, from, to }: (typeof effects)[number]) =>
    `${printableLine(shortName(parameter, varying), 100)}: ${text(from)} → ${text(to)}`;
  const changes = [...new Set(told.map(name))];
  const left = 30 + Math.min(300, 6.6 * changes.reduce((most, text) => Math.max(most, text.length), 0));
  const width = 940;
  const gap = 34;
  const percent = (pixels: number) => `${((100 * pixels) / width).toFixed(2)}%`;
  const panel = (width - left - gap * objectives.length) / objectives.length;
  return [
    {
      id: `${section.id}-effects`,
      title: "What each parameter changes",
      caption: `Mean change of the objective when this parameter alone changes, over pairs of trials with the same seed: a ratio or a difference, as its heading says; ${directionInWords(objectives)}. The intervals of all cells hold together at 95 %. Filled: the interval leaves out no change. Hollow: no change can be told.${cut}`,
      width,
      height: 110 + 30 * changes.length,
      option,
      rows: effects.map(({ parameter, from, to, objective, change, moves, pairs, seeds }) => ({
        parameter,
        from: String(from),
        to: String(to),
        objective,
        change: change?.value ?? null,
        low: change?.interval?.low ?? null,
        high: change?.interval?.high ?? null,
        moves: String(moves),
        pairs,
        seeds,
      })),
    },
  ];

  function option(theme: Theme): EChartsOption {
    const rowsOf = (objective: string) => told.filter((own) => own.objective === objective);
    return {
      ...base(theme, `effects of ${changes.length} changes of parameters on ${objectives.length} objectives`),
      legend: { ...legendParts(theme), top: 0, left: 0, data: ["moves the objective", "no change told"] },
      title: objectives.map(({ symbol, name, unit, scale }, i) => ({
        text: `${symbol} ${name.replace(" ", "\n")}${scale === "log10" ? " (ratio)" : ` (${unit})`}`,
        left: percent(left + i * (panel + gap)),
        top: 30,
        padding: 0,
        textStyle: { color: theme.ink, fontSize: 11, fontWeight: "normal" as const, lineHeight: 14 },
      })),
      grid: objectives.map((_, i) => ({ left: percent(left + i * (panel + gap)), width: percent(panel), top: 66, bottom: 30 })),
      xAxis: objectives.map((_, gridIndex) => ({
        gridIndex,
        type: "value" as const,
        scale: true,
        splitNumber: 3,
        ...axisParts(theme),
      })),
      yAxis: objectives.map((_, gridIndex) => ({
        gridIndex,
        type: "category" as const,
        data: changes,
        inverse: true,
        ...axisParts(theme),
        splitLine: { show: true, lineStyle: { color: theme.grid } },
        axisLabel: { show: gridIndex === 0, color: theme.ink, width: left - 20, overflow: "truncate" as const, interval: 0 },
        axisTick: { show: false },
      })),
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const { data } = (Array.isArray(given) ? given[0] : given) as { data?: { told?: string } };
          return escaped(data?.told ?? "");
        },
      },
      series: objectives.flatMap((axis, k) => {
        const found = rowsOf(axis.name);
        const dots = (moves: boolean) => ({
          type: "scatter" as const,
          id: `${axis.key} ${moves}`,
          name: moves ? "moves the objective" : "no change told",
          xAxisIndex: k,
          yAxisIndex: k,
          symbol: "circle",
          symbolSize: 10,
          itemStyle: moves
            ? { color: theme.front, opacity: 1 }
            : { color: theme.paper, borderColor: theme.dominated, borderWidth: 2, opacity: 1 },
          z: 4,
          data: found
            .filter((own) => own.moves === moves)
            .map((own) => ({
              name: name(own),
              value: [own.change?.value ?? noChange(axis.scale), changes.indexOf(name(own))],
              told: `${name(own)} changes ${axis.name} by ${changeInWords(own.change, axis)}, ${own.seeds} seeds`,
            })),
          ...(moves
            ? {
                markLine: {
                  silent: true,
                  symbol: "none",
                  label: { show: false },
                  lineStyle: { color: theme.ink, type: "solid" as const, width: 1 },
                  data: [{ xAxis: noChange(axis.scale) }],
                },
              }
            : {}),
        });
        return [
          {
            type: "custom" as const,
            xAxisIndex: k,
            yAxisIndex: k,
            silent: true,
            z: 3,
            renderItem: whisker(theme),
            encode: { x: [0, 1], y: 2 },
            data: found.flatMap((own) =>
              own.change?.interval == null ? [] : [[own.change.interval.low, own.change.interval.high, changes.indexOf(name(own))]],
            ),
          },
          dots(true),
          dots(false),
        ];
      }),
    };
  }
}

const whisker =
  (theme: Theme): CustomSeriesRenderItem =>
  (_, api) => {
    const [x1 = 0, y = 0] = api.coord([api.value(0) as number, api.value(2) as number]);
    const [x2 = 0] = api.coord([api.value(1) as number, api.value(2) as number]);
    return { type: "line", shape: { x1, x2, y1: y, y2: y }, style: { stroke: theme.muted, lineWidth: 2 } };
  };
