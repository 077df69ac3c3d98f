import type { z } from "zod";
import type { Problem } from "./problem.ts";
import type { Topology } from "./topology.ts";

/** What a scheduler counts when it places jobs: by it one knows what is free, and what fits. */
export interface Allocation {
  /** Whole nodes, each given to one job at a time; or cores, so that jobs share nodes. */
  readonly unit: "node" | "core";
  /** Whether memory is counted as well; a job that asks for none then has all of its nodes'. */
  readonly memory: boolean;
}

/** How a kind of scheduler makes nodes that only pretend, all of them on the head. */
export interface NodeEmulation {
  /** Memory in GiB that the head must have for so many nodes; an estimate until it is measured: docs/emulated-nodes.md. */
  headMemoryGiB(nodes: number): number;
  /** Whether a job's body runs, on the head, so that it writes its own clock; or is pretended, too, and only the scheduler knows its times. */
  readonly bodies: "run" | "pretended";
}

/** What one kind of scheduler tells the rest of the program about itself. */
export interface SchedulerKind<Schema extends z.ZodType = z.ZodType> {
  /** Its parameters, `kind` among them. */
  readonly parameters: Schema;
  /** What the Debian image needs for it, beside the base. */
  readonly debianPackages: readonly string[];
  /** Why a NixOS image cannot carry it; where it is not given and packages are needed, `nix/schedulers/<kind>.nix` brings them. */
  readonly notInNixpkgs?: string;
  /** What is wrong with these parameters on this topology; paths start at `scheduler`. */
  problems(parameters: z.output<Schema>, topology: Topology): Problem[];
  /** Variables of the Ansible role `scheduler_<kind>`, whose argument spec is the contract. */
  roleVariables(parameters: z.output<Schema>, topology: Topology): Record<string, unknown>;
  /** What it counts when it places a job of the suite, which names no partition. */
  allocation(parameters: z.output<Schema>): Allocation;
  /** How it makes emulated nodes, or why it does not. */
  readonly emulation: NodeEmulation | { readonly missing: string };
  /** The settings that the running scheduler must report, by its own names, once the role has run. */
  expectedConfiguration(parameters: z.output<Schema>, topology: Topology): Record<string, string>;
}
