/** A time limit: seconds, "unlimited", or null where the text is none. */
export type Limit = number | "unlimited" | null;

/**
 * Slurm's times (sbatch(1), --time): minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes and
 * days-hours:minutes:seconds.
 */
export function limitSeconds(text: string): Limit {
  const plain = text.trim();
  if (/^(unlimited|infinite|infinity|-1)$/i.test(plain)) return "unlimited";
  const [, days, rest = ""] = /^(?:(\d{1,7})-)?(\d{1,9}(?::\d{1,9}){0,2})$/.exec(plain) ?? [];
  if (rest === "") return null;
  const parts = rest.split(":").map(Number);
  const [a = 0, b = 0, c = 0] = parts;
  if (days !== undefined) return Number(days) * 86_400 + a * 3600 + b * 60 + c;
  if (parts.length === 3) return a * 3600 + b * 60 + c;
  return parts.length === 2 ? a * 60 + b : a * 60;
}

/**
 * sacct's elapsed times: `[days-]hours:minutes:seconds`, or minutes and seconds with a fraction; null where the text is none.
 */
export function elapsedSeconds(text: string): number | null {
  if (text.length === 8 && text.charCodeAt(2) === 58 && text.charCodeAt(5) === 58) {
    const seconds = 3600 * Number(text.slice(0, 2)) + 60 * Number(text.slice(3, 5)) + Number(text.slice(6));
    if (Number.isInteger(seconds)) return seconds;
  }
  const [, days = "0", hours = "0", minutes, seconds] =
    /^(?:(\d{1,7})-)?(?:(\d{1,9}):)?(\d{1,9}):(\d{1,9}(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  if (minutes === undefined) return null;
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
