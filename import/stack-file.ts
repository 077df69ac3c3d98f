import { Document, isMap, type Pair, type Scalar } from "yaml";

/** A stack's tuple, with what a reader is to know of each part. */
export interface StackText {
  readonly topology: object;
  readonly scheduler: object;
  readonly workloads: readonly object[];
}

/** Pulumi's keys for the parts, and the comment above each. */
export interface StackComments {
  readonly head: string;
  readonly topology: string;
  readonly scheduler: string;
  readonly workloads: string;
}

/** `Pulumi.<name>.yaml` for a tuple, as a person would write it. */
export function stackFile(tuple: StackText, comments: StackComments): string {
  const config = Object.fromEntries((["topology", "scheduler", "workloads"] as const).map((part) => [`schedfront:${part}`, tuple[part]]));
  const document = new Document({ config });
  document.commentBefore = commented(comments.head);
  const parts = document.get("config");
  if (!isMap(parts)) throw new Error("the document has no mapping");
  for (const { key } of parts.items as Pair<Scalar<string>, unknown>[]) {
    const part = key.value.slice("schedfront:".length) as keyof StackComments;
    key.commentBefore = commented(comments[part]);
  }
  return document.toString({ lineWidth: 120 });
}

/** One space between the sign and the text. */
const commented = (text: string) =>
  text
    .split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
