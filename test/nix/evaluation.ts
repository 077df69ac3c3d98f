import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Nix as `make check` uses it: evaluation on the stand-in for nixpkgs, in a store of the test's own. */

export const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;
export const withoutNix = "nix-instantiate is not here: toolchain/packages installs it (Debian package nix-bin)";
if (!hasNix) console.warn(`skipped: ${withoutNix}`);

const cache = mkdtempSync(join(tmpdir(), "schedfront-nix-"));
const store = Object.fromEntries(["STORE", "STATE", "LOG"].map((name) => [`NIX_${name}_DIR`, join(cache, name.toLowerCase())]));
const environment = { ...process.env, ...store, NIX_REMOTE: "local", NIX_CONFIG: "build-users-group =", SCHEDFRONT_CACHE: cache };

/** Runs nix/test/check on a copy of nix/. */
export function check(folder: string, ...checks: string[]) {
  const { status, stderr } = spawnSync("nix/test/check", ["--folder", folder, ...checks], { encoding: "utf8", env: environment });
  return { status, stderr };
}

/** What the stand-in makes of a projection; see nix/test/stand-in/evaluate.nix. */
export interface Evaluated {
  readonly refused: readonly string[];
  readonly units: readonly string[];
  readonly folders: readonly string[];
  readonly links: readonly string[];
  readonly programs: readonly string[];
  readonly kernelParams: readonly string[];
}

/** The modules' answer to a projection, or Nix's own words. */
export function evaluate(projection: object): Evaluated | string {
  const json = `builtins.fromJSON ${JSON.stringify(JSON.stringify(projection))}`;
  const args = ["--eval", "--strict", "--json", "nix/test/stand-in/evaluate.nix", "--arg", "projection", json];
  const { status, stdout, stderr } = spawnSync("nix-instantiate", args, { encoding: "utf8", env: environment });
  return status === 0 ? JSON.parse(stdout) : stderr;
}
