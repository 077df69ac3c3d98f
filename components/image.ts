import * as pulumi from "@pulumi/pulumi";
import { type ImageBackend, imageRequest, lacks, programFoldersOf, requests } from "../model/image.ts";
import type { ImageFile } from "../model/kernels/binary.ts";
import { InvalidInput } from "../model/problem.ts";
import type { ImageFiles } from "../model/trial.ts";
import type { Tuple } from "../model/tuple.ts";
import { refusal } from "./refusal.ts";
import { lookUp, script } from "./script.ts";
import { sourcesDigest } from "./sources.ts";

/** A backend with the reason for it, in words. */
export interface BackendChoice {
  readonly backend: ImageBackend;
  readonly reason: string;
}

export interface ImageArgs {
  readonly tuple: Tuple;
  /** What `image.backend` is on this machine; for `auto` what the stack was first brought up with stays. */
  readonly choice: BackendChoice;
}

/** The nodes' root file system with its kernel, built once and found again by its content. */
export class Image extends pulumi.ComponentResource {
  readonly files: pulumi.Output<ImageFiles>;

  constructor(name: string, { tuple, choice }: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("schedfront:index:Image", name, {}, opts);
    const settled = isOpen(tuple) ? this.settled(`${name}-backend`, choice) : choice;
    const built = programFoldersOf(tuple).map((folder) => this.built(`${name}-${folder}`, folder));
    const request = pulumi.all([settled, built]).apply(requestOf(tuple));
    this.files = script<ImageFiles>(`${name}-build`, "scripts/build-image", { input: request }, { parent: this }).reply;
    this.registerOutputs({ files: this.files });
  }

  /** Programs of a folder of toolchain/, as files for the image. */
  private built(name: string, programs: string): pulumi.Output<ImageFile[]> {
    const input = { programs, sources: sourcesDigest([`toolchain/${programs}`]) };
    return script<ImageFile[]>(name, "scripts/build-programs", { input }, { parent: this }).reply;
  }

  /** The choice of the stack's first `up`: another one later, because a cache did not answer, would make every machine anew. */
  private settled(name: string, choice: BackendChoice): pulumi.Output<BackendChoice> {
    return script<BackendChoice>(name, "scripts/keep-choice", { input: choice }, { parent: this, ignoreChanges: ["stdin"] }).reply;
  }
}

const requestOf =
  (tuple: Tuple) =>
  ([{ backend }, built]: [BackendChoice, ImageFile[][]]) =>
    imageRequest(tuple, backend, built.flat());

/** Whether the machine, and not the tuple, decides. */
const isOpen = (tuple: Tuple) => tuple.image.backend === "auto" && lacks.nixos(tuple).length === 0;

/** What `image.backend` comes to here: Nix for `auto` where one with a binary cache is found. Looks, and changes nothing. */
export async function chooseBackend(tuple: Tuple): Promise<BackendChoice> {
  const { backend } = tuple.image;
  if (backend !== "auto") return { backend, reason: "as the tuple says" };
  const [lack] = lacks.nixos(tuple);
  if (lack !== undefined) return { backend: "debian", reason: lack.message };
  const { nix, reason } = await lookUp<{ nix: string | null; reason: string }>("scripts/probe-nix", {});
  if (nix !== null) return { backend: "nixos", reason };
  const missing = lacks.debian(tuple);
  if (missing.length > 0) throw refusal(new InvalidInput("tuple", missing).message);
  return { backend: "debian", reason };
}

/** Throws where the container image that the tuple's starts from can be neither found nor fetched. Looks, and changes nothing. */
export async function requireSource(tuple: Tuple): Promise<void> {
  if (tuple.image.source?.kind === "oci") await lookUp("scripts/probe-image", requests.debian(tuple));
}
