/** What a person at the keyboard, or whoever else may end a process, has asked for. */
export interface Interruption {
  /** Aborted at the first signal: begin nothing new, and clean up. */
  readonly stop: AbortSignal;
  /** Aborted at the second: end now. */
  readonly abandon: AbortSignal;
}

/** Listens to Ctrl-C, and to what batch systems send before they kill. */
export function listenToSignals(): Interruption {
  const stop = new AbortController();
  const abandon = new AbortController();
  const next = () => (stop.signal.aborted ? abandon : stop).abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, next);
  return { stop: stop.signal, abandon: abandon.signal };
}
