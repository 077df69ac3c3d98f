import * as z from "zod";

/** Text that slurm.conf can hold as one value of one line, and that starts no comment. */
export const settingValue = z.string().regex(/^[^\s\p{C}#"'\\][^\p{C}\p{Zl}\p{Zp}#"'\\]{0,500}$/u);

/** The same for a line with several values, where a blank would start the next one. */
export const wordValue = z.string().regex(/^[^\s\p{C}#"'\\=][^\s\p{C}\p{Zl}\p{Zp}#"'\\]{0,500}$/u);

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]{1,63}$/);

/** Settings without a parameter of their own, by slurm.conf's names. */
export const furtherSettings = z.record(name, z.union([settingValue, z.number()])).default({});

/** The same of a NodeName or a PartitionName line. */
export const furtherWords = z.record(name, z.union([wordValue, z.number()])).default({});

/** `{ NodeName: "cn[1-4]", CPUs: 1 }` → `NodeName=cn[1-4] CPUs=1`; what is undefined is left out. */
export const confLine = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    .join(" ");

/** slurm.conf's names are the same in any case. */
export const sameName = (one: string) => (other: string) => one.toLowerCase() === other.toLowerCase();
