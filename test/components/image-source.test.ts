import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseTuple } from "../../model/tuple.ts";
import { runProgram, stackFile } from "./program.ts";
import { linkPrograms } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "schedfront-source-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an archive that an image starts from", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(folder, "root-"));
    mkdirSync(join(root, "usr/lib"), { recursive: true });
    writeFileSync(join(root, "usr/lib/os-release"), 'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12"\n');
    symlinkSync("usr/lib", join(root, "lib"));
    symlinkSync("/usr/lib/os-release", join(root, "os-release"));
  });

  /** Looks at what tar makes of the root, with some of its options. */
  function looked(...options: string[]) {
    const archive = `${root}.tar`;
    execFileSync("tar", ["--create", "--file", archive, "--directory", root, ...(options.length > 0 ? options : ["."])], { stdio: "pipe" });
    const { status, stdout, stderr } = spawnSync("images/debian/check-archive", [archive], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : stderr.trim();
  }

  test("is one of a Debian system, whose release it names", () => {
    expect(looked()).toBe("bookworm");
  });

  test("may be compressed", () => {
    expect(looked("--xz", ".")).toBe("bookworm");
  });

  test.each([
    ["..", ["--transform=s,^./os-release$,../escaped,", "."], 'image.source: "../escaped" has .. in its name'],
    ["an absolute name", ["--absolute-names", "--transform=s,^./os-release$,/etc/escaped,", "."], '"/etc/escaped" is an absolute name'],
    [
      "a member behind a link",
      ["./lib", "--transform=s,^./usr,lib,", "./usr/lib/os-release"],
      '"lib/lib/os-release" lies behind the link "lib"',
    ],
  ])("is refused with %s", (_, options, words) => {
    expect(looked(...options)).toContain(words);
  });

  test.each([["../../etc"], ["usr/../../etc"]])("is refused with a link to %s", (target) => {
    symlinkSync(target, join(root, "way-out"));
    expect(looked()).toContain(`"way-out" leads out of the archive, to "${target}"`);
  });

  test("is refused with a device or a pipe, and says how to leave it out", () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(looked()).toBe('image.source: "pipe" is a device or a pipe: leave /dev out, with tar --exclude=./dev/*');
  });

  test("is refused where it is no root file system, or one of another system", () => {
    expect(looked("./lib")).toContain("there is no usr/lib/os-release in it");
    writeFileSync(join(root, "usr/lib/os-release"), 'ID=fedora\nPRETTY_NAME="Fedora Linux 42"\n');
    expect(looked()).toBe("image.source: it is a root file system of Fedora Linux 42, and has to be one of Debian");
  });

  test("is refused where it is no archive", () => {
    const { stderr } = spawnSync("images/debian/check-archive", ["package.json"], { encoding: "utf8" });
    expect(stderr).toContain("cannot be read as a tar archive");
  });
});

const oci = { kind: "oci", repository: "registry.example/flux-sched", digest: `sha256:${"0".repeat(64)}` };
const withSource = (source: object) => ({ ...stackFile("slurm-2node"), "schedfront:image": { source } });

test("preview refuses an archive that is not there, or is another", async () => {
  const archive = { kind: "archive", path: join(folder, "none.tar"), sha256: "0".repeat(64) };
  await expect(runProgram("t", withSource(archive))).rejects.toThrow(`image.source.path: "${archive.path}" is not a readable file`);
  const found = createHash("sha256").update(readFileSync("package.json")).digest("hex");
  const other = { ...archive, path: "package.json" };
  await expect(runProgram("t", withSource(other))).rejects.toThrow(
    `"${archive.sha256}" does not match package.json, whose sha256 is ${found}`,
  );
});

test("preview refuses a container image that cannot be fetched", async () => {
  const error = "image.source: registry.example/flux-sched cannot be fetched";
  await expect(runProgram("t", withSource(oci), {}, undefined, { error: { kind: "refused", message: error } })).rejects.toThrow(error);
});

test("a machine without the programs for container images says which it lacks, and what to name instead", () => {
  const bin = mkdtempSync(join(folder, "bin-"));
  linkPrograms(bin, "bash", "jq", "dirname", "realpath", "cat", "find", "sort", "xargs", "sha256sum", "cut", "env");
  const input = JSON.stringify({ packages: ["munge"], source: oci });
  const env = { PATH: bin, SCHEDFRONT_CACHE: folder, HOME: folder };
  const { stdout, stderr } = spawnSync("components/scripts/probe-image", { input, env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout).error.message).toBe(
    `image.source: ${oci.repository}@${oci.digest} cannot be fetched: skopeo is not installed (Debian package skopeo); ` +
      "name an archive of its root file system instead: image.source {kind: archive, path, sha256}",
  );
});

describe("a tuple", () => {
  const parts = { topology: { compute: [{ count: 1 }] }, scheduler: { kind: "slurm" }, workloads: [{ kind: "burst" }] };
  const parsed = (image: object) => () => parseTuple({ ...parts, image });

  test.each([
    [{ ...oci, digest: "bookworm" }, 'image.source.digest: "bookworm" does not match'],
    [{ ...oci, repository: "docker://x/y" }, 'image.source.repository: "docker://x/y" does not match'],
    [{ kind: "directory" }, 'image.source.kind: "directory" is not one of archive, oci'],
  ])("with the source %j is refused", (source, words) => {
    expect(parsed({ source })).toThrow(words);
  });

  test("has a source for Debian images only", () => {
    expect(parsed({ source: oci, backend: "nixos" })).toThrow("image.source");
    expect(parsed({ source: oci })().image.source).toEqual(oci);
  });
});
