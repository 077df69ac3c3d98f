import type { Duplex } from "node:stream";
import { type Account, type Attached, attach, endOf } from "../../process.ts";
import { wholeLines } from "../../whole-lines.ts";
import { bridgeProgram } from "./bridge-program.ts";
import type { JournalEntry } from "./journal.ts";

const python = (since: number) => attach("flux", ["python", "-c", bridgeProgram, String(since)], 1);

interface Submission {
  readonly taken: (id: string) => void;
  readonly failed: (error: Error) => void;
}

type Message =
  | { readonly ready: true }
  | { readonly key: number; readonly id: string }
  | { readonly key: number; readonly refused: string }
  | { readonly event: JournalEntry };

/** The agent's end of the program that submits jobs to Flux and follows its journal. */
export class Bridge {
  readonly #submissions = new Map<number, Submission>();
  #keys = 0;
  #ended: Error | undefined;
  #ready: Submission | undefined;

  private constructor(
    readonly socket: Duplex,
    readonly onEntry: (entry: JournalEntry) => void,
  ) {
    const whole = wholeLines();
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      for (const line of whole(text)) this.#read(JSON.parse(line) as Message);
    });
    // The program's end, which says why, follows.
    socket.on("error", () => {});
  }

  /**
   * Resolves once the journal is followed.
   * @param since entries of the journal up to this time, in seconds since the epoch, are left out
   * @param answerSeconds the longest that getting ready may take
   * @param program what answers on the socket
   */
  static async start(
    since: number,
    onEntry: (entry: JournalEntry) => void,
    answerSeconds: number,
    program: (since: number) => Attached = python,
  ): Promise<Bridge> {
    const attached = program(since);
    const [socket] = attached.sockets;
    if (socket === undefined) throw new Error("flux's bridge has no socket");
    const bridge = new Bridge(socket, onEntry);
    endOf(attached, "flux's bridge").then((error) => bridge.#end(error));
    await bridge.#within(answerSeconds, (ready) => {
      bridge.#ready = ready;
    });
    return bridge;
  }

  /** Flux's id of the job, once it is taken. Rejects with Flux's own words, or with ours if it has not answered in `answerSeconds`. */
  submit(account: Account, jobspec: object, answerSeconds: number): Promise<string> {
    const key = this.#keys++;
    return this.#within(answerSeconds, (submission) => {
      this.#submissions.set(key, submission);
      this.socket.write(`${JSON.stringify({ key, account, jobspec: JSON.stringify(jobspec) })}\n`);
    }).finally(() => this.#submissions.delete(key));
  }

  /** Lets the program end. */
  close() {
    this.socket.destroy();
  }

  #within(answerSeconds: number, begin: (submission: Submission) => void): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`flux has not answered within ${answerSeconds} s`)), answerSeconds * 1000);
      begin({
        taken: (id) => {
          clearTimeout(limit);
          resolve(id);
        },
        failed: (error) => {
          clearTimeout(limit);
          reject(error);
        },
      });
    });
  }

  #read(message: Message) {
    if ("ready" in message) this.#ready?.taken("");
    else if ("event" in message) this.onEntry(message.event);
    else if ("id" in message) this.#submissions.get(message.key)?.taken(message.id);
    else this.#submissions.get(message.key)?.failed(new Error(`flux: ${message.refused}`));
  }

  #end(error: Error) {
    this.#ended = error;
    this.#ready?.failed(error);
    for (const { failed } of this.#submissions.values()) failed(error);
  }
}
