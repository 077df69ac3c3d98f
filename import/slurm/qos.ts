import type { Ledger } from "../ledger.ts";

const reason = "the scheduler's parameters have no qualities of service, accounts or shares";

/**
 * What sacctmgr printed: `show qos --parsable2`, a table with a header, or `dump`, lines of `Account - 'physics':Fairshare=10`.
 * All of it is named; none of it can be said yet.
 */
export function addQos(text: string, file: string, ledger: Ledger): void {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const header = lines
    .find((line) => /(^|\|)name\|/i.test(line))
    ?.split("|")
    .map((name) => name.toLowerCase());
  const place = header?.indexOf("name") ?? -1;
  lines.forEach((line, i) => {
    if (line === "" || line.startsWith("#")) return;
    const where = `${file}:${i + 1}`;
    const [, kind, name] = /^(QOS|Cluster|Parent|Account|User|TRES) - '?([^':]*)'?/i.exec(line) ?? [];
    if (kind !== undefined) {
      if (kind.toLowerCase() !== "parent") ledger.leftOut(`${kind} ${name}`, reason, where);
    } else if (header !== undefined && line.includes("|")) {
      const cells = line.split("|");
      if (cells[place]?.toLowerCase() !== "name") ledger.leftOut(`QOS ${cells[place]}`, reason, where);
    } else ledger.leftOut(line, "is no line of sacctmgr's", where);
  });
}
