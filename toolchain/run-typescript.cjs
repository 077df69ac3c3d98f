// Node.js takes this file before Pulumi's runner (nodeargs in Pulumi.yaml), and so runs the program's TypeScript. Every preview
// and every update does that anew, and Pulumi's own way takes more than half of a short one's time.
"use strict";

const Module = require("node:module");
const { resolve } = require("node:path");
const { MessageChannel, receiveMessageOnPort, Worker } = require("node:worker_threads");

// The program with all of its own files is one script. A worker makes it, from now on, while the SDK is loaded here.
// `make check` looks at the types.
const bundling = (file) => {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(`${__dirname}/bundle-typescript.cjs`, {
    workerData: { file, port: port2, done },
    transferList: [port2],
    execArgv: [],
  });
  worker.unref();
  return () => {
    Atomics.wait(done, 0, 0);
    const { message } = receiveMessageOnPort(port1);
    if (message.error) throw message.error;
    return message;
  };
};
let program;
try {
  // Pulumi's runner gets it last, and says itself where there is none.
  program = require.resolve(resolve(process.argv.at(-1)));
} catch {}
const bundled = program?.endsWith(".ts") && bundling(program);

const ofSdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

// What the SDK takes only to serialize functions, to trace, or to run Pulumi itself, and zod's words in other languages, is loaded
// where it is used, which few programs do.
for (const [of, name] of [
  [ofSdk, "typescript"],
  [ofSdk, "@npmcli/arborist"],
  [ofSdk, "normalize-package-data"],
  [ofSdk, "js-yaml"],
  [ofSdk, "@opentelemetry/exporter-zipkin"],
  [ofSdk, "@opentelemetry/instrumentation"],
  [ofSdk, "@opentelemetry/instrumentation-grpc"],
  [ofSdk, "@opentelemetry/resources"],
  [ofSdk, "@opentelemetry/sdk-trace-base"],
  [ofSdk, "@opentelemetry/sdk-trace-node"],
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

// So that it can serialize functions the SDK has a debugger hear of each script. It begins with that where one is serialized; all
// that is lost is the file's name in an error about a function that was there before.
ofSdk("./runtime/closure/v8Hooks").isInitializedAsync = async () => {};

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

const maps = new Map();
Module._extensions[".ts"] = (module, filename) => {
  const { script, map } = (filename === program ? bundled : bundling(filename))();
  maps.set(filename, new Module.SourceMap(map));
  module._compile(script, filename);
};

// Stacks say where in the TypeScript. Each resource takes one, which Pulumi keeps in the state. Pulumi's runner has its own way, which
// reads the map of each file of the SDK: what it takes for that is there already, and empty.
if (bundled) {
  const theirs = ofSdk.resolve("source-map-support/register");
  require.cache[theirs] = Object.assign(new Module(theirs), { loaded: true });
  Error.prepareStackTrace = (error, frames) => [error, ...frames.map((frame) => `at ${inTypeScript(frame)}`)].join("\n    ");
}

function inTypeScript(frame) {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  const { originalSource, originalLine, originalColumn } = maps.get(file)?.findEntry(line - 1, column - 1) ?? {};
  if (originalSource === undefined) return String(frame);
  const place = `${resolve(file, "..", originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  return String(frame).replace(`${file}:${line}:${column}`, () => place);
}
