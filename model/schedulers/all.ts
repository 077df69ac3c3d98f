/** Every scheduler that the program knows, one a line. The agent's bundle for one of them has only that line: components/agent-bundle.ts. */
export { flux } from "./flux.ts";
export { slurm } from "./slurm.ts";
export { volcano } from "./volcano.ts";
