import * as pulumi from "@pulumi/pulumi";
import { type Trial, type TrialParts, trial } from "../model/trial.ts";
import type { Tuple } from "../model/tuple.ts";
import packageJson from "../package.json";
import { script } from "./script.ts";
import { programDigest } from "./sources.ts";

export type RecordArgs = { readonly [Part in Exclude<keyof TrialParts, "program">]: pulumi.Input<TrialParts[Part]> } & {
  readonly tuple: Tuple;
  readonly results: string;
};

/** Where the record stands and what it holds. */
export interface RecordFile {
  readonly path: string;
  readonly sha256: string;
}

/** The trial's one JSON file, which outlives the stack. */
export class Record extends pulumi.ComponentResource {
  readonly trial: pulumi.Output<Trial>;
  readonly file: pulumi.Output<RecordFile>;

  constructor(name: string, { results, ...parts }: RecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Record", name, {}, opts);
    const program = { version: packageJson.version, sources: programDigest(parts.tuple) };
    const all = pulumi.output({ ...parts, program }) as unknown as pulumi.Output<TrialParts>;
    this.trial = all.apply(trial);
    const content = pulumi.all([all, this.trial]).apply(toContent);
    this.file = script<RecordFile>(`${name}-file`, "write-record", { input: { results, content } }, { parent: this }).reply;
    this.registerOutputs({ file: this.file });
  }
}

const toContent = ([{ tuple, runs }, yielded]: [TrialParts, Trial]) => ({ tuple, ...yielded, runs });
