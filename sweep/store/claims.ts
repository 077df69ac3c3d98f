import { linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { jsonIn, readForeignFile } from "../../analysis/foreign-file.ts";
import { hypervisorUri } from "../../model/hypervisor-uri.ts";
import { InvalidInput } from "../../model/problem.ts";
import { stackName } from "../../model/stack-name.ts";
import { trialId } from "../../model/trial-file.ts";
import { moveResults, writingTo } from "../../storage/room.ts";
import { sweepName, sweepNameLength } from "../plan/sweep.ts";
import { stackOf } from "../plan/trials.ts";
import { isAlive, ownIdentity, processIdentity } from "./process-identity.ts";

/** Folders, stacks and machines are removed by what a claim says. */
const claim = z.strictObject({
  id: z.string().regex(trialId),
  sweep: z.string().regex(sweepName).max(sweepNameLength),
  stack: stackName,
  hypervisor: hypervisorUri,
  machine: z.string().regex(/^[^\p{C}]{1,255}$/u),
  started: z.iso.datetime(),
  ...processIdentity.shape,
});
export type Claim = z.output<typeof claim>;

/** The claim of an owner elsewhere, silent for longer, is left over. */
const silenceSeconds = 60;
const beatSeconds = 10;
/** Bytes. */
const largestClaim = 64 << 10;

/**
 * Who runs which trial: a file each, made before anything else of the trial is, and removed when nothing of it is left.
 * Its owner touches it, so that processes on other machines can tell one that works from one that was killed.
 */
export class Claims {
  constructor(private readonly folder: string) {}

  /**
   * Takes the trial, from an owner that is gone, too; the other's claim where a living one has it. Call `release` when
   * nothing of the trial is left.
   */
  take(trial: { readonly id: string; readonly sweep: string; readonly stack: string }, hypervisor: string): Held | Claim {
    const { id, sweep, stack } = trial;
    const mine: Claim = { id, sweep, stack, hypervisor, machine: hostname(), started: new Date().toISOString(), ...ownIdentity() };
    const file = join(this.folder, `${id}.json`);
    const whole = `${this.aside(id)}.new`;
    try {
      writingTo("claims", this.folder, moveResults, () => {
        mkdirSync(this.folder, { recursive: true });
        writeFileSync(whole, `${JSON.stringify(mine)}\n`);
      });
      while (!linked(whole, file)) {
        const other = readOrRefuse(file, id);
        if (other !== undefined && (isHeard(other, file) || !this.putAside(file, other))) return other;
      }
    } finally {
      rmSync(whole, { force: true });
    }
    const beat = setInterval(() => touch(file), beatSeconds * 1000).unref();
    return {
      release: () => {
        clearInterval(beat);
        rmSync(file, { force: true });
      },
    };
  }

  /** Claims of a sweep whose owner works, and those that were left over. */
  list(sweep: string): { readonly held: readonly Claim[]; readonly left: readonly Claim[] } {
    const claims = this.files().flatMap((file) => {
      const found = readOrRefuse(file, basename(file, ".json"));
      return found?.sweep === sweep ? [{ found, alive: isHeard(found, file) }] : [];
    });
    return {
      held: claims.flatMap(({ found, alive }) => (alive ? [found] : [])),
      left: claims.flatMap(({ found, alive }) => (alive ? [] : [found])),
    };
  }

  /** Removes a claim that was left over. */
  drop({ id }: Pick<Claim, "id">): void {
    rmSync(join(this.folder, `${id}.json`), { force: true });
  }

  /** Takes a dead owner's claim away, unless somebody else has just done so and put his own in its place. */
  private putAside(file: string, dead: Claim): boolean {
    const aside = `${this.aside(dead.id)}.old`;
    renameSync(file, aside);
    const same = isDeepStrictEqual(read(aside, dead.id), dead);
    if (!same) linked(aside, file);
    rmSync(aside);
    return same;
  }

  private aside(id: string): string {
    return join(this.folder, `.${id}.${hostname()}.${process.pid}`);
  }

  private files(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((file) => file.endsWith(".json") && trialId.test(file.slice(0, -".json".length)))
        .map((file) => join(this.folder, file));
    } catch {
      return [];
    }
  }
}

/** A trial that this process runs. */
export interface Held {
  release(): void;
}

export const isHeld = (taken: Held | Claim): taken is Held => "release" in taken;

/** Whether the owner works: by the kernel's word where that counts here, else by when it last touched its claim. */
function isHeard(owner: Claim, file: string): boolean {
  const alive = isAlive(owner);
  if (alive !== undefined) return alive;
  // The clock of whoever serves the folder is not this machine's, so both times are its own.
  const probe = join(file, "..", `.now.${process.pid}`);
  writeFileSync(probe, "");
  try {
    return statSync(probe).mtimeMs - statSync(file).mtimeMs < silenceSeconds * 1000;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** A link is there at once with its content, or another's is; on a network's file system, too. */
function linked(whole: string, file: string): boolean {
  try {
    linkSync(whole, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Somebody declared this claim left over and took it away; the trial's result is still worth having.
  }
}

/** Undefined where the file went away. One that is no claim may stand for a trial that runs: nothing goes on past it. */
function readOrRefuse(file: string, id: string): Claim | undefined {
  const found = read(file, id);
  if (found !== "unreadable") return found;
  const message = "is not a claim that a sweep wrote: remove it, unless another version of this program runs that trial";
  throw new InvalidInput("claim", [{ path: [file], message }]);
}

/** Undefined where the file went away; a claim names its own trial and that trial's stack, and no others. */
function read(file: string, id: string): Claim | "unreadable" | undefined {
  try {
    const read = claim.parse(jsonIn(readForeignFile(file, { mostBytes: largestClaim })));
    return read.id === id && read.stack === stackOf(read.sweep, id) ? read : "unreadable";
  } catch {
    return lstatSync(file, { throwIfNoEntry: false }) === undefined ? undefined : "unreadable";
  }
}
