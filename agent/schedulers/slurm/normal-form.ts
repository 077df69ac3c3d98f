import { parseConfiguration, parsePartitions } from "./configuration.ts";

/**
 * Slurm prints many values in another form than slurm.conf has them (`Contain` is `Alloc,Contain`, `1` is `yes`). What the form
 * is, only Slurm itself knows: a second slurmctld, which runs no job, reads what was asked and prints it.
 */

/** What the second one does not share with the first, and cannot have: files, a port, and the database. */
const apart = (folder: string): Readonly<Record<string, string>> => ({
  SlurmctldPort: "16817",
  SlurmctldPidFile: `${folder}/slurmctld.pid`,
  SlurmctldLogFile: `${folder}/slurmctld.log`,
  StateSaveLocation: folder,
  JobCompType: "jobcomp/none",
  AccountingStorageType: "accounting_storage/none",
});

const nameIn = (line: string) => line.split("=", 1)[0]?.toLowerCase() ?? "";

/**
 * slurm.conf of the second slurmctld: the nodes and own settings of the first one's, and what was asked in place of what it says.
 * @param expected settings by name, and `Partition.<name>.<key>`
 */
export function secondConfiguration(conf: string, expected: Readonly<Record<string, string>>, folder: string): string {
  const settings = Object.entries({ ...settingsIn(expected), ...apart(folder) });
  const replaced = new Set(["partitionname", "jobcomploc", ...settings.map(([key]) => key.toLowerCase())]);
  return [
    ...conf.split("\n").filter((line) => line !== "" && !replaced.has(nameIn(line))),
    ...settings.map(([key, value]) => `${key}=${value}`),
    ...partitionsIn(expected).map(([name, keys]) => [`PartitionName=${name}`, ...keys.map(([key, value]) => `${key}=${value}`)].join(" ")),
    "",
  ].join("\n");
}

const settingsIn = (expected: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(expected).filter(([key]) => key !== "Nodes" && !key.startsWith("Partition.")));

function partitionsIn(expected: Readonly<Record<string, string>>): [string, [string, string][]][] {
  const found = new Map<string, [string, string][]>();
  for (const [path, value] of Object.entries(expected)) {
    const match = /^Partition\.([^.]+)\.(.+)$/.exec(path);
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], [...(found.get(match[1]) ?? []), [match[2], value]]);
  }
  return [...found];
}

/**
 * What was asked, as the second slurmctld prints it. A setting that it does not print, as it prints no DownNodes, the first one does not
 * print either, and only its log can tell of it.
 */
export function normalForms(expected: Readonly<Record<string, string>>, config: string, partitions: string): Record<string, string> {
  const printed = new Map(
    Object.entries({ ...parseConfiguration(config), ...parsePartitions(partitions) }).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const own = Object.keys(apart("")).map((key) => key.toLowerCase());
  return Object.fromEntries(
    Object.entries(expected).flatMap(([key, asked]) => {
      const name = key.toLowerCase();
      if (name === "nodes" || own.includes(name)) return [[key, asked]];
      const form = printed.get(name) ?? printed.get(`${name}[0]`);
      return form === undefined ? [] : [[key, form]];
    }),
  );
}
