import type { Account, Attached, Options } from "../../../agent/process.ts";

/** What an adapter finds at the edge of the agent: programs, and processes that run. A stand puts its own in. */
export interface Boundary {
  run(file: string, args: readonly string[], options: Options): Promise<string>;
  attach?(file: string, args: readonly string[], sockets: number): Attached;
  commandLine?(daemon: string): string;
}

let current: Boundary | undefined;

export const setBoundary = (boundary: Boundary) => {
  current = boundary;
};

const boundary = () => {
  if (current === undefined) throw new Error("no stand has been started");
  return current;
};

const uids = { bench: 1000, u1: 2001 };

/** In place of agent/process.ts's own. */
export const processes = {
  run: async (file: string, args: readonly string[], options: Options) => Buffer.from(await boundary().run(file, args, options)),
  attach: (file: string, args: readonly string[], sockets: number): Attached => {
    const { attach } = boundary();
    if (attach === undefined) throw new Error(`nobody expected ${file} to be attached to`);
    return attach(file, args, sockets);
  },
  account: (name: string): Account => ({ name, uid: uids[name as keyof typeof uids], gid: 1000, home: `/home/${name}` }),
};

export const userOf = (uid: number): string => Object.entries(uids).find(([, known]) => known === uid)?.[0] ?? `uid ${uid}`;

/** In place of agent/daemon-use.ts's own. */
export const commandLineOf = (daemon: string): string => boundary().commandLine?.(daemon) ?? "";
