/** What the agent tells of long work: a line on standard error, at least every five seconds where nothing else is said. */

export const say = (line: string) => process.stderr.write(`${line}\n`);

/** Says `line()` and the elapsed seconds, now and again until `work` is over. */
export async function narrate<T>(line: () => string, work: () => Promise<T>, everySeconds = 5): Promise<T> {
  const start = performance.now();
  const tell = () => say(`${line()}, ${Math.round((performance.now() - start) / 1000)} s`);
  const timer = setInterval(tell, everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    tell();
  }
}
