import { Duplex } from "node:stream";
import type { Attached } from "../../../agent/process.ts";

/** Two ends of one connection: what is written to one is read from the other. */
export function socketPair(): [Duplex, Duplex] {
  const end = () =>
    new Duplex({
      read() {},
      write(chunk, _, done) {
        this.emit("to other", chunk);
        done();
      },
    });
  const [one, other] = [end(), end()];
  one.on("to other", (chunk) => other.push(chunk));
  other.on("to other", (chunk) => one.push(chunk));
  return [one, other];
}

/** A program that stands by on sockets, in this process; `end` ends it with these last words. */
export function standingBy(count: number, serve: (socket: Duplex) => void): { attached: Attached; end: (words: string) => void } {
  const pairs = Array.from({ length: count }, socketPair);
  for (const [, inside] of pairs) serve(inside);
  let finish = (_words: string) => {};
  const end = new Promise<Awaited<Attached["end"]>>((resolve) => {
    finish = (stderr) => {
      for (const socket of pairs.flat()) socket.destroy();
      resolve({ code: 1, stdout: Buffer.alloc(0), stderr, timedOut: false });
    };
  });
  return { attached: { sockets: pairs.map(([outside]) => outside), end }, end: finish };
}
