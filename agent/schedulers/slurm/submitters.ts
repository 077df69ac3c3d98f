import type { Duplex } from "node:stream";
import { type Attached, attach, endOf } from "../../process.ts";
import { submitterText } from "./submitter.ts";

/** What a job asks for, by the names of job_desc_msg_t's fields (slurm/slurm.h); a list's elements follow one another. */
export type JobDescription = Readonly<Record<string, string | number | readonly string[]>>;

const perl = (sockets: number) => attach("perl", ["-e", submitterText, "3", String(sockets)], sockets);

interface Question {
  readonly request: Buffer;
  readonly answered: (line: string) => void;
  readonly failed: (error: Error) => void;
  /** Whether nobody waits for the answer any more. */
  abandoned: boolean;
}

/** Hands jobs to slurmctld without a new process for each of them: some processes stand ready that have libslurm loaded. */
export class Submitters {
  readonly #idle: Duplex[] = [];
  readonly #asked = new Map<Duplex, Question>();
  #waiting: Question[] = [];
  #ended: Error | undefined;

  private constructor(attached: Attached) {
    for (const socket of attached.sockets) this.#attend(socket);
    endOf(attached, "slurm's submitter").then((error) => this.#end(error));
  }

  /**
   * @param count processes, which is how many submissions can be under way at once
   * @param answerSeconds the longest that getting ready may take
   * @param program what answers on so many sockets
   */
  static async start(count: number, answerSeconds: number, program: (sockets: number) => Attached = perl): Promise<Submitters> {
    const attached = program(count);
    const submitters = new Submitters(attached);
    const ready = attached.sockets.map((socket) =>
      submitters.#question(Buffer.alloc(0), answerSeconds, (question) => submitters.#asked.set(socket, question)),
    );
    await Promise.all(ready);
    return submitters;
  }

  /**
   * Slurm's number of the job, once slurmctld has taken it. Rejects with Slurm's own words if it does not, or with ours
   * if it has not answered in `answerSeconds`: it may still take the job then.
   */
  async submit(description: JobDescription, answerSeconds: number): Promise<number> {
    const line = await this.#question(requestOf(description), answerSeconds, (question) => {
      this.#waiting.push(question);
      this.#ask();
    });
    const [, verdict, words = ""] = /^(taken|refused) (.*)$/.exec(line) ?? [];
    if (verdict === "taken") return Number(words);
    throw new Error(verdict === "refused" ? `slurm: ${words}` : `slurm's submitter answered "${line}"`);
  }

  #question(request: Buffer, answerSeconds: number, begin: (question: Question) => void): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        question.abandoned = true;
        reject(new Error(`slurmctld has not answered within ${answerSeconds} s`));
      }, answerSeconds * 1000);
      const settle =
        <T>(use: (value: T) => void) =>
        (value: T) => {
          clearTimeout(limit);
          use(value);
        };
      const question: Question = { request, answered: settle(resolve), failed: settle(reject), abandoned: false };
      begin(question);
    });
  }

  #ask() {
    this.#waiting = this.#waiting.filter(({ abandoned }) => !abandoned);
    for (;;) {
      const socket = this.#idle.at(-1);
      const question = socket === undefined ? undefined : this.#waiting.shift();
      if (socket === undefined || question === undefined) return;
      this.#idle.pop();
      this.#asked.set(socket, question);
      socket.write(question.request);
    }
  }

  #attend(socket: Duplex) {
    let buffered = "";
    socket.on("data", (chunk: Buffer) => {
      buffered += chunk.toString("latin1");
      if (!buffered.endsWith("\n")) return;
      const line = Buffer.from(buffered, "latin1").toString("utf8").trimEnd();
      buffered = "";
      this.#asked.get(socket)?.answered(line);
      this.#asked.delete(socket);
      this.#idle.push(socket);
      this.#ask();
    });
    // The program's end, which says why, follows.
    socket.on("error", () => {});
  }

  #end(error: Error) {
    this.#ended = error;
    for (const { failed } of [...this.#asked.values(), ...this.#waiting]) failed(error);
    this.#asked.clear();
    this.#waiting = [];
    this.#idle.length = 0;
  }
}

/** A request as the program reads it: lengths of four bytes before the whole and before each name and value. */
function requestOf(description: JobDescription): Buffer {
  const strings = Object.entries(description).flatMap(([name, value]) =>
    (typeof value === "object" ? value : [value]).flatMap((element) => [name, String(element)]),
  );
  const lengths = strings.map((text) => Buffer.byteLength(text));
  const request = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 4));
  let at = request.writeUInt32BE(request.length - 4);
  strings.forEach((text, i) => {
    at = request.writeUInt32BE(lengths[i] ?? 0, at);
    at += request.write(text, at);
  });
  return request;
}
