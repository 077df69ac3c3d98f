/** Every workload that the program knows, one a line. The identity of a run has only its own: components/agent-bundle.ts. */
export { burst } from "./burst.ts";
export { fill } from "./fill.ts";
export { gromacs } from "./gromacs.ts";
export { hpcc } from "./hpcc.ts";
export { hpcg } from "./hpcg.ts";
export { hpl } from "./hpl.ts";
export { jobstream } from "./jobstream.ts";
export { lammps } from "./lammps.ts";
export { lublin } from "./lublin.ts";
export { osu } from "./osu.ts";
export { swf } from "./swf.ts";
