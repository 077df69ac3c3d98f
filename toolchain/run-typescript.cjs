// Node.js takes this file before Pulumi's runner (nodeargs in Pulumi.yaml), and so runs the program's TypeScript. Every preview
// and every update does that anew, and Pulumi's own way takes more than half of a short one's time.
"use strict";

const Module = require("node:module");
const { buildSync } = require("esbuild");

const ofSdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

// What the SDK takes only to serialize functions or to run Pulumi itself, and zod's words in other languages, is loaded where it is
// used, which few programs do.
for (const [of, name] of [
  [ofSdk, "typescript"],
  [ofSdk, "@npmcli/arborist"],
  [ofSdk, "normalize-package-data"],
  [ofSdk, "./automation"],
  [require, "zod/v4/locales"],
]) {
  const file = of.resolve(name);
  const later = new Module(file);
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = of(name);
    }
    return loaded;
  };
  // As an ES module, whose parts nobody copies; the whole of a CommonJS module is its default.
  const part = (_, key) => (key === "__esModule" ? true : key === "default" ? load() : load()[key]);
  later.exports = new Proxy({}, { get: part });
  later.loaded = true;
  require.cache[file] = later;
}

// The SDK keeps the stack of each of its promises, hundreds, and shows them only where this is set.
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  const debuggable = ofSdk("./runtime/debuggable");
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (...args) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

// The program with all of its own files is one script, which takes some 70 ms. `make check` looks at the types.
const maps = new Map();
Module._extensions[".ts"] = (module, filename) => {
  const [map, script] = buildSync({
    entryPoints: [filename],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    sourcemap: "external",
    outdir: module.path,
    write: false,
    logLevel: "silent",
  }).outputFiles;
  maps.set(filename, map);
  module._compile(script.text, filename);
};
ofSdk("source-map-support").install({
  retrieveSourceMap: (file) => (maps.has(file) ? { url: file, map: maps.get(file).text } : null),
});
