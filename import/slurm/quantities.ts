const powers = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 } as const;

/**
 * Bytes of `4G`, `1024`, `1.5T`; null where the text is no amount.
 * @param unit of a number that has none
 */
export function bytesOf(text: string, unit: keyof typeof powers): number | null {
  const [, amount, letter = ""] = /^(\d{1,15}(?:\.\d{1,9})?)([KMGTP]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return null;
  return Number(amount) * 1024 ** powers[(letter.toLowerCase() || unit) as keyof typeof powers];
}

/** A count as sacct may shorten it: `24`, `1.5K`, and of a range `2-4` the least; null where the text is none. */
export function countOf(text: string): number | null {
  const [, amount, letter = ""] = /^(\d{1,12}(?:\.\d{1,6})?)([KM]?)(?:-.*)?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return null;
  return Math.round(Number(amount) * { "": 1, k: 1000, m: 1e6 }[letter.toLowerCase() as "" | "k" | "m"]);
}

/** GPUs of one sort. */
export interface Gpus {
  readonly type: string | null;
  readonly count: number;
}

/** `gpu:a100:4(S:0-1),gpu:2,shard:8,nvme` → four a100, two of no sort. Counts may be shortened (`4K`); a name alone is one. */
export function gpusOf(gres: string): Gpus[] {
  return splitOutsideBrackets(gres).flatMap((item): Gpus[] => {
    const bracket = item.indexOf("(");
    const [name, ...rest] = item
      .slice(0, bracket < 0 ? item.length : bracket)
      .split(":")
      .map((part) => part.trim());
    if (name?.toLowerCase() !== "gpu" && name?.toLowerCase() !== "gres/gpu") return [];
    const words = rest.filter((part) => part !== "" && part !== "no_consume");
    const count = countOf(words.at(-1) ?? "");
    const type = count === null ? words[0] : words.length > 1 ? words[0] : undefined;
    return [{ type: type ?? null, count: count ?? 1 }];
  });
}

function splitOutsideBrackets(list: string): string[] {
  const items = [""];
  let depth = 0;
  for (const letter of list) {
    if (letter === "(" || letter === "[") depth++;
    if (letter === ")" || letter === "]") depth = Math.max(0, depth - 1);
    if (letter === "," && depth === 0) items.push("");
    else items[items.length - 1] += letter;
  }
  return items.filter((item) => item !== "");
}

/** What a job asked for or got, by sacct's list of trackable resources: `cpu=4,mem=16G,node=1,gres/gpu:a100=2`. */
export interface Tres {
  readonly cpus: number | null;
  readonly nodes: number | null;
  readonly memoryBytes: number | null;
  readonly gpus: number | null;
  readonly gpuType: string | null;
}

export const noTres: Tres = { cpus: null, nodes: null, memoryBytes: null, gpus: null, gpuType: null };

export function tresOf(text: string): Tres {
  if (text === "") return noTres;
  const tres: { -readonly [Key in keyof Tres]: Tres[Key] } = { ...noTres };
  let typed = 0;
  for (const item of text.split(",")) {
    const at = item.indexOf("=");
    const [name, value] = [item.slice(0, at), item.slice(at + 1)];
    if (name === "cpu") tres.cpus = countOf(value);
    else if (name === "node") tres.nodes = countOf(value);
    else if (name === "mem") tres.memoryBytes = bytesOf(value, "m");
    else if (name === "gres/gpu") tres.gpus = countOf(value);
    else if (name.startsWith("gres/gpu:")) {
      typed += countOf(value) ?? 0;
      tres.gpuType ??= name.slice("gres/gpu:".length);
    }
  }
  tres.gpus ??= typed > 0 ? typed : null;
  return tres;
}
