import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach } from "vitest";

/** A fresh folder for each test of the calling file: a site's files, and the `project` that they are imported to. */
export function siteFolder() {
  const site = {
    path: "",
    /** Writes a file of the site, and returns its path. */
    file: (name: string, content: string | Buffer) => {
      writeFileSync(join(site.path, name), content);
      return join(site.path, name);
    },
  };
  beforeEach(() => {
    const path = mkdtempSync(join(tmpdir(), "schedfront-import-"));
    site.path = path;
    mkdirSync(join(path, "project"));
    return () => rmSync(path, { recursive: true });
  });
  return site;
}
