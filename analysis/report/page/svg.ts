import { init } from "echarts";
import { printable } from "../../../model/printable.ts";
import type { Figure } from "../figures/figure.ts";
import { light } from "../figures/theme.ts";

/** The figure without a browser: on paper's colours, as a document of its own. */
export function svg(figure: Figure): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: figure.width, height: figure.height });
  try {
    chart.setOption(figure.option(light));
    return printable(chart.renderToSVGString(), Number.POSITIVE_INFINITY);
  } finally {
    chart.dispose();
  }
}
