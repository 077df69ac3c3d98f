import { imageRequest } from "../../model/image.ts";
import { parseTuple } from "../../model/tuple.ts";

/** Prints what the benchmark's image is built from, as `build-image` takes it. */
const tuple = parseTuple({ topology: { compute: [{ count: 2 }] }, scheduler: { kind: "slurm" }, workloads: [{ kind: "burst" }] });
console.log(JSON.stringify(imageRequest(tuple, "debian")));
