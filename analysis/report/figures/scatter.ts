import type { CustomSeriesRenderItem, EChartsOption, ScatterSeriesOption } from "echarts";
import type { Configuration, ObjectiveAxis, Section } from "../analysis.ts";
import { axisParts, axisType, base, legendParts, symbols } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { objectiveName, standingInWords, tooltip } from "./words.ts";

type Marked = "front" | "dominated" | "invalid" | "infeasible" | "missing";

const isHollow = (kind: Marked) => kind === "dominated" || kind === "missing";

const marked = ({ standing }: Configuration): Marked =>
  standing.kind !== "ranked" ? standing.kind : standing.rank === 0 ? "front" : "dominated";

/** One figure for every pair of objectives. */
export const scatterFigures = (section: Section): Figure[] =>
  section.objectives.flatMap((x, i) => section.objectives.slice(i + 1).map((y) => scatter(section, x, y)));

function scatter(section: Section, x: ObjectiveAxis, y: ObjectiveAxis): Figure {
  const { configurations } = section;
  const value = ({ estimates }: Configuration, { key }: ObjectiveAxis) => estimates[key]?.value ?? null;
  const end = ({ estimates }: Configuration, { key }: ObjectiveAxis, side: "low" | "high") => estimates[key]?.interval?.[side] ?? null;
  const isThere = (own: Configuration) => value(own, x) !== null && value(own, y) !== null;
  const isHalf = (own: Configuration) => (value(own, x) === null) !== (value(own, y) === null);
  return {
    id: `${section.id}-scatter-${x.key}-${y.key}`,
    title: `${x.symbol} ${x.name} and ${y.symbol} ${y.name}`,
    caption: [
      `${y.better === "lower" ? "Lower" : "Upper"} ${x.better === "lower" ? "left" : "right"} is better. Means with 95 % intervals.`,
      ...marginWords(),
      ...absentWords(),
    ].join(" "),
    width: 460,
    height: 380,
    option: (theme) => option(theme),
    rows: configurations.map((own) => ({
      configuration: own.id,
      label: own.label,
      standing: standingInWords(own.standing),
      ...Object.fromEntries(
        [x, y].flatMap((axis) => [
          [axis.key, value(own, axis)],
          [`${axis.key}_low`, end(own, axis, "low")],
          [`${axis.key}_high`, end(own, axis, "high")],
        ]),
      ),
    })),
  };

  function marginWords(): string[] {
    return configurations.some(isHalf) ? ["In the margin: the other objective has no usable value."] : [];
  }

  function absentWords(): string[] {
    const absent = configurations.filter((own) => value(own, x) === null && value(own, y) === null);
    return absent.length === 0
      ? []
      : [`Without either: ${absent.map((own) => `${own.id} (${standingInWords(own.standing)})`).join(", ")}.`];
  }

  function option(theme: Theme): EChartsOption {
    const numbers = (axis: ObjectiveAxis) =>
      configurations.flatMap((own) => [value(own, axis), end(own, axis, "low"), end(own, axis, "high")].filter((found) => found !== null));
    const axis = (own: ObjectiveAxis) => ({ type: axisType(numbers(own)), name: objectiveName(own), scale: true, ...axisParts(theme) });
    const colours: Record<Marked, string> = {
      front: theme.front,
      dominated: theme.dominated,
      invalid: theme.bad,
      infeasible: theme.bad,
      missing: theme.bad,
    };
    const pointsOf = (kind: Marked): ScatterSeriesOption => ({
      type: "scatter",
      id: kind,
      name: kind,
      symbol: symbols[kind],
      symbolSize: kind === "invalid" || kind === "infeasible" ? 11 : 10,
      itemStyle: isHollow(kind) ? { color: theme.paper, borderColor: colours[kind], borderWidth: 2 } : { color: colours[kind], opacity: 1 },
      emphasis: { scale: 1.6 },
      label: {
        show: true,
        position: [12, -9],
        formatter: ({ name }) => name,
        color: theme.ink,
        fontSize: 11,
        textBorderColor: theme.paper,
        textBorderWidth: 3,
      },
      labelLayout: { moveOverlap: "shiftY" },
      cursor: "pointer",
      z: 4,
      data: configurations
        .filter((own) => marked(own) === kind && isThere(own))
        .map((own) => ({ name: own.id, value: [value(own, x) as number, value(own, y) as number] })),
    });
    const kneeOf = (name: string, id: string | undefined, symbol: string, size: number): ScatterSeriesOption => ({
      type: "scatter",
      id: name,
      name,
      symbol,
      symbolSize: size,
      silent: true,
      itemStyle: { color: "transparent", borderColor: theme.knee, borderWidth: 2, opacity: 1 },
      data: configurations
        .filter((own) => own.id === id && isThere(own))
        .map((own) => ({ name: own.id, value: [value(own, x) as number, value(own, y) as number] })),
    });
    const kinds = (["front", "dominated", "invalid", "infeasible", "missing"] as const).filter((kind) =>
      configurations.some((own) => marked(own) === kind && isThere(own)),
    );
    const halves = configurations.filter(isHalf);
    const byId = new Map(configurations.map((own) => [own.id, own]));
    return {
      ...base(theme, `${x.name} against ${y.name}, one point for each of ${configurations.filter(isThere).length} configurations`),
      grid: { left: 66, right: 34, top: 72, bottom: 44 },
      legend: {
        ...legendParts(theme),
        top: 0,
        left: 0,
        type: "plain",
        itemWidth: 12,
        itemHeight: 12,
        textStyle: { color: theme.ink, fontSize: 11 },
      },
      xAxis: { ...axis(x), nameLocation: "middle", nameGap: 26 },
      yAxis: { ...axis(y), nameLocation: "middle", nameGap: 48 },
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const own = byId.get((Array.isArray(given) ? given[0] : given)?.name ?? "");
          return own === undefined ? "" : tooltip(own, section.objectives);
        },
      },
      series: [
        {
          type: "custom",
          id: "intervals",
          silent: true,
          z: 2,
          renderItem: whiskers(theme),
          encode: { x: [0, 1, 2], y: [3, 4, 5] },
          data: configurations.filter(isThere).map((own) => {
            const [a, b] = [value(own, x) as number, value(own, y) as number];
            return [a, end(own, x, "low") ?? a, end(own, x, "high") ?? a, b, end(own, y, "low") ?? b, end(own, y, "high") ?? b];
          }),
        },
        {
          type: "custom",
          id: "margin",
          z: 4,
          clip: false,
          renderItem: margin(theme, (i) => halves[i]),
          encode: { x: [0], y: [1] },
          data: halves.map((own) => ({ name: own.id, value: [value(own, x) ?? "-", value(own, y) ?? "-"] as (number | string)[] })),
        },
        ...kinds.map(pointsOf),
        kneeOf("knee by distance", section.front?.kneeByDistance, symbols.kneeByDistance, 22),
        kneeOf("knee by hyperplane", section.front?.kneeByHyperplane, symbols.kneeByHyperplane, 18),
      ],
    };
  }
}

