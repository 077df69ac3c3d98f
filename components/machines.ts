import type * as pulumi from "@pulumi/pulumi";
import type { HypervisorFacts } from "../model/capacity.ts";
import type { FailureAnswer } from "../model/failure.ts";
import type { Scheduler } from "../model/schedulers/index.ts";
import type { Hypervisor, Topology } from "../model/topology.ts";
import type { ImageFiles, TrialParts } from "../model/trial.ts";
import type { Connection } from "./connection.ts";
import type { ScriptFile } from "./script.ts";

/**
 * The interface to whatever machines run on. One folder implements it (components/libvirt/), and nothing outside of that folder knows
 * what it uses. Everything that a stack makes there bears the stack's name, by which it is found whatever Pulumi knows of it.
 */

/** Something that a stack has on a host: a machine, its network, what holds its disks. */
export interface Holding {
  readonly stack: string;
  /** For people. */
  readonly kind: string;
  readonly name: string;
}

/** Runs a script of components/: JSON in, JSON out. Rejects with what it wrote to standard error. */
export type Ask = <Reply extends object>(script: ScriptFile, input: object) => Promise<Reply>;

/** What can be asked of a host without Pulumi. */
export interface MachineHost {
  /** What the host has; the owner's machines, if they run already, do not count as taken. Changes nothing. */
  capacity(at: Pick<Hypervisor, "uri" | "imagesDirectory">, owner: string | null): Promise<HypervisorFacts | FailureAnswer>;
  /** What all stacks have there. Changes nothing. */
  inventory(uri: string): Promise<Holding[]>;
  /** Removes what these stacks have there, and returns it. */
  remove(uri: string, stacks: readonly string[]): Promise<Holding[]>;
  /** Whether a Pulumi resource of this type is a machine: if it fails, the machine did not boot. */
  isMachine(resourceType: string): boolean;
}

/** A stack's machines, booted. */
export interface Up {
  /** How to reach them; exists once all of them answer. A secret, for it holds the key. */
  readonly connection: pulumi.Output<Connection>;
  readonly domainType: pulumi.Output<TrialParts["domainType"]>;
}

export interface UpArgs {
  readonly topology: Topology;
  readonly image: pulumi.Input<ImageFiles>;
  /** Name that everything on the host is derived from. Default: the stack's. */
  readonly stack?: string;
  /** What has to be done before anything is made on the host. */
  readonly settled?: pulumi.Input<unknown>;
}

export interface SnapshotArgs {
  readonly topology: Topology;
  /** The stack whose machines these are. */
  readonly owner: string;
  readonly connection: pulumi.Input<Connection>;
}

export interface RestoredArgs extends SnapshotArgs {
  /** The stack that saved them. */
  readonly savedBy: string;
  /** Whether a scheduler runs on them: it would take nodes for lost if its clock leapt to today. */
  readonly isRunning: boolean;
}

export interface VirtualTimeArgs {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly image: pulumi.Input<ImageFiles>;
  /** Stack whose machines these are. */
  readonly owner: string;
}

/** How a request reaches the agent: the script that takes it there, and what that needs beside it. */
export interface Way {
  readonly script: ScriptFile;
  readonly input: object;
}

/** What the Pulumi program makes there. */
export interface Machines {
  /** Removes what a killed update of the stack has left and its state does not know. Not at preview, when nobody holds the stack's lock. */
  removeLeftovers(topology: Topology, stack: string): Promise<void>;
  /** Claims the stack's names, then makes and boots its machines. */
  up(name: string, args: UpArgs, opts?: pulumi.ComponentResourceOptions): Up;
  /** Machines of another stack, as they were when they were saved. */
  restored(name: string, args: RestoredArgs, opts?: pulumi.ComponentResourceOptions): Pick<Up, "connection">;
  /** Saves machines, disks and memory, under this stack's name; they are off afterwards. */
  snapshot(name: string, args: SnapshotArgs, opts?: pulumi.ComponentResourceOptions): Pick<Up, "connection">;
  /** To the agent on the head node, while what else the host does is measured. */
  toHead(topology: Topology, owner: string): Way;
  /** To the agent in a guest with a virtual clock. */
  toVirtualTime(name: string, args: VirtualTimeArgs, opts: pulumi.CustomResourceOptions): Way;
}
