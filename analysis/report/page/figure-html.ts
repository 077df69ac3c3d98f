import { printableJson } from "../../../model/printable.ts";
import type { Figure } from "../figures/figure.ts";
import { csv, download } from "./downloads.ts";
import { Html, html } from "./html.ts";
import { svg } from "./svg.ts";

/** A figure as people see it without scripts; the page's script puts the interactive one in its place. */
export const figureHtml = (figure: Figure): Html => withWidth(figure, null);

/** A figure that gains nothing from a wide page. */
export const narrowFigureHtml = (figure: Figure): Html => withWidth(figure, figure.width);

function withWidth(figure: Figure, maxWidth: number | null): Html {
  const drawn = svg(figure);
  return html`<figure id="${figure.id}">
<h4>${figure.title}</h4>
<div class="chart" data-figure="${figure.id}" style="${maxWidth !== null && `max-width:${maxWidth}px`}" data-width="${figure.width}" data-height="${figure.height}" tabindex="0" role="group" aria-label="${figure.title}">${new Html(drawn)}</div>
<p class="told" role="status" aria-live="polite"></p>
<figcaption>${figure.caption} <span class="downloads">Data: ${download(`${figure.id}.csv`, "text/csv", csv(figure.rows))} ${download(`${figure.id}.json`, "application/json", printableJson(figure.rows))} ${download(`${figure.id}.svg`, "image/svg+xml", drawn)}</span></figcaption>
</figure>`;
}
