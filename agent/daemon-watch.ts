/** How often is looked, in seconds: a daemon that systemd starts again by itself is back until the next look. */
const everySeconds = 10;

/**
 * Notices that one of the scheduler's daemons has died, which otherwise shows only in that no job ends any more.
 * @param running names of those that run now; those that run at first must go on to
 * @param now in seconds
 * @returns throws with the names of those that were gone the last two times that it looked
 */
export function daemonWatch(running: () => readonly string[], now: () => number): () => void {
  const all = running();
  let lastSeconds = now();
  let gone: readonly string[] = [];
  return () => {
    if (now() < lastSeconds + everySeconds) return;
    lastSeconds = now();
    const there = running();
    const missing = all.filter((name) => !there.includes(name));
    const dead = missing.filter((name) => gone.includes(name));
    if (dead.length > 0) throw new Error(`${dead.join(", ")} ended on the head while jobs ran`);
    gone = missing;
  };
}
