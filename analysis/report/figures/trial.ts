import type { CustomSeriesRenderItem, EChartsOption } from "echarts";
import type { JobRow, Section, TrialRun } from "../analysis.ts";
import { areShared, coresOfNodes, lanes } from "../lanes.ts";
import { busy, intervalsOf, queued } from "../occupancy.ts";
import { axisParts, base, legendParts } from "./chart-parts.ts";
import type { Figure } from "./figure.ts";
import type { Theme } from "./theme.ts";
import { digits, escaped } from "./words.ts";

/** A run to be drawn, with what it belongs to. */
export interface DrawnRun {
  readonly configuration: string;
  readonly seed: string;
  readonly status: string;
  readonly run: TrialRun;
  readonly jobs: readonly JobRow[];
}

/** Rows of the lower half, and bars in it: what a page can show. */
const [mostRows, mostBars] = [1000, 20_000];

/** Utilisation over time and what ran where. Of many nodes several share a row; of few, jobs share a row as they share the node. */
export function trialFigure({ id, nodeCount, groups }: Section, { configuration, seed, status, run, jobs }: DrawnRun): Figure {
  const perRow = Math.ceil(nodeCount / mostRows);
  const rowCount = Math.ceil(nodeCount / perRow);
  const row = Math.max(3, Math.min(22, 420 / rowCount));
  const gantt = row * rowCount;
  const last = jobs.reduce((most, { submit, end }) => Math.max(most, end ?? submit), 0);
  const cores = coresOfNodes(groups);
  const unit = areShared(jobs, cores) ? "cores" : "nodes";
  const most = unit === "cores" ? cores.reduce((sum, own) => sum + own, 0) : nodeCount;
  const all = unit === "cores" && perRow === 1 ? laneBars(jobs, cores) : rowBars(jobs, perRow);
  const bars = all.slice(0, mostBars);
  const shared = perRow > 1 ? ` A row is ${perRow} nodes.` : "";
  const cut = all.length > bars.length ? ` Of ${all.length} bars the first ${bars.length} are drawn.` : "";
  return {
    id: `${id}-trial-${run.id}`,
    title: `Configuration ${configuration}, seed ${seed}, ${status}: ${run.name}`,
    caption: `Top: ${unit} that run a job (filled), and ${unit} that waiting jobs ask for (dashed). Bottom: which job ran on which node${unit === "cores" && perRow === 1 ? ", as high as its share of the cores" : ""}; outlined: it did not complete. Ctrl and the wheel zoom, dragging moves.${shared}${cut}`,
    width: 940,
    height: 250 + gantt,
    option,
    rows: jobs.map(({ isCounted, ...job }) => ({ ...job, counted: String(isCounted) })),
  };

  function option(theme: Theme): EChartsOption {
    const xAxis = (gridIndex: number, name: string) => ({
      gridIndex,
      type: "value" as const,
      min: 0,
      max: Math.ceil(last),
      ...axisParts(theme),
      axisLabel: { ...axisParts(theme).axisLabel, show: name !== "" },
      name,
      nameLocation: "middle" as const,
      nameGap: 26,
    });
    const ended = <T>(steps: readonly (readonly [number, T])[]) => {
      const final = steps.at(-1);
      return final === undefined ? [] : [...steps, [last, final[1]] as const];
    };
    return {
      ...base(theme, `${jobs.length} jobs on ${nodeCount} nodes over ${digits(last)} seconds`),
      legend: { ...legendParts(theme), top: 0, left: 0, data: [`busy ${unit}`, `${unit} asked for by waiting jobs`] },
      grid: [
        { left: 66, right: 20, top: 34, height: 120 },
        { left: 66, right: 20, top: 176, height: gantt },
      ],
      xAxis: [xAxis(0, ""), xAxis(1, "seconds after the first submission")],
      yAxis: [
        { gridIndex: 0, type: "value", name: unit, nameLocation: "middle", nameGap: 40, min: 0, minInterval: 1, ...axisParts(theme) },
        {
          gridIndex: 1,
          type: "category",
          data: Array.from({ length: rowCount }, (_, i) => `${i * perRow + 1}`),
          inverse: true,
          name: "node",
          nameLocation: "middle",
          nameGap: 40,
          ...axisParts(theme),
          splitLine: { show: false },
        },
      ],
      dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl", xAxisIndex: [0, 1], filterMode: "none" }],
      tooltip: {
        ...base(theme, "").tooltip,
        formatter: (given) => {
          const { data } = (Array.isArray(given) ? given[0] : given) as { data?: { job?: JobRow } };
          return data?.job === undefined ? "" : jobInWords(data.job);
        },
      },
      series: [
        {
          type: "line",
          id: "busy",
          name: `busy ${unit}`,
          step: "end",
          symbol: "none",
          lineStyle: { color: theme.front, width: 1.5 },
          itemStyle: { color: theme.front },
          areaStyle: { color: theme.front, opacity: 0.35 },
          data: ended(busy(jobs, unit)).map((step) => [...step]),
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: true, formatter: `${most} ${unit}`, position: "insideEndTop", color: theme.muted },
            lineStyle: { color: theme.ink, type: "solid", width: 1 },
            data: [{ yAxis: most }],
          },
        },
        {
          type: "line",
          id: "queued",
          name: `${unit} asked for by waiting jobs`,
          step: "end",
          symbol: "none",
          lineStyle: { color: theme.knee, width: 1.5, type: "dashed" },
          itemStyle: { color: theme.knee },
          data: ended(queued(jobs, unit)).map((step) => [...step]),
        },
        {
          type: "custom",
          id: "gantt",
          xAxisIndex: 1,
          yAxisIndex: 1,
          clip: true,
          renderItem: bar(theme, (i) => bars[i]?.job),
          encode: { x: [0, 1], y: [2, 3] },
          data: bars.map(({ job, from, to, low, high }) => ({
            name: job.id,
            job,
            value: [job.start ?? 0, job.end ?? last, from, to, low, high],
          })),
        },
      ],
    };
  }
}

