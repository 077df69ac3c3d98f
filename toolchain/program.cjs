// Makes a Pulumi program of a TypeScript file: what Pulumi loads is index.cjs, plain JavaScript, which asks for index.ts here. esbuild
// bundles the project's own files in memory; `make lint` checks their types.
"use strict";

const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const { compileFunction } = require("node:vm");
const { build } = require("esbuild");
const { install } = require("source-map-support");

/** The file's export, a function, as Pulumi calls it: `module.exports = program(require.resolve("./index.ts"))`. */
module.exports = (file) => {
  const bundling = bundle(file);
  // Another process bundles; meanwhile the SDK is loaded, which takes longer.
  bundling.catch(() => {});
  require("@pulumi/pulumi");
  return async () => {
    const { script, map } = await bundling;
    // Errors, and the resources in Pulumi's state, name places in the TypeScript.
    install({ environment: "node", retrieveSourceMap: (source) => (source === file ? { url: file, map } : null) });
    const program = { exports: {} };
    compileFunction(script, ["module", "exports", "require"], { filename: file })(program, program.exports, createRequire(file));
    return typeof program.exports === "function" ? program.exports() : program.exports;
  };
};

async function bundle(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    sourcemap: "external",
    sourcesContent: false,
    outdir: dirname(file),
    write: false,
    logLevel: "silent",
  });
  const [map, script] = outputFiles.map(({ text }) => text);
  return { map, script };
}
