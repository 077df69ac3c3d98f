import { type Html, html } from "./html.ts";

/** How the numbers were made, and what they do not say. */
export const method: Html = html`<section id="method"><h2>Method and caveats</h2>
<ul>
<li>A configuration is a tuple without its seeds. Its trials are runs of the same jobs with other seeds; the same seeds go to every configuration.</li>
<li>Results of different fidelity, scale (machines and network) or workload suite are never compared. Each such group has a section and a front of its own.</li>
<li>All objectives are minimised. α is the mean bounded slowdown, β the share of the machine that idles while fitting work waits, γ what the scheduler costs a job, δ what applications lose under it.</li>
<li>Means are over seeds; repetitions of a seed are averaged first. Intervals are 95 % BCa bootstrap intervals with 2,000 resamples of the seeds, never of the jobs, for jobs of one run share a queue.</li>
<li>A configuration dominates another where it is nowhere worse and somewhere better. Of resampled seeds, the share in which that holds is its probability; at 95 % or more it counts, below that the two are incomparable.</li>
<li>Rank 0 is the front. A configuration of rank 1 is dominated by the front only, and so on.</li>
<li>Hypervolume, ε and knees are in normalised units: 0 is the front's best value, 1 its worst; α and γ by logarithm. The reference point is 1.1 in every objective. Anchors come from this front, so compare hypervolumes only where the printed anchors agree.</li>
<li>There are two knees: the point nearest to the ideal, and the point farthest from the plane through the extreme points. A knee is a hint where a small gain costs much; it is no winner.</li>
<li><b>Invalid</b>: it was measured, but its own checks say that the numbers must not be used. <b>Infeasible</b>: it was refused, or it is beyond a limit that was set for this report. <b>Missing</b>: nothing is wrong, but an objective was not measured. None of them competes, and none hides the front.</li>
<li>Effects of parameters compare trials that differ in one parameter alone. What parameters do together is not shown.</li>
<li>With fewer than ten seeds differences are hints. Intervals do not cover what all trials share: the machine, the versions, the workload.</li>
<li>On emulated processors, times are the host's as much as the scheduler's. Compare such configurations with each other only.</li>
</ul></section>`;