/** A bar over rows, and between which parts of them. */
interface Bar {
  readonly job: JobRow;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

const rowBars = (jobs: readonly JobRow[], perRow: number): Bar[] =>
  jobs.flatMap((job) =>
    job.start === null ? [] : rowsOf(intervalsOf(job.on), perRow).map(([from, to]) => ({ job, from, to, low: 0, high: 1 })),
  );

const laneBars = (jobs: readonly JobRow[], cores: readonly number[]): Bar[] =>
  [...lanes(jobs, cores)].flatMap(([job, own]) => own.map(({ node, from, to }) => ({ job, from: node, to: node, low: from, high: to })));

/** Nodes' intervals in rows of so many nodes; those that touch there are one. */
export function rowsOf(intervals: readonly (readonly [number, number])[], perRow: number): [number, number][] {
  const rows: [number, number][] = [];
  for (const [from, to] of intervals.toSorted(([a], [b]) => a - b)) {
    const [first, last] = [Math.floor(from / perRow), Math.floor(to / perRow)];
    const before = rows.at(-1);
    if (perRow > 1 && before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else rows.push([first, last]);
  }
  return rows;
}

function jobInWords({ id, submit, start, end, nodes, coresPerNode, on, state }: JobRow): string {
  const wait = start === null ? "never started" : `waited ${digits(start - submit)} s`;
  const ran = start === null || end === null ? [] : [`ran ${digits(end - start)} s`];
  const each = coresPerNode === null ? "" : ` with ${coresPerNode} cores of each`;
  return [id, `${nodes} nodes${each}: ${on || "none"}`, wait, ...ran, state].map(escaped).join("<br>");
}

const bar =
  (theme: Theme, jobAt: (index: number) => JobRow | undefined): CustomSeriesRenderItem =>
  ({ dataIndex }, api) => {
    const [x1 = 0, y1 = 0] = api.coord([api.value(0) as number, api.value(2) as number]);
    const [x2 = 0, y2 = 0] = api.coord([api.value(1) as number, api.value(3) as number]);
    const size = api.size?.([0, 1]) as number[] | undefined;
    const height = size?.[1] ?? 4;
    const [low, high] = [api.value(4) as number, api.value(5) as number];
    const top = y1 - height / 2 + low * height;
    const bottom = y2 - height / 2 + high * height;
    const completed = jobAt(dataIndex)?.state === "COMPLETED_SUCCESSFULLY";
    return {
      type: "rect",
      shape: { x: x1, y: top + 0.5, width: Math.max(1, x2 - x1), height: Math.max(1, bottom - top - 1) },
      style: {
        fill: dataIndex % 2 === 0 ? theme.front : theme.dominated,
        stroke: theme.paper,
        lineWidth: 0.5,
        ...(completed ? {} : { fill: theme.paper, stroke: theme.bad, lineWidth: 1.5, lineDash: [3, 2] }),
      },
    };
  };
