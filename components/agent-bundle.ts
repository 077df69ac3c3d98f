import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

/** The agent as one script, with the scheduler and the workloads that are asked for and no others. */
export interface AgentParts {
  /** Null: what runs workloads without a scheduler, and no more. */
  readonly scheduler: string | null;
  /** Kinds; where it is not given, all. */
  readonly workloads?: readonly string[];
  /** Further modules whose exports are to be in it. */
  readonly with?: readonly string[];
}

/** @param project the project's folder */
export async function agentBundle({ scheduler, workloads, with: more = [] }: AgentParts, project = "."): Promise<string> {
  const entry =
    scheduler === null
      ? ['export { runBare } from "./agent/bare.ts";']
      : [`import { adapter } from "./agent/schedulers/${scheduler}.ts";`, 'import { serve } from "./agent/main.ts";', "serve(adapter);"];
  const { outputFiles } = await build({
    stdin: {
      contents: [...entry, ...more.map((path) => `export * from "./${path}";`)].join("\n"),
      resolveDir: resolve(project),
      loader: "ts",
    },
    absWorkingDir: resolve(project),
    bundle: true,
    platform: "node",
    format: "esm",
    // Debian 12's.
    target: "node18",
    // Neither a comment nor a line's length is part of what it does.
    minifyWhitespace: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
    plugins: [
      onlyKinds("schedulers", scheduler === null ? [] : [scheduler]),
      ...(workloads === undefined ? [] : [onlyKinds("workloads", workloads)]),
    ],
  });
  return outputFiles[0]?.text ?? "";
}

/** `model/<folder>/all.ts` with the lines of these kinds only. */
const onlyKinds = (folder: "schedulers" | "workloads", kinds: readonly string[]): Plugin => ({
  name: `only ${kinds.join(", ")}`,
  setup(bundling) {
    bundling.onLoad({ filter: new RegExp(`/model/${folder}/all\\.ts$`) }, () => ({
      contents: [...new Set(kinds)]
        .sort()
        .map((kind) => `export { ${kind} } from "./${kind}.ts";`)
        .join("\n"),
      loader: "ts",
    }));
  },
});
