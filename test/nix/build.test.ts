import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

/** The builder with a program in Nix's place: what it is asked, and what is made of its answers. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schedfront-nixos-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "cache"));
  writeFileSync(join(folder, "cache/nix-cache-info"), "StoreDir: /nix/store\n");
});

interface Nix {
  readonly version?: string;
  readonly substituters?: string;
  /** What `nix build` prints before it fails; it succeeds where this is not given. */
  readonly error?: string;
}

function nix({ version = "2.31.2", substituters = `file://${folder}/cache`, error }: Nix = {}) {
  writeFileSync(join(folder, "error"), error ?? "");
  const script = `#!/usr/bin/env bash
    case "$*" in
      --version) echo "nix (Nix) ${version}" ;;
      *"config show substituters") echo "${substituters}" ;;
      *" build "*)
        printf '%s\\n' "$@" >>${folder}/arguments
        for argument; do case $argument in path:*/tuple) ls "\${argument#path:}" >${folder}/staged ;; esac; done
        echo "building '/nix/store/x-schedfront-image.drv'..." >&2
        if [[ -s ${folder}/error ]]; then cat ${folder}/error >&2; exit 1; fi
        while [[ $1 != --out-link ]]; do shift; done
        mkdir -p ${folder}/store
        touch ${folder}/store/disk.qcow2
        echo "slurm=26.05.1.1 7nnjrrx4aig1k41bmm23j7z2br49xx2m" >${folder}/store/manifest.txt
        echo '{"disk":"disk.qcow2","kernel":"vmlinuz","initrd":"initrd.img","manifest":"manifest.txt","commandLine":"init=/nix/store/x/init quiet"}' >${folder}/store/image.json
        ln -sfn ${folder}/store "$2" ;;
      *) exit 9 ;;
    esac
  `;
  writeFileSync(join(folder, "bin/nix"), script, { mode: 0o755 });
}

const request = { backend: "nixos", roles: ["compute", "head"], scheduler: "slurm", workloads: ["hpl"], gpu: false };

function build(input: object = request, environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync("components/scripts/build-image", {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, SCHEDFRONT_CACHE: join(folder, "schedfront"), ...environment },
  });
  return { status, stderr, reply: stdout === "" ? undefined : JSON.parse(stdout) };
}

const calls = () => readFileSync(join(folder, "arguments"), "utf8").match(/^build$/gm)?.length;

