import { agentBundle } from "./agent-bundle.ts";

/** Prints the agent for the scheduler that the first argument names. */
const [scheduler = ""] = process.argv.slice(2);
agentBundle({ scheduler }).then((script) => process.stdout.write(script));
