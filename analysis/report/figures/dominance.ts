import type { EChartsOption } from "echarts";
import { falseClaims } from "../../statistics/dominance-claims.ts";
import type { Section } from "../analysis.ts";
import { axisParts, base } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { escaped } from "./words.ts";

/** Configurations whose cells can still be read. */
const most = 40;

/** How surely each ranked configuration dominates each other; none where none may. */
export function dominanceFigures(section: Section): Figure[] {
  const ranked = section.configurations.flatMap(({ id, standing }) => (standing.kind === "ranked" ? [{ id, rank: standing.rank }] : []));
  const shown = ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ id }) => id);
  const cells = section.dominance.filter(({ configuration, other }) => shown.includes(configuration) && shown.includes(other));
  if (cells.length === 0) return [];
  const left = ranked.length - shown.length;
  const cell = Math.max(16, Math.min(40, 640 / shown.length));
  return [
    {
      id: `${section.id}-dominance`,
      title: "Probability that the row dominates the column",
      caption: `In percent, of each pair alone. Only a framed cell is a claim: the row dominates the column, with a probability of at most ${100 * falseClaims} % that any frame here is false. An empty cell: never.${left > 0 ? ` The ${left} configurations of the highest ranks are left out here, not in the data.` : ""}`,
      width: Math.max(420, 90 + cell * shown.length),
      height: 80 + cell * shown.length,
      option,
      rows: section.dominance.map(({ configuration, other, probability, dominates, seeds }) => ({
        configuration,
        other,
        probability,
        dominates: String(dominates),
        seeds,
      })),
    },
  ];

  function option(theme: Theme): EChartsOption {
    const label = (probability: number) => String(Math.round(100 * probability));
    const sorted = [...shown].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    const category = {
      type: "category" as const,
      data: sorted,
      ...axisParts(theme),
      splitLine: { show: false },
      axisLine: { show: false },
      axisTick: { show: false },
    };
    return {
      ...base(theme, `how surely each of ${shown.length} configurations dominates each other`),
      grid: { left: 56, right: 12, top: 48, bottom: 8 },
      xAxis: {
        ...category,
        position: "top",
        name: "is dominated",
        nameLocation: "middle",
        nameGap: 26,
        axisLabel: { color: theme.ink, interval: 0 },
      },
      yAxis: {
        ...category,
        inverse: true,
        name: "dominates",
        nameLocation: "middle",
        nameGap: 36,
        axisLabel: { color: theme.ink, interval: 0 },
      },
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: [...theme.ramp] } },
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const at = (Array.isArray(given) ? given[0] : given)?.dataIndex ?? -1;
          const own = cells[at];
          if (own === undefined) return "";
          const sure = `${(100 * own.probability).toFixed(1)} %`;
          return escaped(
            `${own.configuration} dominates ${own.other}: ${sure}, ${own.seeds} common seeds${own.dominates ? ", claimed" : ""}`,
          );
        },
      },
      series: [
        {
          type: "heatmap",
          data: cells.map(({ configuration, other, probability, dominates }) => ({
            name: configuration,
            value: [sorted.indexOf(other), sorted.indexOf(configuration), probability],
            label: {
              show: true,
              formatter: label(probability),
              fontSize: cell < 24 ? 9 : 12,
              color: probability > 0.55 ? theme.onStrong : theme.ink,
            },
            itemStyle: dominates ? { borderColor: theme.knee, borderWidth: 2 } : { borderColor: theme.grid, borderWidth: 1 },
          })),
        },
      ],
    };
  }
}