test("the reply is what the program knows an image by, and says that Nix built it", () => {
  nix();
  const { reply, stderr } = build();
  const directory = reply.disk.replace(/\/disk\.qcow2$/, "");
  expect(reply).toEqual({
    backend: "nixos",
    disk: `${directory}/disk.qcow2`,
    kernel: `${directory}/vmlinuz`,
    initrd: `${directory}/initrd.img`,
    commandLine: "init=/nix/store/x/init quiet",
    manifest: `${directory}/manifest.txt`,
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(readFileSync(reply.manifest, "utf8")).toMatch(/^slurm=26/);
  expect(stderr).toContain("building '/nix/store/x-schedfront-image.drv'...");
});

test("the projection is a pure input of the flake", () => {
  nix();
  build();
  const given = readFileSync(join(folder, "arguments"), "utf8").split("\n");
  const tuple = given[given.indexOf("tuple") + 1]?.replace(/^path:/, "") ?? "";
  expect(given[given.indexOf("tuple") - 1]).toBe("--override-input");
  expect(JSON.parse(readFileSync(join(tuple, "tuple.json"), "utf8"))).toEqual({
    roles: ["compute", "head"],
    scheduler: "slurm",
    workloads: ["hpl"],
    gpu: false,
  });
  expect(given).not.toContain("--impure");
});

describe("files", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const kubelet = (source: string) => ({ source, sha256: sha256("kubelet"), destination: "/usr/local/bin/kubelet", mode: "0755" });
  const given = (name = "kubelet") => {
    writeFileSync(join(folder, name), "kubelet");
    return { ...request, scheduler: "volcano", files: [kubelet(join(folder, name))] };
  };
  const tuple = () => /^path:(.*\/tuple)$/m.exec(readFileSync(join(folder, "arguments"), "utf8"))?.[1] ?? "";

  test("go to the flake under their sha256, and where they came from does not", () => {
    nix();
    expect(build(given()).status).toBe(0);
    expect(readFileSync(join(folder, "staged"), "utf8").split("\n")).toEqual([sha256("kubelet"), "tuple.json", ""]);
    expect(JSON.parse(readFileSync(join(tuple(), "tuple.json"), "utf8")).files).toEqual([
      { sha256: sha256("kubelet"), destination: "/usr/local/bin/kubelet", mode: "0755" },
    ]);
    // Half a gigabyte, of which Nix has a copy.
    expect(readdirSync(tuple())).toEqual(["tuple.json"]);
  });

  test("of the same content are the same image", () => {
    nix();
    const first = build(given()).reply;
    expect(build(given("moved")).reply).toEqual(first);
    expect(calls()).toBe(1);
  });

  test("are refused where they are others than was said, or not there", () => {
    nix();
    const changed = given();
    writeFileSync(join(folder, "kubelet"), "changed");
    const refused = build(changed);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain(`files: the sha256 of "${folder}/kubelet" is ${sha256("changed")}, not ${sha256("kubelet")}`);
    rmSync(join(folder, "kubelet"));
    expect(build(changed).stderr).toContain(`files: "${folder}/kubelet" is not a readable file`);
  });
});

test("the same image is built once, whatever the order of its parts; another is another", () => {
  nix();
  const first = build().reply;
  expect(build({ ...request, roles: ["head", "compute", "head"] }).reply).toEqual(first);
  expect(calls()).toBe(1);
  expect(build({ ...request, workloads: [] }).reply.disk).not.toBe(first.disk);
  expect(calls()).toBe(2);
});

test("an image that the store no longer has is built again", () => {
  nix();
  build();
  rmSync(join(folder, "store"), { recursive: true });
  expect(build().status).toBe(0);
  expect(calls()).toBe(2);
});

test("an image that is there needs no Nix and no cache", () => {
  nix();
  const first = build().reply;
  nix({ version: "2.8.0", substituters: "" });
  expect(build().reply).toEqual(first);
});

test("another source of nixpkgs is another image", () => {
  nix();
  const first = build().reply;
  const other = build(request, { SCHEDFRONT_NIXPKGS: "git+https://mirror.example/nixpkgs" }).reply;
  expect(other.disk).not.toBe(first.disk);
  expect(readFileSync(join(folder, "arguments"), "utf8")).toContain("--override-input\nnixpkgs\ngit+https://mirror.example/nixpkgs\n");
});

/** As nix 2.26.3 prints it for a workload that is none, its trace cut short. */
const typeError = `error:
       … while evaluating the option \`system.build.toplevel':

       (stack trace truncated; use '--show-trace' to show the full, detailed trace)

       error: A definition for option \`schedfront.workloads."[definition 1-entry 1]"' is not of type \`one of "hpcg", "hpl"'. Definition values:
       - In \`tuple.json': "hpcc"
`;

test("a Nix error is Nix's own words with the option, without the trace", () => {
  nix({ error: typeError });
  const { status, stderr } = build();
  expect(status).not.toBe(0);
  expect(stderr).toContain('option `schedfront.workloads."[definition 1-entry 1]"\' is not of type `one of "hpcg", "hpl"\'');
  expect(stderr).toContain('- In `tuple.json\': "hpcc"');
  expect(stderr).not.toContain("system.build.toplevel");
  nix();
  expect(build().status).toBe(0);
});

describe("where Nix cannot build, it says why and what to do", () => {
  const advice = "set image.backend to debian or auto, install Nix";
  test.each<[string, Nix, string]>([
    ["too old", { version: "2.8.0" }, "bin/nix is version 2.8.0, nixpkgs and the lock file need 2.26"],
    ["no cache is set", { substituters: "" }, "nix 2.31.2 reaches no binary cache: none is set"],
    [
      "no cache answers",
      { substituters: "http://127.0.0.1:1 file:///nowhere" },
      "reaches no binary cache: http://127.0.0.1:1 file:///nowhere",
    ],
  ])("%s", (_, given, words) => {
    nix(given);
    const { status, stderr } = build();
    expect(status).not.toBe(0);
    expect(stderr).toContain(words);
    expect(stderr).toContain(advice);
    const { stdout } = spawnSync("images/nixos/probe", {
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
    });
    expect(JSON.parse(stdout)).toEqual({ nix: null, reason: expect.stringContaining(words) });
  });

  test("unless it is told to compile everything", () => {
    nix({ substituters: "" });
    expect(build(request, { SCHEDFRONT_NIX_FROM_SOURCE: "yes" }).status).toBe(0);
  });
});

test("a request that is no JSON is refused before anything runs", () => {
  nix();
  const { status, stderr } = spawnSync("images/nixos/build", {
    input: "{",
    encoding: "utf8",
    env: { ...process.env, SCHEDFRONT_CACHE: folder },
  });
  expect(status).not.toBe(0);
  expect(stderr).toContain("the request is not what images/nixos/build takes");
});
