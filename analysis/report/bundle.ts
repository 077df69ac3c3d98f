import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** The page's program and the charting library as one script that loads nothing. */
export async function browserScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "browser", "main.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "inline",
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

export const pageStyle = (): string => readFileSync(join(__dirname, "page", "style.css"), "utf8");
