import type * as z from "zod";
import type { Job } from "./job.ts";
import type { OwnProgram } from "./kernels/binary.ts";
import type { Problem } from "./problem.ts";
import type { Topology } from "./topology.ts";

/** One number by which a kernel is judged. */
export interface FigureOfMerit {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: "higher" | "lower";
}

/** What a kernel's output says: its figures, or why there are none. */
export type Figures =
  | {
      readonly valid: true;
      readonly figures: readonly FigureOfMerit[];
      /** On how many MPI ranks the program says that it ran, where it does. */
      readonly ranks?: number;
      /** Why its authors would not list the result, where they would not; it is good for a comparison all the same. */
      readonly unofficial?: string;
    }
  | { readonly valid: false; readonly reason: string };

/** How a run of the workload is to be read: which objective its jobs measure. */
export type Purpose =
  /** Jobs arrive over time: waiting (α) and idling (β) are measured. */
  | "stream"
  /** A backlog is there at the start: idling while it is worked off (β) is measured, and waiting means nothing. */
  | "fill"
  /** Jobs arrive all at once and do nothing: the scheduler's own cost (γ) is measured. */
  | "burst"
  /** One application: its delivered performance (δ) is measured against the same without a scheduler. */
  | "kernel";

/** A file of the user's: where it stands in the parameters, its path, and what its sha256 must be, if that was said. */
export interface NamedFile {
  readonly at: readonly PropertyKey[];
  readonly path: string;
  readonly sha256: string | undefined;
}

/** What a preview prints of a file. */
export interface Note {
  readonly level: "info" | "warn";
  readonly text: string;
}

type Text = AsyncIterable<string> | Iterable<string>;

/** For a kind that needs a file of the user's: which one, and what of it travels to the head node. */
export interface FileReader<Parameters> {
  file(parameters: Parameters): NamedFile;
  /** A second file, of what the first one has no place for; undefined where none is named. */
  beside?(parameters: Parameters): NamedFile | undefined;
  /**
   * Reads the files' text (decompressed, in pieces of any length) and gives what {@link WorkloadKind.jobs} needs of it, or
   * what is wrong with it; paths start at the workload itself.
   */
  excerpt(
    parameters: Parameters,
    topology: Topology,
    file: { readonly sha256: string; readonly text: Text; readonly beside?: Text | undefined },
  ): Promise<{ readonly text: string; readonly notes: readonly Note[] } | { readonly problems: readonly Problem[] }>;
  /** What becomes of jobs of the file that the scheduler never runs; refused where it does not say. */
  neverRun?(parameters: Parameters): "refuse" | "leave-out";
  /** The excerpt without the jobs of these ids. */
  without?(excerpt: string, ids: ReadonlySet<string>): string;
}

/** What one kind of workload tells the rest of the program about itself. */
export interface WorkloadKind<Schema extends z.ZodType = z.ZodType> {
  /** Its parameters, `kind`, `seed` and `repetitions` among them. */
  readonly parameters: Schema;
  readonly purpose: Purpose;
  /** What the Debian image needs for it, beside the base. */
  readonly debianPackages: readonly string[];
  /** Why a NixOS image cannot carry it; where it is not given and packages are needed, `nix/workloads/<kind>.nix` brings them. */
  readonly notInNixpkgs?: string;
  /** The program that these parameters run and no Debian package brings; null where there is none such. */
  ownProgram?(parameters: z.output<Schema>): OwnProgram | null;
  /** What is wrong with these parameters on this topology; paths start at the workload itself. */
  problems(parameters: z.output<Schema>, topology: Topology): Problem[];
  /** A file that it cannot do without. Read where Pulumi runs, at preview too; the head node sees the excerpt only. */
  readonly reads?: FileReader<z.output<Schema>>;
  /** How many seconds one second of a run stands for; where it does not say, one. */
  timeCompression?(parameters: z.output<Schema>): number;
  /**
   * The jobs of one run, in order of submission; the same for the same seed, whatever the scheduler.
   * @param excerpt of the file that it {@link reads}
   */
  jobs(parameters: z.output<Schema>, topology: Topology, seed: number, excerpt?: string): Job[];
  /** Reads a kernel's output. Pure; anything unreadable is a reason, never a zero. */
  figuresOfMerit(output: string): Figures;
}
