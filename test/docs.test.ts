import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { reference } from "../docs/reference.ts";

const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => existsSync(file));

/** Text outside of code. */
const prose = (page: string) =>
  readFileSync(page, "utf8")
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");

/** GitHub's and VitePress's anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

const anchors = (page: string) => [...readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));

test.each(pages)("the links of %s lead somewhere", (page) => {
  const broken = [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].flatMap(([, link = ""]) => {
    const [path = "", part] = link.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(file)) return [`${link}: no such file`];
    return part === undefined || anchors(file).includes(part) ? [] : [`${link}: no such heading`];
  });
  expect(broken).toEqual([]);
});

test("every page of docs/ can be reached from the README", () => {
  const seen = new Set(["README.md"]);
  for (const page of seen)
    for (const [, path = ""] of prose(page).matchAll(/\]\((?!https?:)([^)#\s]+\.md)/g)) {
      const file = normalize(join(dirname(page), path));
      if (existsSync(file)) seen.add(file);
    }
  expect(pages.filter((page) => page.startsWith("docs/") && !page.startsWith("docs/decisions/") && !seen.has(page))).toEqual([]);
});

test("docs/reference.md is what the schemas say; make schema writes it", () => {
  expect(readFileSync("docs/reference.md", "utf8")).toBe(reference());
});
