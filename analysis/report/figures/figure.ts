import type { EChartsOption } from "echarts";
import type { Theme } from "./theme.ts";

/** One figure: the same in the page, in its SVG file, and as numbers. */
export interface Figure {
  /** Unique within the report; part of file names. */
  readonly id: string;
  readonly title: string;
  /** What it shows and how to read it: plain text. */
  readonly caption: string;
  /** CSS pixels of the SVG file. */
  readonly width: number;
  readonly height: number;
  option(theme: Theme): EChartsOption;
  /** What is drawn, as a table. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}
