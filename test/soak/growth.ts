import type { EChartsOption } from "echarts";
import { linearRegression, median } from "simple-statistics";
import { axisParts, base } from "../../analysis/report/figures/chart-parts.ts";
import type { Figure } from "../../analysis/report/figures/figure.ts";
import type { Theme } from "../../analysis/report/figures/theme.ts";

/** What was there after a trial: its own seconds, then memory, open files and the like; units are in the names. */
export type Sample = Readonly<Record<(typeof quantities)[number][0], number>>;

/** What is counted, and its title in the figure. */
export const quantities = [
  ["trialSeconds", "a trial (s)"],
  ["sweepMiB", "memory of the sweep (MiB)"],
  ["sweepFiles", "open files of the sweep"],
  ["libvirtdMiB", "memory of libvirtd (MiB)"],
  ["libvirtdFiles", "open files of libvirtd"],
  ["processes", "processes on the host"],
  ["hypervisorFiles", "files of the hypervisor"],
  ["leases", "leases"],
  ["keyFolders", "folders with a key"],
  ["temporaryFiles", "temporary files"],
  ["workspaceFiles", "files of Pulumi's workspaces"],
  ["stateFiles", "files of Pulumi's state"],
  ["stateMiB", "Pulumi's state (MiB)"],
  ["listStacksSeconds", "pulumi stack ls (s)"],
] as const;

export interface Growth {
  readonly key: keyof Sample;
  readonly what: string;
  /** Medians of the first ten trials and of the last ten. */
  readonly first: number;
  readonly last: number;
  /** Slope of the least-squares line through all but the first, before which nothing is warm. */
  readonly perTrial: number;
}

export const growth = (samples: readonly Sample[]): Growth[] =>
  quantities.map(([key, what]) => {
    const values = samples.map((sample) => sample[key]);
    const line = linearRegression(values.slice(1).map((value, i) => [i, value]));
    return { key, what, first: median(values.slice(0, 10)), last: median(values.slice(-10)), perTrial: line.m };
  });

const across = 3;
const panel = { width: 300, height: 170 };

/** A small line for each quantity, over the trials. */
export function growthFigure(samples: readonly Sample[]): Figure {
  return {
    id: "growth",
    title: `What ${samples.length} trials in a row leave behind`,
    caption: "Each counted in the first seconds of the next trial.",
    width: across * panel.width,
    height: Math.ceil(quantities.length / across) * panel.height,
    option,
    rows: samples,
  };

  function option(theme: Theme): EChartsOption {
    const place = (i: number) => ({ left: (i % across) * panel.width, top: Math.floor(i / across) * panel.height });
    return {
      ...base(theme, `${quantities.length} quantities over ${samples.length} trials`),
      title: quantities.map(([, what], i) => ({
        text: what,
        left: place(i).left + 50,
        top: place(i).top + 8,
        textStyle: { color: theme.ink, fontSize: 12, fontWeight: "normal" as const },
      })),
      grid: quantities.map((_, i) => ({
        left: place(i).left + 55,
        top: place(i).top + 32,
        width: panel.width - 75,
        height: panel.height - 62,
      })),
      xAxis: quantities.map((_, i) => ({ type: "value" as const, gridIndex: i, min: 1, max: samples.length, ...axisParts(theme) })),
      // From nought: a growth is to look as large as it is.
      yAxis: quantities.map(([key], i) => ({
        type: "value" as const,
        gridIndex: i,
        min: 0,
        max: Math.max(1, ...samples.map((sample) => 1.1 * sample[key])),
        splitNumber: 3,
        ...axisParts(theme),
        axisLabel: { color: theme.muted, formatter: (value: number) => String(Number(value.toPrecision(3))), showMaxLabel: false },
      })),
      series: quantities.map(([key], i) => ({
        type: "line" as const,
        xAxisIndex: i,
        yAxisIndex: i,
        showSymbol: false,
        lineStyle: { color: theme.front, width: 1.5 },
        data: samples.map((sample, trial) => [trial + 1, sample[key]]),
      })),
    };
  }
}
