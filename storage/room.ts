import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A folder that takes no more, in words for the user, with what to do. */
export class NoRoom extends Error {}

/** By the operating system's code: why, and the first thing to do about it. */
const reasons: Record<string, readonly [why: string, fix: string]> = {
  ENOSPC: ["no space left on device", "free some room"],
  EDQUOT: ["disk quota exceeded", "free some room or raise the quota"],
  EROFS: ["read-only file system", "make it writable"],
  EACCES: ["permission denied", "make it writable"],
  EPERM: ["operation not permitted", "make it writable"],
  ENOTDIR: ["not a folder", "move that file away"],
  EEXIST: ["not a folder", "move that file away"],
  EIO: ["the disk does not answer as it should", "look at the disk"],
};

const sizes = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

function readableSize(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${step === 0 ? bytes : (bytes / 2 ** (10 * step)).toFixed(1)} ${sizes[step]}`;
}

function free(folder: string): string {
  let nearest = resolve(folder);
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const { bavail, bsize, ffree, files } = statfsSync(nearest);
  return files > 0 && ffree === 0 ? " (no inode free: too many files)" : ` (${readableSize(bavail * bsize)} free)`;
}

/**
 * What an error of writing to a folder says to the user; undefined where the folder is not what it is about.
 * @param what is written, as in "trials"
 * @param alternative how the folder is moved elsewhere, as in "name another with --output"
 */
export function noRoom(error: unknown, what: string, folder: string, alternative: string): NoRoom | undefined {
  const [why, fix] = reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? [];
  if (why === undefined) return undefined;
  const room = why === "not a folder" ? "" : free(folder);
  const todo = room.includes("inode") ? "remove some files" : fix;
  return new NoRoom(`${what}: ${folder}: ${why}${room}; ${todo}, or ${alternative}`, { cause: error });
}

/** Does what writes to a folder. @throws NoRoom where that takes no more */
export function writingTo<Result>(what: string, folder: string, alternative: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw noRoom(error, what, folder, alternative) ?? error;
  }
}

/** How the folder of all results is moved. */
export const moveResults = "replace it by a link to a folder on a larger disk";
