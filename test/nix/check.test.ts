import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { check, hasNix, withoutNix } from "./evaluation.ts";

let folder: string;
beforeEach((context) => {
  context.skip(!hasNix, withoutNix);
  folder = join(mkdtempSync(join(tmpdir(), "schedfront-nix-")), "nix");
  cpSync("nix", folder, { recursive: true });
});

function replace(file: string, from: string, to: string) {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

test("nix/ as it stands has no fault", () => {
  expect(check(folder, "parse", "lock", "modules")).toEqual({ status: 0, stderr: "" });
});

describe("modules", () => {
  const faults = [
    ["a misspelt option of nixpkgs", "schedulers/slurm.nix", "etcSlurm =", "etcSlrum =", "the option `services.slurm.etcSlrum' does not exist"],
    ["a misspelt option under a condition", "hardware/nvidia.nix", "nvidiaSettings =", "nvidiaSetings =", "the option `hardware.nvidia.nvidiaSetings' does not exist"],
    ["a misspelt option of a unit", "schedulers/slurm.nix", "wantedBy = lib.mkForce", "wanted = lib.mkForce", "wanted' does not exist"],
    ["a misspelt option of the project", "hardware/network.nix", "config.schedfront.network", "config.schedfront.netwrok", "attribute 'netwrok' missing"],
    ["a value of the wrong type", "node.nix", "PasswordAuthentication = false", 'PasswordAuthentication = "no"', "is not of type `null or boolean'"],
    ["a package that nixpkgs does not have", "workloads/ior.nix", '"ior" { }', '"iro" { }', "attribute 'iro' missing"],
    ["a file that is no module", "agent.nix", "  config = {", "  configuration = {", "the option `configuration' does not exist"],
    ["an option without a description", "hardware/nvidia.nix", "    description =", "    example =", "the option `schedfront.nvidia.openKernelModule' has no type or no description"],
    ["a setting of the kernel given twice", "hardware/virtio.nix", '"quiet"', '"console=tty0"', "boot.kernelParams: libvirt's provider takes each setting once"],
  ] as const; // biome-ignore format: a table

  test.each(faults)("%s is found", (_, file, from, to, words) => {
    replace(file, from, to);
    const { status, stderr } = check(folder, "modules");
    expect(stderr).toContain(words);
    expect(stderr).toContain("nix: failed: modules");
    expect(status).toBe(1);
  });

  test("a new workload is found by its folder alone", () => {
    const hpcg = readFileSync(join(folder, "workloads/hpcg.nix"), "utf8");
    writeFileSync(
      join(folder, "workloads/hpcgg.nix"),
      hpcg.replaceAll('"hpcg"', '"hpcgg"').replaceAll("schedfront.hpcg", "schedfront.hpcgg"),
    );
    expect(check(folder, "modules").stderr).toContain("attribute 'hpcgg' missing");
  });
});

test("a syntax error and an unknown variable are found", () => {
  appendFileSync(join(folder, "agent.nix"), "}\n");
  replace("workloads/osu.nix", "pkgs.mpi", "pksg.mpi");
  const { status, stderr } = check(folder, "parse");
  expect(status).toBe(1);
  expect(stderr).toContain("syntax error");
  expect(stderr).toContain("undefined variable 'pksg'");
});

describe("lock", () => {
  const faults = [
    ["another branch", "flake.nix", "nixos-26.05", "nixos-26.11", "nixpkgs: flake.nix says github:NixOS/nixpkgs/nixos-26.11, flake.lock github:NixOS/nixpkgs/nixos-26.05"],
    ["an input that is not locked", "flake.nix", "    # What the image", '    other.url = "github:a/b/c";\n    # What the image', "flake.lock has no input other"],
    ["no hash", "flake.lock", '"narHash": "sha256-', '"narHash": "sha256', "nixpkgs: flake.lock has no revision with its hash"],
  ] as const; // biome-ignore format: a table

  test.each(faults)("%s is found", (_, file, from, to, words) => {
    replace(file, from, to);
    const { status, stderr } = check(folder, "lock");
    expect(stderr).toContain(words);
    expect(status).toBe(1);
  });
});
