import type { EChartsOption } from "echarts";
import { type DeclaredObjective, objectiveList } from "../../../model/objectives.ts";
import { byKind } from "../../pareto/kind.ts";
import type { Configuration, Section } from "../analysis.ts";
import { label, telling } from "../varying.ts";
import { axisParts, axisType, base, legendParts } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { digits, escaped, estimateInWords } from "./words.ts";

const declared: readonly DeclaredObjective[] = objectiveList;
/** The objective that is drawn against load. */
const responsiveness = declared.find(({ againstLoad }) => againstLoad)?.key ?? "";

/** One configuration at one load: no α where the stream saturated the machine. */
interface Point {
  readonly section: Section;
  readonly own: Configuration;
  readonly load: number;
}

interface Curve {
  readonly name: string;
  /** By ascending load. */
  readonly points: readonly Point[];
  /** Between which loads it saturates, in words; null where it does not. */
  readonly saturation: string | null;
}

/** α against the offered load, a figure for each set of sections that differ in the load alone. */
export function loadFigures(sections: readonly Section[]): Figure[] {
  const points = sections.flatMap((section) =>
    section.load === null ? [] : section.configurations.flatMap((own) => pointOf(section, own, section.load as number)),
  );
  return byKind(points, ({ section }) => ({ loadlessDigest: section.loadlessDigest }))
    .map(({ rows }) => curvesOf(rows))
    .filter((curves) => curves.length > 0)
    .map((curves, i) => figure(`load-${i + 1}`, curves));
}

const isSaturated = ({ usability }: Configuration) => "saturated" in usability.unusableFor;

function pointOf(section: Section, own: Configuration, load: number): Point[] {
  const isOut = own.standing.kind === "invalid" || own.standing.kind === "infeasible";
  return isOut || (own.estimates[responsiveness] == null && !isSaturated(own)) ? [] : [{ section, own, load }];
}

/** Configurations that ran at several loads. */
function curvesOf(points: readonly Point[]): Curve[] {
  const names = telling(points.map(({ own }) => own.parameters));
  return byKind(points, ({ own }) => ({ name: label(own.parameters, names) }))
    .map(({ kind: { name }, rows }) => ({ name, points: rows.toSorted((a, b) => a.load - b.load) }))
    .filter(({ points: own }) => new Set(own.map(({ load }) => load)).size > 1)
    .map((curve) => ({ ...curve, saturation: saturationOf(curve.points) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

function saturationOf(points: readonly Point[]): string | null {
  const first = points.findIndex(({ own }) => isSaturated(own));
  if (first < 0) return null;
  const [below, at] = [points[first - 1], points[first] as Point];
  return below === undefined ? `saturates at a load of ${at.load} or less` : `saturates between a load of ${below.load} and ${at.load}`;
}

const shapes = ["circle", "rect", "triangle", "diamond"] as const;

function figure(id: string, curves: readonly Curve[]): Figure {
  const all = curves.flatMap((curve) => curve.points.map((point) => ({ name: curve.name, ...point })));
  const alphaOf = ({ own }: Point) => own.estimates[responsiveness]?.value ?? null;
  const saturations = curves.flatMap(({ name, saturation }) => (saturation === null ? [] : [`${name} ${saturation}.`]));
  return {
    id,
    title: "α mean bounded slowdown against the offered load",
    caption: [
      "Geometric mean over the seeds at each load; its interval is in the data. Beyond saturation there is no point, for α grows with the stream.",
      ...(saturations.length > 0 ? saturations : ["No load here saturates the machine."]),
    ].join(" "),
    width: 940,
    height: 360 + 18 * curves.length,
    option,
    rows: all.map((point) => ({
      configuration: point.name,
      load: point.load,
      responsiveness: alphaOf(point),
      responsiveness_low: point.own.estimates[responsiveness]?.interval?.low ?? null,
      responsiveness_high: point.own.estimates[responsiveness]?.interval?.high ?? null,
      saturated: String(isSaturated(point.own)),
    })),
  };

  function option(theme: Theme): EChartsOption {
    const colours = [theme.front, theme.knee, theme.bad, theme.dominated];
    const values = all.flatMap((point) => alphaOf(point) ?? []);
    return {
      ...base(theme, `α of ${curves.length} configurations at ${new Set(all.map(({ load }) => load)).size} loads`),
      grid: { left: 70, right: 30, top: 20 + 18 * curves.length, bottom: 44 },
      legend: { ...legendParts(theme), top: 0, left: 0, orient: "vertical", itemGap: 4 },
      xAxis: { type: "value", name: "offered load", nameLocation: "middle", nameGap: 26, scale: true, ...axisParts(theme) },
      yAxis: { type: axisType(values), name: "α", nameLocation: "middle", nameGap: 50, scale: true, ...axisParts(theme) },
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const { data } = (Array.isArray(given) ? given[0] : given) as { data?: { told?: string } };
          return escaped(data?.told ?? "");
        },
      },
      series: curves.map(({ name, points }, i) => ({
        type: "line" as const,
        id: name,
        name,
        symbol: shapes[i % shapes.length] as string,
        symbolSize: 9,
        itemStyle: { color: colours[i % colours.length] as string },
        lineStyle: { color: colours[i % colours.length] as string, width: 2 },
        data: points.flatMap((point) => {
          const value = alphaOf(point);
          if (value === null) return [];
          const told = `${name}, load ${point.load}: ${estimateInWords(point.own.estimates[responsiveness])}`;
          return [{ name: digits(point.load), value: [point.load, value], told }];
        }),
      })),
    };
  }
}
