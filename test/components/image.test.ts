import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chooseBackend } from "../../components/image.ts";
import { parseTuple } from "../../model/tuple.ts";
import { workloads } from "../../model/workloads/index.ts";
import { Project } from "../toolchain/project.ts";
import { difference, type Registration, runProgram, stackFile } from "./program.ts";

const small = stackFile("slurm-2node");
const withBackend = (backend: string) => ({ ...small, "schedfront:image": { backend } });
const found = { nix: "/nix/var/nix/profiles/default/bin/nix", reason: "nix 2.31.2 with the binary cache https://cache.nixos.org" };

/** A stack's configuration without Pulumi's namespace. */
const parts = (config: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^schedfront:/, ""), value]));

const requestOf = (registrations: readonly Registration[], name: string) =>
  JSON.parse(String(registrations.find((registration) => registration.name === name)?.inputs.stdin ?? "null"));
const provenance = (outputs: Record<string, unknown>) => (outputs.provenance as { image: object }).image;

test("backend nixos differs from debian by exactly these resources", async () => {
  const { registrations } = await runProgram("slurm-2node", withBackend("nixos"));
  const debian = await runProgram("slurm-2node", small);
  await expect(difference(registrations, debian.registrations)).toMatchFileSnapshot("snapshots/slurm-2node-nixos.txt");
});

test("with Volcano the programs of both kinds of image are the same files", async () => {
  const stack = { ...stackFile("volcano-2node"), "schedfront:image": { backend: "nixos" } };
  const { registrations } = await runProgram("volcano-2node", stack);
  const { files, ...request } = requestOf(registrations, "image-build");
  expect(request).toEqual({ backend: "nixos", roles: ["compute", "head"], scheduler: "volcano", workloads: ["hpl"], gpu: false });
  const debian = await runProgram("volcano-2node", stackFile("volcano-2node"));
  await expect(difference(registrations, debian.registrations)).toMatchFileSnapshot("snapshots/volcano-2node-nixos.txt");
  expect(files).toEqual(requestOf(debian.registrations, "image-build").files);
});

test("a result says which backend its image came from", async () => {
  expect(provenance((await runProgram("t", withBackend("nixos"))).outputs)).toMatchObject({ backend: "nixos" });
  expect(provenance((await runProgram("t", small)).outputs)).toMatchObject({ backend: "debian" });
});

test("only what the image holds goes to Nix: another parameter, size or seed builds nothing", async () => {
  const request = async (parts: object) =>
    requestOf((await runProgram("t", { ...withBackend("nixos"), ...parts })).registrations, "image-build");
  expect(await request({})).toEqual({ backend: "nixos", roles: ["compute", "head"], scheduler: "slurm", workloads: ["hpl"], gpu: false });
  expect(
    await request({
      "schedfront:scheduler": { kind: "slurm", SchedulerParameters: { bf_interval: 3 } },
      "schedfront:topology": { compute: [{ count: 3, cpus: 2 }] },
      "schedfront:workloads": [{ kind: "hpl", order: 128, seed: 7 }],
    }),
  ).toEqual(await request({}));
  expect(await request({ "schedfront:workloads": [{ kind: "burst" }] })).toMatchObject({ workloads: [] });
  const passed = { name: "gpu", count: 1, gpus: 1, gpuPciAddresses: ["0000:01:00.0"] };
  expect(await request({ "schedfront:topology": { compute: [{ count: 2 }, passed] } })).toMatchObject({ gpu: true });
});

describe("backend auto", () => {
  test("is Nix where one with a binary cache is, and the preview shows why", async () => {
    const { registrations, outputs } = await runProgram("t", withBackend("auto"), {}, found);
    expect(requestOf(registrations, "image-backend")).toEqual({ backend: "nixos", reason: found.reason });
    expect(requestOf(registrations, "image-build")).toMatchObject({ backend: "nixos" });
    expect(provenance(outputs)).toMatchObject({ backend: "nixos" });
  });

  test("is Debian where there is none", async () => {
    const { registrations } = await runProgram("t", withBackend("auto"));
    expect(requestOf(registrations, "image-backend")).toEqual({ backend: "debian", reason: "there is no nix on this machine" });
    expect(requestOf(registrations, "image-build")).toMatchObject({ backend: "debian", suite: "trixie" });
  });

  test("is Debian, without a look, where nixpkgs lacks a part of the tuple", async () => {
    Object.assign(workloads.hpl, { notInNixpkgs: "nixpkgs has no hpcc" });
    try {
      const choice = await chooseBackend(parseTuple({ ...parts(small), image: { backend: "auto" } }));
      expect(choice).toEqual({
        backend: "debian",
        reason: '"hpl" is on no NixOS image: nixpkgs has no hpcc',
      });
    } finally {
      Reflect.deleteProperty(workloads.hpl, "notInNixpkgs");
    }
  });

  describe("with the real engine", () => {
    let project: Project;
    beforeEach(() => {
      project = new Project();
      const scripts = join(project.directory, "components/scripts");
      mkdirSync(scripts, { recursive: true });
      copyFileSync("components/scripts/keep-choice", join(scripts, "keep-choice"));
      // In place of a build: what it was asked.
      project.write("components/scripts/build-image", "#!/bin/sh\necho built >>events\ncat\n");
      chmodSync(join(scripts, "build-image"), 0o755);
    });
    afterEach(() => project.remove());

    /** A program with nothing but the image, on a machine that makes this of `auto`. */
    const program = (backend: string, workloads: object[]) => {
      const contents = `
        import { Image } from "./components/image.ts";
        import { parseTuple } from "./model/tuple.ts";
        const tuple = parseTuple({ topology: { compute: [{ count: 1 }] }, scheduler: { kind: "slurm" },
          workloads: ${JSON.stringify(workloads)}, image: { backend: "auto" } });
        export const files = new Image("image", { tuple, choice: { backend: "${backend}", reason: "as found" } }).files;
      `;
      const { outputFiles } = buildSync({
        stdin: { contents, resolveDir: ".", loader: "ts" },
        bundle: true,
        packages: "external",
        platform: "node",
        format: "cjs",
        write: false,
      });
      return outputFiles[0]?.text ?? "";
    };

    test("stays what the stack was first brought up with, when the cache no longer answers", () => {
      project.up(program("nixos", [{ kind: "hpl" }]));
      project.up(program("debian", [{ kind: "hpl" }]));
      expect(project.outputs()).toMatchObject({ files: { backend: "nixos", workloads: ["hpl"] } });
      expect(project.events()).toEqual(["built"]);
      project.up(program("debian", [{ kind: "burst" }]));
      expect(project.outputs()).toMatchObject({ files: { backend: "nixos", workloads: [] } });
    });
  });
});
