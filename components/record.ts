import * as pulumi from "@pulumi/pulumi";
import type { RecordFile, TrialRecord } from "../model/record.ts";
import { type TrialParts, trial } from "../model/trial.ts";
import packageJson from "../package.json";
import { script } from "./script.ts";
import { programDigest } from "./sources.ts";

/** The parts of a trial as other stages hand them on, and where its record goes. */
export interface RecordArgs extends Pick<TrialParts, "tuple" | "hypervisor" | "start"> {
  readonly runs: pulumi.Output<TrialParts["runs"]>;
  readonly image: pulumi.Output<TrialParts["image"]>;
  readonly domainType: pulumi.Output<TrialParts["domainType"]>;
  readonly network: pulumi.Output<TrialParts["network"]>;
  readonly verified: pulumi.Output<TrialParts["verified"]>;
  /** Folder for the record. */
  readonly results: string;
}

/** The trial's one JSON file, which outlives the stack. */
export class Record extends pulumi.ComponentResource {
  readonly trial: pulumi.Output<TrialRecord>;
  readonly file: pulumi.Output<RecordFile>;

  constructor(name: string, { results, ...parts }: RecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Record", name, {}, opts);
    const program = { version: packageJson.version, sources: programDigest(parts.tuple) };
    this.trial = pulumi.output({ ...parts, program }).apply(toTrial);
    this.file = script<RecordFile>(
      `${name}-file`,
      "scripts/write-record",
      { input: { results, content: this.trial } },
      { parent: this },
    ).reply;
    this.registerOutputs({ file: this.file });
  }
}

const toTrial = (parts: TrialParts): TrialRecord => trial(parts);
