import type { Objective } from "../model/objectives.ts";
import type { Scale } from "./statistics/scale.ts";

/** The scale on which an objective is averaged and compared. */
export const scaleOf = ({ scale }: Pick<Objective, "scale">): Scale => (scale === "log" ? "log10" : "linear");
