import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What a trial's result depends on, of the program's own files: the record names their digest. */
export const programSources = ["agent", "ansible", "components", "images", "model", "nix"] as const;

/** Files and links below `path`, or `path` itself, in a fixed order. */
function entries(path: string): string[] {
  if (!lstatSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => entries(join(path, entry)));
}

/** A link leads into the image, where its target will be: here its text is all there is of it. */
const content = (path: string) => (lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path));

/** sha256 over the names and contents of the program's own files: what depends on them runs again when they change. */
export function sourcesDigest(...paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(entries)) hash.update(`${path}\0`).update(content(path)).update("\0");
  return hash.digest("hex");
}
