/** 0, 1, … up to `count`; `from` with a callback takes ten times as long. */
export function ascending(count: number): Uint32Array<ArrayBuffer> {
  const indices = new Uint32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  return indices;
}
