import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** The file that `pulumi --event-log` writes, a JSON object a line, read as it grows. */
export class EventLog {
  private readonly descriptor: number;
  private readonly decoder = new StringDecoder("utf8");
  private readonly buffer = Buffer.alloc(1 << 16);
  private rest = "";

  constructor(file: string) {
    this.descriptor = openSync(file, "r");
  }

  /** What was written since the last call, but for a line that has no end yet. */
  next(): EngineEvent[] {
    let text = this.rest;
    for (let read = this.read(); read > 0; read = this.read()) text += this.decoder.write(this.buffer.subarray(0, read));
    const lines = text.split("\n");
    this.rest = lines.pop() ?? "";
    return lines.filter(Boolean).map((line) => JSON.parse(line) as EngineEvent);
  }

  private read = () => readSync(this.descriptor, this.buffer, 0, this.buffer.length, null);

  close(): void {
    closeSync(this.descriptor);
  }
}
