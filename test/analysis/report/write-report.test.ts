import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { readJobs } from "../../../analysis/report/jobs-table.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { writeReport } from "../../../analysis/report/write-report.ts";
import { analysisOf, syntheticResults, temporaryFolder } from "./results.ts";

const hostile = "</script><script>alert(1)</script>&\"'><img src=x onerror=alert(1)>\u2028=HYPERLINK(1)";

async function written(results: string) {
  const folder = join(results, "report");
  const analysis = await writeReport(
    { trials: readTrials(results), limits: {}, anchors: null, jobRows: 100_000, generated: "2026-01-01T00:00:00.000Z" },
    folder,
  );
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return { analysis, read, figures: readdirSync(join(folder, "figures")) };
}

test("the page holds what the files hold, and names nothing on the network", async () => {
  const { analysis, read, figures } = await written(syntheticResults({ seeds: 2, name: hostile }));
  const html = read("report.html");
  const embedded = /<script type="application\/json" id="analysis">(.*?)<\/script>/s.exec(html)?.[1];
  expect(JSON.parse(embedded ?? "")).toEqual(JSON.parse(read("analysis.json")));
  expect(JSON.parse(read("analysis.json"))).toEqual(JSON.parse(JSON.stringify(analysis)));
  const markup = html.replace(/<script>.*?<\/script>/gs, "");
  expect(markup).not.toMatch(/<(link|img|iframe)\b|<script[^>]+src=|@import|url\((?!#)|href="https?:/);
  expect(html).not.toContain(hostile);
  expect(markup).not.toMatch(/<script>alert|<img/i);
  const carried = [...html.matchAll(/href="data:[^;]+;base64,([^"]+)"/g)].map(([, text]) => Buffer.from(text ?? "", "base64").toString());
  expect(carried.length).toBeGreaterThan(0);
  const drawn = [...markup.matchAll(/data-figure="([^"]+)"/g)].map(([, id]) => `${id}.svg`);
  expect(figures).toEqual(expect.arrayContaining(drawn));
});

test("a table row for each trial, with its status", async () => {
  const { analysis, read } = await written(syntheticResults({ seeds: 2 }));
  const { data } = Papa.parse<Record<string, string>>(read("trials.csv"), { header: true, skipEmptyLines: true });
  const trials = analysis.sections.flatMap(({ configurations }) => configurations.flatMap((own) => own.trials));
  expect(data.map(({ record, status }) => [record, status])).toEqual(trials.map(({ file, status }) => [file, status]));
  expect(new Set(data.map(({ status }) => status))).toEqual(new Set(["valid", "invalid", "infeasible", "missing"]));
});

test("figures are documents of their own, without markup from records", async () => {
  const { read, figures } = await written(syntheticResults({ seeds: 2, name: hostile }));
  // 6 pairs of objectives, parallel coordinates, effects, waits, slowdowns, and a trial of each of 8 configurations that ran.
  expect(figures.filter((file) => file.startsWith("section-1-")).length).toBe(6 + 1 + 1 + 2 + 8);
  for (const file of figures) {
    expect(read(join("figures", file))).toMatch(/^<svg .*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(read(join("figures", file))).not.toContain("<script");
  }
});

test("no records make a report that says so", async () => {
  const { read, figures } = await written(temporaryFolder());
  expect(read("report.html")).toContain("There is no trial to report on.");
  expect(read("trials.csv").trim()).toBe("");
  expect(figures).toEqual([]);
});

test("a record that nobody can have written in good faith is named, and the rest is reported", async () => {
  const results = syntheticResults({ seeds: 1 });
  const plain = analysisOf(results).analysis;
  const [stack] = readdirSync(results).filter((name) => name !== "trials");
  const write = (name: string, text: string) => writeFileSync(join(results, stack ?? "", `trial-${name}.json`), text);
  write("deep", "[".repeat(100_000) + "]".repeat(100_000));
  write("proto", '{"__proto__": {"tuple": 1}}');
  write("cut", '{"tuple": ');
  execFileSync("mkfifo", [join(results, stack ?? "", "trial-pipe.json")]);
  symlinkSync("/dev/zero", join(results, stack ?? "", "trial-device.json"));
  const { analysis, read } = await written(results);
  expect(analysis.sections).toEqual(plain.sections);
  expect(analysis.unreadable.map(({ file }) => file.split("/").at(-1))).toEqual(
    expect.arrayContaining(["deep", "proto", "cut", "pipe", "device"].map((name) => `trial-${name}.json`)),
  );
  expect(read("report.html")).toContain("trial-pipe.json");
});

test("a table that is a device is not read", () => {
  expect(readJobs(["/dev/zero"], "0".repeat(64), 4)).toEqual({ reason: "is a device, not a regular file" });
});
