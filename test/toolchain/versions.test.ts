import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

/** What toolchain/versions pins. */
const pinned = Object.fromEntries(
  [...readFileSync("toolchain/versions", "utf8").matchAll(/^(\w+)=(.+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
);
const { dependencies, engines } = JSON.parse(readFileSync("package.json", "utf8"));
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const sdk = JSON.parse(readFileSync("sdks/libvirt/package.json", "utf8"));
const project = parse(readFileSync("Pulumi.yaml", "utf8"));

/** The version of a module in one of toolchain's go.mod files. */
const goModule = (folder: string, module: string) =>
  new RegExp(`^\\s*(?:require )?${module} v(\\S+)`, "m").exec(readFileSync(`toolchain/${folder}/go.mod`, "utf8"))?.[1];

const parts = (version: string) => version.split(".").map(Number);
/** Negative where the first is older. */
const compare = (a: string, b: string) =>
  parts(a)
    .map((part, i) => part - (parts(b)[i] ?? 0))
    .find((difference) => difference !== 0) ?? 0;

test("the engine, its Go SDK and its command are one version", () => {
  expect(goModule("pulumi", "github.com/pulumi/pulumi/pkg/v3")).toBe(pinned.PULUMI_VERSION);
  expect(goModule("pulumi", "github.com/pulumi/pulumi/sdk/v3")).toBe(pinned.PULUMI_VERSION);
});

test("the SDK of the program is what the lock has, and of the engine's major version and no newer", () => {
  const version = dependencies["@pulumi/pulumi"];
  expect(lock["node_modules/@pulumi/pulumi"].version).toBe(version);
  expect(parts(version)[0]).toBe(parts(pinned.PULUMI_VERSION ?? "")[0]);
  expect(compare(version, pinned.PULUMI_VERSION ?? "")).toBeLessThanOrEqual(0);
});

test("the SDK of the program supports the oldest Node.js that package.json allows", () => {
  const oldest = (engines.node as string).replace(">=", "");
  const least = (lock["node_modules/@pulumi/pulumi"].engines.node as string).replace(">=", "");
  expect(compare(least, oldest)).toBeLessThanOrEqual(0);
});

test("the command plugin is the version of its SDK", () => {
  expect(dependencies["@pulumi/command"]).toBe(pinned.COMMAND_PLUGIN_VERSION);
  expect(lock["node_modules/@pulumi/command"].version).toBe(pinned.COMMAND_PLUGIN_VERSION);
});

test("the bridge and the libvirt provider are those of Pulumi.yaml and of sdks/libvirt", () => {
  const { version, parameters } = project.packages.libvirt;
  expect({ version, parameters }).toEqual({
    version: pinned.TERRAFORM_PROVIDER_PLUGIN_VERSION,
    parameters: ["dmacvicar/libvirt", pinned.LIBVIRT_PROVIDER_VERSION],
  });
  expect(sdk.pulumi).toMatchObject({ version, parameterization: { version: pinned.LIBVIRT_PROVIDER_VERSION } });
  expect(sdk.version).toBe(pinned.LIBVIRT_PROVIDER_VERSION);
  expect(goModule("libvirt-provider", "github.com/dmacvicar/terraform-provider-libvirt")).toBe(pinned.LIBVIRT_PROVIDER_VERSION);
});
