import type { Scale } from "./statistics/scale.ts";

/** Responsiveness and control-plane cost spread over decades: their ratios are what matters. */
export const scaleOfSymbol = (symbol: string): Scale => (symbol === "α" || symbol === "γ" ? "log10" : "linear");
