import { InvalidInput } from "../model/problem.ts";

/** Reads points in time; null where the text is none. In seconds since 1970, UTC. */
export type TimeReader = (text: string) => number | null;

const local = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Times as schedulers write them: `2024-03-31T02:30:00` in the cluster's own zone, or with a zone of its own, or seconds since
 * 1970. An hour that the clock repeats is taken as the first of the two; one that it leaves out, as if it had not.
 * @param zone an IANA name: Europe/Berlin
 * @throws InvalidInput for a zone that is none
 */
export function timeReader(zone: string): TimeReader {
  const offsetAt = zoneOffset(zone);
  /** Start of a local hour, by its text: a year has 8,760 of them, a log a million times. */
  const hours = new Map<string, number | null>();
  const hourOf = (text: string): number | null => {
    const plain = Date.parse(`${text.replace(" ", "T")}:00:00Z`) / 1000;
    if (Number.isNaN(plain)) return null;
    // The offset before the change of a clock is the larger one in spring, and the one wanted in autumn.
    return plain - offsetAt(plain - offsetAt(plain - 12 * 3600));
  };
  /** `2024-03-31T02:30:00`, as most are, without a regular expression. */
  const plain = (text: string): number | null | undefined => {
    if (text.length !== 19 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
    const begin = hours.get(text.slice(0, 13));
    const minutes = twoDigits(text, 14);
    const seconds = twoDigits(text, 17);
    return begin === undefined || begin === null || minutes < 0 || seconds < 0 ? undefined : begin + 60 * minutes + seconds;
  };
  return (text) => {
    const quick = plain(text);
    if (quick !== undefined) return quick;
    if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Number(text);
    const [, hour = "", minutes = "0", seconds = "0", own] = local.exec(text) ?? [];
    if (hour === "") return null;
    if (own !== undefined) {
      const value = Date.parse(`${hour.replace(" ", "T")}:${minutes}:${seconds}${own}`) / 1000;
      return Number.isNaN(value) ? null : value;
    }
    let begin = hours.get(hour);
    if (begin === undefined) {
      begin = hourOf(hour);
      hours.set(flat(hour), begin);
    }
    return begin === null ? null : begin + 60 * Number(minutes) + Number(seconds);
  };
}

/** Below 0 where they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1;
}

/** A copy that does not keep the text alive that it was cut from. */
export const flat = (text: string): string => Buffer.from(text, "utf8").toString("utf8");

/** Seconds by which a zone's clocks are ahead of UTC at a time. */
function zoneOffset(zone: string): (seconds: number) => number {
  if (/^(utc|gmt|z)$/i.test(zone)) return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidInput("option", [{ path: ["--time-zone"], message: `"${zone}" is no time zone; Europe/Berlin is one, and UTC` }]);
  }
  return (seconds) => {
    const parts = new Map(format.formatToParts(new Date(1000 * seconds)).map(({ type, value }) => [type, value]));
    const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((type) =>
      parts.get(type as "year"),
    );
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000 - seconds;
  };
}
