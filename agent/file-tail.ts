import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { wholeLines } from "./whole-lines.ts";

/** Reads what is added to a file of lines from now on, whole lines only. */
export class FileTail {
  #offset: number;
  readonly #whole = wholeLines();

  constructor(readonly path: string) {
    this.#offset = this.#withFile((file) => fstatSync(file).size) ?? 0;
  }

  /** Lines since the last call. A file that has become shorter was replaced, and is read from its start. */
  lines(): string[] {
    const added = this.#withFile((file) => {
      const { size } = fstatSync(file);
      if (size < this.#offset) this.#offset = 0;
      const buffer = Buffer.alloc(size - this.#offset);
      const read = readSync(file, buffer, 0, buffer.length, this.#offset);
      this.#offset += read;
      return buffer.toString("utf8", 0, read);
    });
    return this.#whole(added ?? "");
  }

  /** Undefined where the file does not exist yet. */
  #withFile<T>(use: (file: number) => T): T | undefined {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}