/** Intervals in both directions, with caps. */
const whiskers =
  (theme: Theme): CustomSeriesRenderItem =>
  (_, api) => {
    const at = (x: number, y: number) => api.coord([api.value(x) as number, api.value(y) as number]) as [number, number];
    const [[left, middle], [right], [, bottom], [centre, top]] = [at(1, 3), at(2, 3), at(0, 4), at(0, 5)];
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: "line" as const,
      shape: { x1, y1, x2, y2 },
      style: { stroke: theme.muted, lineWidth: 1 },
    });
    return {
      type: "group",
      children: [
        line(left, middle, right, middle),
        line(centre, bottom, centre, top),
        ...[left, right].map((x) => line(x, middle - 3, x, middle + 3)),
        ...[bottom, top].map((y) => line(centre - 3, y, centre + 3, y)),
      ],
    };
  };

/** Beside the axis of the objective that it has: no value is made up for the other. */
const margin =
  (theme: Theme, at: (index: number) => Configuration | undefined): CustomSeriesRenderItem =>
  (params, api) => {
    const own = at(params.dataIndex);
    const box = params.coordSys as unknown as { readonly x: number; readonly y: number; readonly width: number };
    if (own === undefined) return null;
    const [x, y] = [api.value(0) as number, api.value(1) as number];
    const isLackingX = Number.isNaN(x);
    const [left, top] = isLackingX
      ? [box.x + box.width + 9, (api.coord([Number.NaN, y]) as number[])[1] ?? 0]
      : [(api.coord([x, Number.NaN]) as number[])[0] ?? 0, box.y - 9];
    const kind = marked(own);
    const path = kind === "missing" ? "M0,-8L8,7H-8Z" : symbols[kind].replace("path://", "");
    return {
      type: "group",
      x: left,
      y: top,
      children: [
        {
          type: "path",
          shape: { pathData: path, x: -5, y: -5, width: 10, height: 10 },
          style: kind === "missing" ? { fill: theme.paper, stroke: theme.bad, lineWidth: 2 } : { fill: theme.bad },
        },
        { type: "text", style: { text: own.id, x: 8, y: -12, fill: theme.ink, fontSize: 11 } },
      ],
    };
  };
