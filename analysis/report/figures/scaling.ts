import type { EChartsOption } from "echarts";
import { byKind } from "../../pareto/kind.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import type { Analysis, Configuration, ObjectiveAxis, Section } from "../analysis.ts";
import { nodeInWords } from "../tuple-in-words.ts";
import { label, telling } from "../varying.ts";
import { axisParts, axisType, base, legendParts } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { digits, escaped, estimateInWords, objectiveName } from "./words.ts";

/** One objective of one configuration at one number of nodes. */
interface Point {
  readonly section: Section;
  readonly own: Configuration;
  readonly axis: ObjectiveAxis;
  readonly estimate: Estimate;
}

interface Line {
  readonly name: string;
  /** By ascending number of nodes. */
  readonly points: readonly Point[];
}

/**
 * Each objective that is declared with a caption for it against the number of nodes: a figure for each fidelity, image and suite
 * in which one configuration ran at several.
 */
export function scalingFigures({ sections, againstNodes }: Pick<Analysis, "sections" | "againstNodes">): Figure[] {
  return Object.entries(againstNodes)
    .flatMap(([key, caption]) => {
      const kinds = byKind(
        sections.flatMap((section) => pointsOf(section, key)),
        ({ section: { fidelity, backend, suiteDigest } }) => ({ fidelity, backend, suiteDigest }),
      );
      return kinds.map(({ rows }) => ({ caption, lines: linesOf(rows) }));
    })
    .filter(({ lines }) => lines.length > 0)
    .map(({ caption, lines }, i) => figure(`scaling-${i + 1}`, caption, lines));
}

const pointsOf = (section: Section, key: string): Point[] =>
  section.configurations.flatMap((own) => {
    const axis = section.objectives.find((objective) => objective.key === key);
    const estimate = own.estimates[key] ?? null;
    const isOut = own.standing.kind === "invalid" || own.standing.kind === "infeasible";
    return axis === undefined || estimate === null || isOut ? [] : [{ section, own, axis, estimate }];
  });

/** Configurations that ran at several numbers of nodes of one kind. */
function linesOf(points: readonly Point[]): Line[] {
  const names = telling(points.map(({ own }) => own.parameters));
  const name = ({ section, own }: Point) => `${label(own.parameters, names)}: ${[...new Set(section.groups.map(nodeInWords))].join("; ")}`;
  return byKind(points, (point) => ({ name: name(point) }))
    .map(({ kind, rows }) => ({ ...kind, points: rows.toSorted((a, b) => a.section.nodeCount - b.section.nodeCount) }))
    .filter(({ points }) => new Set(points.map(({ section }) => section.nodeCount)).size > 1)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

const shapes = ["circle", "rect", "triangle", "diamond"] as const;
const dashes = ["solid", "dashed", "dotted"] as const;

function figure(id: string, caption: string, lines: readonly Line[]): Figure {
  const points = lines.flatMap((line) => line.points.map((point) => ({ name: line.name, ...point })));
  const { section: first, axis } = points[0] as Point;
  const unit = axis.unit === "1" ? "" : ` ${axis.unit}`;
  const counts = points.map(({ section }) => section.nodeCount);
  const values = points.map(({ estimate }) => estimate.value);
  return {
    id,
    title: `${axis.symbol} ${axis.name} against nodes, ${first.fidelity}: ${first.suite}`,
    caption,
    width: 940,
    height: 360 + 18 * lines.length,
    option,
    rows: points.map(({ name, section, estimate }) => ({
      configuration: name,
      nodes: section.nodeCount,
      [axis.key]: estimate.value,
      [`${axis.key}_low`]: estimate.interval?.low ?? null,
      [`${axis.key}_high`]: estimate.interval?.high ?? null,
    })),
  };

  function option(theme: Theme): EChartsOption {
    const colours = [theme.front, theme.knee, theme.bad, theme.dominated];
    return {
      ...base(theme, `${axis.name} of ${lines.length} configurations at ${new Set(counts).size} numbers of nodes`),
      grid: { left: 70, right: 30, top: 20 + 18 * lines.length, bottom: 44 },
      legend: { ...legendParts(theme), top: 0, left: 0, orient: "vertical", itemGap: 4 },
      xAxis: { type: axisType(counts), name: "nodes", nameLocation: "middle", nameGap: 26, scale: true, ...axisParts(theme) },
      // From zero, so that a level line looks level.
      yAxis: { type: axisType(values), name: objectiveName(axis), nameLocation: "middle", nameGap: 50, scale: false, ...axisParts(theme) },
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const { data } = (Array.isArray(given) ? given[0] : given) as { data?: { told?: string } };
          return escaped(data?.told ?? "");
        },
      },
      series: lines.map(({ name, points }, i) => {
        const color = colours[i % colours.length] as string;
        return {
          type: "line" as const,
          id: name,
          name,
          symbol: shapes[i % shapes.length] as string,
          symbolSize: 9,
          itemStyle: { color },
          lineStyle: { color, width: 2, type: dashes[Math.floor(i / colours.length) % dashes.length] as (typeof dashes)[number] },
          data: points.map(({ section, estimate }) => ({
            name: digits(section.nodeCount),
            value: [section.nodeCount, estimate.value],
            told: `${name}, ${section.nodeCount} nodes: ${estimateInWords(estimate)}${unit}`,
          })),
        };
      }),
    };
  }
}
