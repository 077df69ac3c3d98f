import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";

/** Links this machine's programs into a folder, for a PATH on which there are no others. */
export function linkPrograms(folder: string, ...programs: string[]): void {
  for (const program of programs) {
    const found = execFileSync("sh", ["-c", 'command -v "$0"', program], { encoding: "utf8" }).trim();
    symlinkSync(found, join(folder, program));
  }
}
