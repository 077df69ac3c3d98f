import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const packages = resolve("toolchain/packages");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-packages-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that stands in front of the machine's own. */
function standIn(name: string, script: string) {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

test("on a fresh machine, of whose packages dpkg-query has never heard, what is missing is installed, and what is named,", () => {
  const log = join(folder, "log");
  standIn("dpkg-query", 'echo "installed jq"; echo "dpkg-query: no packages found matching mmdebstrap" >&2; exit 1');
  standIn("apt-get", `echo "$@" >>${log}`);
  standIn("sudo", 'exec "$@"');

  const { status } = spawnSync(packages, ["chromium"], { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });

  expect(status).toBe(0);
  const installed = readFileSync(log, "utf8").trim().split("\n").at(-1)?.split(" ");
  expect(installed).toContain("install");
  expect(installed).toContain("mmdebstrap");
  expect(installed).toContain("chromium");
  expect(installed).not.toContain("jq");
});
