import * as pulumi from "@pulumi/pulumi";
import type { ImageFile } from "../model/kernels/binary.ts";
import type { ImageFiles } from "../model/trial.ts";
import { script } from "./script.ts";

export interface ImageArgs {
  /** What makes the image, and nothing else: no size of the topology, no parameter. */
  readonly request: {
    readonly backend: string;
    readonly suite: string;
    readonly packages: readonly string[];
    readonly files: readonly ImageFile[];
  };
}

/** The nodes' root file system with its kernel, built once and found again by its content. */
export class Image extends pulumi.ComponentResource {
  readonly files: pulumi.Output<ImageFiles>;

  constructor(name: string, { request }: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Image", name, {}, opts);
    this.files = script<ImageFiles>(`${name}-build`, "build-image", { input: request }, { parent: this }).reply;
    this.registerOutputs({ files: this.files });
  }
}
