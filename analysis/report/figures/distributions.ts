import type { EChartsOption } from "echarts";
import type { Configuration, Distribution, Section } from "../analysis.ts";
import { axisParts, axisType, base } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { digits, escaped } from "./words.ts";

const shown = [5, 25, 50, 75, 95] as const;

/** How long jobs wait, and how much longer than they run they take; none without a job stream. */
export const distributionFigures = (section: Section): Figure[] => [
  ...boxes(section, "waits", "Waits of jobs", "wait (s)", ({ waits }) => waits),
  ...boxes(section, "slowdowns", "Bounded slowdowns of jobs", "bounded slowdown", ({ slowdowns }) => slowdowns),
];

function boxes(section: Section, id: string, title: string, axis: string, of: (own: Configuration) => Distribution | null): Figure[] {
  const found = section.configurations.flatMap((own) => {
    const distribution = of(own);
    return distribution === null ? [] : [{ own, distribution }];
  });
  if (found.length === 0) return [];
  const quantile = ({ quantiles }: Distribution, percent: number) => quantiles[percent] ?? 0;
  const censored = found.reduce((sum, { distribution }) => sum + distribution.censored, 0);
  return [
    {
      id: `${section.id}-${id}`,
      title,
      caption: `Steady jobs of all trials that are not invalid, together. Box: the middle half, with the median; whiskers: 5 to 95 %.${censored > 0 ? ` ${censored} jobs never started; they count with what they had waited.` : ""}`,
      width: 460,
      height: 90 + 26 * found.length,
      option,
      rows: found.map(({ own, distribution }) => ({
        configuration: own.id,
        label: own.label,
        jobs: distribution.jobs,
        censored: distribution.censored,
        ...Object.fromEntries(distribution.quantiles.map((value, percent) => [`p${percent}`, value])),
      })),
    },
  ];

  function option(theme: Theme): EChartsOption {
    const values = found.map(({ distribution }) => shown.map((percent) => quantile(distribution, percent)));
    return {
      ...base(theme, `${title} of ${found.length} configurations`),
      grid: { left: 44, right: 22, top: 12, bottom: 46 },
      xAxis: { type: axisType(values.flat()), name: axis, nameLocation: "middle", nameGap: 28, scale: true, ...axisParts(theme) },
      yAxis: {
        type: "category",
        data: found.map(({ own }) => own.id),
        inverse: true,
        ...axisParts(theme),
        splitLine: { show: false },
        axisLabel: { color: theme.ink, interval: 0 },
      },
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const at = found[(Array.isArray(given) ? given[0] : given)?.dataIndex ?? -1];
          if (at === undefined) return "";
          const told = shown.map((percent) => `${percent} %: ${digits(quantile(at.distribution, percent))}`);
          return [`${at.own.id}: ${at.own.label}`, `${at.distribution.jobs} jobs`, ...told].map(escaped).join("<br>");
        },
      },
      series: [
        {
          type: "boxplot",
          id,
          itemStyle: { color: theme.paper, borderColor: theme.front, borderWidth: 1.5 },
          boxWidth: [6, 16],
          data: values.map((value, i) => ({ name: found[i]?.own.id ?? "", value })),
        },
      ],
    };
  }
}
