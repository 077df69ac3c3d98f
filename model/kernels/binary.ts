import * as z from "zod";
import { filePath } from "../file-path.ts";

/** A program that no package brings: the user names a build of it, and the image takes it. */
export const binary = z
  .strictObject({
    path: filePath.describe("The built program on the machine that runs Pulumi; relative to the project."),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("sha256 of the file, as sha256sum prints it."),
    debianPackages: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,99}$/))
      .max(100)
      .default([])
      .describe("Debian packages with the libraries that it is linked to, beside Open MPI's."),
  })
  .describe("A build of the program for the image's own Open MPI, and the file's sha256.");
export type Binary = z.output<typeof binary>;

/** A program that a workload runs and that Debian does not have: its name, and the user's build, if one is named. */
export interface OwnProgram {
  readonly name: string;
  readonly binary: Binary | undefined;
}

/** Where the image has it: two builds of one program are two files. */
export const installedPath = (name: string, { sha256 }: Binary): string => `/usr/local/lib/schedfront/${sha256.slice(0, 16)}/${name}`;

/** What a node executes: the user's build, or else the image's own program of that name. */
export const commandOf = ({ name, binary }: OwnProgram): string => (binary === undefined ? name : installedPath(name, binary));

/** A file that an image takes from the machine that builds it, as images/debian/build reads it. */
export interface ImageFile {
  readonly source: string;
  readonly sha256: string;
  readonly destination: string;
  /** Permissions, octal. */
  readonly mode: string;
}

export const imageFile = (name: string, binary: Binary): ImageFile => ({
  source: binary.path,
  sha256: binary.sha256,
  destination: installedPath(name, binary),
  mode: "0755",
});
