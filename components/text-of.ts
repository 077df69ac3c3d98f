import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";

/** A log shrinks to a fifth to a tenth of its size; deflate can do a thousandth, with what was made for it. */
const largestRatio = 100;
/** Bytes up to which no ratio is too large. */
const anyRatio = 32 << 20;

/**
 * The text of a regular file in pieces; a piece is never half a character. Whatever its name, a file that begins as gzip does is
 * decompressed, and UTF-16 is what its byte order mark says. Bytes that are no UTF-8 become U+FFFD.
 * @throws an error with a code: what the operating system or zlib says, or EFBIG where it unpacks to more than any log does
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const source = isGzip(path) ? createGunzip({ chunkSize: 1 << 20 }) : file;
  if (source !== file) file.on("error", (error) => source.destroy(error)).pipe(source as ReturnType<typeof createGunzip>);
  let decoder: TextDecoder | undefined;
  let bytes = 0;
  for await (const piece of source as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > Math.max(anyRatio, largestRatio * file.bytesRead))
      throw Object.assign(new Error(`it unpacks to over ${largestRatio} times its size, too much for a log`), { code: "EFBIG" });
    decoder ??= new TextDecoder(encodingOf(piece));
    yield decoder.decode(piece, { stream: true });
  }
  yield decoder?.decode() ?? "";
}

function isGzip(path: string): boolean {
  const start = Buffer.alloc(2);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** By its byte order mark; what PowerShell redirects to a file is UTF-16. */
function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}
