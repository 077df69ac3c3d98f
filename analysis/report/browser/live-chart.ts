/// <reference lib="dom" />
import { BoxplotChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import type { Figure } from "../figures/figure.ts";
import type { Theme } from "../figures/theme.ts";

use([
  ...[BoxplotChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart],
  ...[AriaComponent, DataZoomInsideComponent, GridComponent, LegendComponent, MarkLineComponent],
  ...[ParallelComponent, TitleComponent, TooltipComponent, VisualMapContinuousComponent, LabelLayout, SVGRenderer],
]);

/** Where the keyboard may stand. */
interface Stop {
  readonly seriesIndex: number;
  readonly dataIndex: number;
  readonly name: string;
}

/** An interactive figure in the page, by pointer and by keyboard. */
export class LiveChart {
  readonly chart: ECharts;
  /** What Enter opens where the figure's marks are no configurations. */
  subject = "";
  private at = -1;

  constructor(
    private readonly place: HTMLElement,
    private figure: Figure,
    private theme: Theme,
    private readonly open: (name: string) => void,
  ) {
    place.replaceChildren();
    place.classList.add("live");
    place.style.height = `${figure.height}px`;
    this.chart = init(place, null, { renderer: "svg", ...this.size() });
    this.draw();
    this.chart.on("click", ({ name }) => this.open(name));
    place.addEventListener("keydown", (event) => this.onKey(event));
    place.addEventListener("blur", () => this.leave());
    new ResizeObserver(() => {
      const isOnPaper = place.querySelector("svg")?.hasAttribute("viewBox") ?? false;
      if (!isOnPaper) this.chart.resize(this.size());
    }).observe(place);
  }

  get id(): string {
    return this.figure.id;
  }

  /** As wide as the page. */
  show(theme: Theme): void {
    this.theme = theme;
    this.place.querySelector("svg")?.removeAttribute("viewBox");
    this.chart.resize(this.size());
    this.draw();
  }

  /** As wide as its file, in a form that style sheets can make smaller. */
  showOnPaper(theme: Theme): void {
    const { width, height } = this.figure;
    this.theme = theme;
    this.chart.resize({ width, height });
    this.draw();
    this.place.querySelector("svg")?.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  setFigure(figure: Figure): void {
    this.figure = figure;
    this.place.style.height = `${figure.height}px`;
    this.chart.resize(this.size());
    this.draw();
    const [title, caption] = [this.place.parentElement?.querySelector("h4"), this.place.parentElement?.querySelector(".downloads")];
    if (title) title.textContent = figure.title;
    caption?.replaceChildren("Data: ", ...this.downloads());
  }

  private size() {
    return { width: this.place.clientWidth || this.figure.width, height: this.figure.height };
  }

  private draw(): void {
    this.at = -1;
    this.chart.setOption(this.figure.option(this.theme), { notMerge: true });
    // The library calls it an image, but it can be walked through.
    const described = this.place.getAttribute("aria-label") ?? this.figure.title;
    this.place.setAttribute("role", "application");
    this.place.setAttribute("aria-label", `${described}. Arrow keys go from point to point, Enter opens where a point comes from.`);
  }

  private downloads(): HTMLAnchorElement[] {
    const { rows, id } = this.figure;
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const cell = (value: string | number | null | undefined) => {
      const text = String(value ?? "");
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const csv = `${[columns, ...rows.map((row) => columns.map((column) => row[column]))].map((cells) => cells.map(cell).join(",")).join("\n")}\n`;
    const link = (ending: string, type: string, content: string) => {
      const found = document.createElement("a");
      found.download = `${id}.${ending}`;
      found.href = `data:${type};charset=utf-8,${encodeURIComponent(content)}`;
      found.textContent = `${ending.toUpperCase()} `;
      return found;
    };
    return [
      link("csv", "text/csv", csv),
      link("json", "application/json", JSON.stringify(rows)),
      link("svg", "image/svg+xml", this.chart.renderToSVGString()),
    ];
  }

  /** Every named mark, in the order of the series. */
  private stops(): Stop[] {
    const series = (this.chart.getOption().series ?? []) as { silent?: boolean; data?: unknown[] }[];
    return series.flatMap(({ silent, data }, seriesIndex) =>
      silent || !Array.isArray(data)
        ? []
        : data.flatMap((item, dataIndex) => {
            const name = (item as { name?: unknown } | null)?.name;
            return typeof name === "string" ? [{ seriesIndex, dataIndex, name }] : [];
          }),
    );
  }

  private onKey(event: KeyboardEvent): void {
    const stops = this.stops();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") {
      const stop = stops[this.at];
      if (stop !== undefined) this.open(stop.name);
    } else if (step !== undefined && stops.length > 0) {
      event.preventDefault();
      this.light("downplay", stops[this.at]);
      this.at = this.at < 0 ? (step > 0 ? 0 : stops.length - 1) : (this.at + step + stops.length) % stops.length;
      this.light("highlight", stops[this.at]);
      this.light("showTip", stops[this.at]);
      this.tell();
    }
  }

  private light(type: string, stop: Stop | undefined): void {
    if (stop !== undefined) this.chart.dispatchAction({ type, seriesIndex: stop.seriesIndex, dataIndex: stop.dataIndex });
  }

  /** The tip's text for those who do not see it. */
  private tell(): void {
    const tip = [...this.place.children].find((child) => child instanceof HTMLDivElement && child.querySelector("svg") === null);
    const words = (tip as HTMLElement | undefined)?.innerText ?? "";
    const told = this.place.parentElement?.querySelector(".told");
    if (told) told.textContent = words.replaceAll("\n", "; ");
  }

  private leave(): void {
    this.light("downplay", this.stops()[this.at]);
    this.chart.dispatchAction({ type: "hideTip" });
    this.at = -1;
    const told = this.place.parentElement?.querySelector(".told");
    if (told) told.textContent = "";
  }
}
