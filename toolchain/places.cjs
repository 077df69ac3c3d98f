// Node.js takes this before Pulumi's runner (nodeargs in Pulumi.yaml). Places in packages stay as they are: to read the map of each of
// the SDK's files takes longer than the program, and util.inspect of Node.js 20.20 takes minutes over the paths that they give.
"use strict";

const unmapped = { version: 3, sources: [], names: [], mappings: "" };
require("source-map-support").install({
  environment: "node",
  retrieveSourceMap: (source) => (source.includes("/node_modules/") ? { url: source, map: unmapped } : null),
});
