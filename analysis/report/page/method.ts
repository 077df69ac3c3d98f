import { otherLoadLimit } from "../../../model/host-load.ts";
import { directionInWords, symbolsOf } from "../../objective-words.ts";
import type { ObjectiveAxis, Section } from "../analysis.ts";
import { type Html, html } from "./html.ts";

/** How the numbers were made, and what they do not say. */
export function method(sections: readonly Section[]): Html {
  const objectives = [...new Map(sections.flatMap((section) => section.objectives.map((axis) => [axis.key, axis] as const))).values()];
  return html`<section id="method"><h2>Method and caveats</h2>
<ul>
<li>A configuration is a tuple without its seeds. Its trials are runs of the same jobs with other seeds; the same seeds go to every configuration.</li>
<li>Results of different fidelity, start of the machines, scale (machines and network) or workload suite are never compared. Each such group has a section and a front of its own. An objective that rests on different things within a section (nodes or cores, the last end or clean, starts told by the jobs or by the scheduler, γ as a slope between two bursts or of one) is dropped there; where that leaves none, each has a section.</li>
<li>${named(objectives)}</li>
<li>Every comparison of a section uses the seeds that all of its ranked configurations have; repetitions of a seed are averaged first. Means of ${of(objectives, "log10", "no objective")} are geometric, for their ratios matter; those of ${of(objectives, "linear", "no objective")} are plain. Intervals are Student's, 95 %, over runs, never over jobs, for jobs of one run share a queue. There is none below three seeds.</li>
<li>Coverage is what it says for normal data, on the logarithm where a mean is geometric. Means of strongly skewed fractions are covered worse: 83 to 90 % for exponential or very skewed data.</li>
<li>A configuration dominates another where it is nowhere worse and somewhere better. It is claimed from five seeds on, where a one-sided test of every objective says so, all pairs of the section together at 5 %.</li>
<li>How sure it is that a configuration is on the front, or a knee: 2,000 draws of what the true means may be, given so many seeds.</li>
<li>Usable, usable with reservations, or not usable for an objective: what the warnings of at least one, or for the last of half, of a configuration's trials say of it. A saturated stream has no α. A trial in which other work took more than ${100 * otherLoadLimit} % of the hypervisor's cores is left out as an invalid one is. An objective that no trial measured usably is dropped.</li>
<li>A lower bound (≥) counts as the worst value of its objective: it wins nothing. Whether a configuration is on the front is not said (–) where that depends on how far true values lie above bounds.</li>
<li>Rank 0 is the front. A configuration of rank 1 is dominated by the front only, and so on.</li>
<li>Hypervolume, ε and knees are in normalised units: 0 is the front's best value, 1 its worst; by logarithm where a mean is geometric. The reference point is 1.1 in every objective. ε is the distance to the front, 0 on it. Anchors come from this front unless they were given with <code>--anchors</code>; compare hypervolumes only where the printed anchors agree.</li>
<li>There are two knees: the point nearest to the ideal, and the point farthest from the plane through the extreme points. A knee is a hint where a small gain costs much; it is no winner.</li>
<li><b>Invalid</b>: it was measured, but its own checks say that the numbers must not be used. <b>Infeasible</b>: it was refused, or it is beyond a limit that was set for this report. <b>Missing</b>: nothing is wrong, but an objective was not measured. None of them competes, and none hides the front.</li>
<li>Effects of parameters compare trials that differ in one parameter alone; the intervals of all cells hold together at 95 %. What parameters do together is not shown.</li>
<li>With fewer than ten seeds differences are hints. Intervals do not cover what all trials share: the machine, the versions, the workload.</li>
<li>On emulated processors, times are the host's as much as the scheduler's. Compare such configurations with each other only.</li>
</ul></section>`;
}

/** What each is, and in which direction. */
const named = (objectives: readonly ObjectiveAxis[]): string =>
  objectives.length === 0
    ? "No objective was measured."
    : `Objectives are ${objectives.map(({ symbol, name }) => `${symbol}, ${name}`).join("; ")}: ${directionInWords(objectives)}.`;

const of = (objectives: readonly ObjectiveAxis[], scale: ObjectiveAxis["scale"], otherwise: string): string =>
  symbolsOf(objectives.filter((own) => own.scale === scale)) || otherwise;
