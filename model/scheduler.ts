import type * as z from "zod";
import type { Job } from "./job.ts";
import type { Problem } from "./problem.ts";
import type { Topology } from "./topology.ts";

/** What a scheduler counts when it places jobs: by it one knows what is free, and what fits. */
export interface Allocation {
  /** Whole nodes, each given to one job at a time; or cores, so that jobs share nodes. */
  readonly unit: "node" | "core";
  /** Whether memory is counted as well; a job that asks for none then has all of its nodes', or, where it counts "as asked", none. */
  readonly memory: boolean | "as asked";
  /** What a job that asks for no memory has of each node instead of all, in MiB. */
  readonly defaultMemoryMiB?: { readonly perNode: number } | { readonly perCore: number };
}

/** What a configured scheduler would do with jobs. */
export interface Admission {
  /** Jobs that it keeps at once, and the parameter that says so. */
  readonly mostJobs?: { readonly count: number; readonly at: string };
  /** Why it refuses such a job or never starts it, with the parameter and what would do; null where it takes it. */
  refusal(job: Job): string | null;
}

/** How a kind of scheduler makes nodes that only pretend, all of them on the head. */
export interface NodeEmulation {
  /** Memory in GiB that the head must have for so many nodes, each of which runs one job. */
  headMemoryGiB(nodes: number): number;
  /** Whether a job's body runs, on the head, so that it writes its own clock; or is pretended, too, and only the scheduler knows its times. */
  readonly bodies: "run" | "pretended";
  /** Folder of `toolchain/` that makes what pretends, as {@link SchedulerKind.programs}. */
  readonly programs?: string;
}

/** How the scheduler that a role has set up starts in a guest with a virtual clock, which boots anew and which nothing reaches. */
export interface UnattendedStart<Parameters = never> {
  /** Files below `ansible/roles/`, each with its arguments, in the order in which the role runs them. */
  scripts(topology: Topology): readonly (readonly [file: string, ...words: string[]])[];
  /** Files on the head that hold random secrets: fixed contents take their place, for runs to be the same each time. */
  readonly secretFiles: readonly string[];
  /** Parameters that need what is not started there; paths start at `scheduler`. */
  problems(parameters: Parameters): Problem[];
}

/** How `components/scripts/generate-secret` makes a secret of the cluster's own, once a stack. What it makes is in the braces. */
export type SecretRecipe =
  /** That many random bytes: a string, in base64. */
  | { readonly bytes: number }
  /** Certificates (X.509, P-256) that a new authority signs, whose own key nobody keeps: `{ authority, <name>: { certificate, key } }`, PEM. */
  | { readonly certificates: Readonly<Record<string, CertificateRequest>> }
  /** Keys of CurveZMQ (https://rfc.zeromq.org/spec/26): `{ public, secret }`, in Z85. */
  | { readonly curve: "Z85" };

export interface CertificateRequest {
  /** As openssl reads it: `/O=system:nodes/CN=system:node:cn1`. */
  readonly subject: string;
  /** DNS names for which a server may show it. */
  readonly hosts: readonly string[];
}

/** A file of the scheduler's own configuration, as an administrator has it. */
export interface OwnFile {
  /** `slurm.conf`. */
  readonly name: string;
  /** Whether single lines of it can be pasted into a site's own file, or it is applied whole. */
  readonly paste: "lines" | "whole";
  /** What begins a comment in it. */
  readonly comment: "#";
  readonly lines: readonly string[];
}

/** What one kind of scheduler tells the rest of the program about itself. */
export interface SchedulerKind<Schema extends z.ZodType = z.ZodType> {
  /** Its parameters, `kind` among them. */
  readonly parameters: Schema;
  /** What the Debian image needs for it, beside the base. */
  readonly debianPackages: readonly string[];
  /** Why mmdebstrap cannot bring it, and what to name in `image.source`. */
  readonly notInDebian?: string;
  /**
   * Folder of `toolchain/` whose `build` makes the programs that no package brings, and answers with them as files for the
   * image, of either kind ({@link ImageFile}).
   */
  readonly programs?: string;
  /** Why a NixOS image cannot carry it; where it is not given and packages are needed, `nix/schedulers/<kind>.nix` brings them. */
  readonly notInNixpkgs?: string;
  /** What is wrong with these parameters on this topology; paths start at `scheduler`. */
  problems(parameters: z.output<Schema>, topology: Topology): Problem[];
  /** Variables of the Ansible role `scheduler_<kind>`, whose argument spec is the contract. */
  roleVariables(parameters: z.output<Schema>, topology: Topology): Record<string, unknown>;
  /** The files that hold these parameters, from the same functions as the role's variables. */
  ownFiles(parameters: z.output<Schema>, topology: Topology): OwnFile[];
  /** Variables of the role that are secrets, and how each is made. */
  secrets(topology: Topology): Readonly<Record<string, SecretRecipe>>;
  /** What it counts when it places a job of the suite, which names no partition. */
  allocation(parameters: z.output<Schema>): Allocation;
  /** The partition or queue that a job must name to run on a group's nodes; undefined where it need not name one. */
  queueOf?(parameters: z.output<Schema>, group: string): string | undefined;
  /** Most nodes of a job that only shows that they take jobs, if parameters limit that, or larger ones take longer than several. */
  mostNodesOfCanary?(parameters: z.output<Schema>): number;
  /** Which jobs of a suite it would refuse or never start, so configured. */
  admission?(parameters: z.output<Schema>, topology: Topology): Admission;
  /** How it makes emulated nodes, or why it does not. */
  readonly emulation: NodeEmulation | { readonly missing: string };
  /** How it starts where the clock is virtual, or why it does not yet. */
  readonly unattended: UnattendedStart<z.output<Schema>> | { readonly missing: string };
  /** The settings that the running scheduler must report, by its own names, once the role has run. */
  expectedConfiguration(parameters: z.output<Schema>, topology: Topology): Record<string, string>;
}
