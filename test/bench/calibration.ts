import { parseArgs } from "node:util";
import { columns } from "../../analysis/columns.ts";
import { coverage, falseClaims, gates } from "./calibration/inference.ts";
import { membership } from "./calibration/membership.ts";
import { lengths, saturations } from "./calibration/steadiness.ts";

/**
 * `npx tsx test/bench/calibration.ts --seed N [--json]`: whether intervals cover, tests find and do not find, and streams are judged as
 * docs/statistics.md says. Takes minutes; the seed is that of the random numbers.
 */
const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, json: { type: "boolean", default: false } } });
const seed = Number(values.seed);
if (!Number.isInteger(seed) || seed < 1) throw new Error(`--seed ${values.seed}: is not a whole number from 1`);

const checks = [coverage, gates, falseClaims, membership, saturations, lengths].flatMap((of) => of(seed));
console.log(
  values.json
    ? JSON.stringify(checks, null, 1)
    : columns(
        ["check", "cell", "value", "asked"],
        checks.map(({ check, cell, value, asked }) => [check, cell, String(Number(value.toPrecision(3))), asked ?? "—"]),
      ).join("\n"),
);
