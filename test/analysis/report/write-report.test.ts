import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { writeReport } from "../../../analysis/report/write-report.ts";
import { syntheticResults, temporaryFolder } from "./results.ts";

const hostile = "<script>alert(1)</script>&";

async function written(results: string) {
  const folder = join(results, "report");
  const analysis = await writeReport(
    { trials: readTrials(results), limits: {}, jobRows: 100_000, generated: "2026-01-01T00:00:00.000Z" },
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
  // 6 pairs of objectives, parallel coordinates, dominance, effects, waits, slowdowns, and a trial of each of 8 configurations that ran.
  expect(figures.filter((file) => file.startsWith("section-1-")).length).toBe(6 + 1 + 1 + 1 + 2 + 8);
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
