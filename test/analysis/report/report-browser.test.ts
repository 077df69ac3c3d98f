import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Analysis, Section } from "../../../analysis/report/analysis.ts";
import { readTrials } from "../../../analysis/report/read-trials.ts";
import { writeReport } from "../../../analysis/report/write-report.ts";
import { writeSyntheticRecords } from "./synthetic-records.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
if (executable === undefined) console.warn("the report is not tried in a browser: there is no Chromium (apt-get install chromium)");

const hostile = `"><img src=x onerror="document.title='broken'"></script><script>document.title='broken'</script>`;

describe.skipIf(executable === undefined)("the report in a browser", () => {
  const results = mkdtempSync(join(tmpdir(), "schedfront-report-"));
  const folder = join(results, "report");
  let browser: Browser;
  beforeAll(async () => {
    writeSyntheticRecords(results, { seeds: 5, name: hostile });
    await writeReport(
      { trials: readTrials(results), limits: {}, anchors: null, jobRows: 100_000, generated: "2026-01-01T00:00:00.000Z" },
      folder,
    );
    browser = await chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(results, { recursive: true, force: true });
  });

  /** The report of synthetic records, opened; complaints of the browser are collected. */
  async function opened(options: { readonly colorScheme?: "light" | "dark"; readonly javaScriptEnabled?: boolean } = {}) {
    const page = await browser.newPage({ viewport: { width: 1366, height: 900 }, ...options });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("request", (request) => requests.push(request.url()));
    const address = `file://${join(folder, "report.html")}`;
    await page.goto(address);
    const analysis: Analysis = JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8"));
    return { page, complaints, requests, address, analysis, section: analysis.sections[0] as Section };
  }

  const chart = (page: Page, id: string) => page.locator(`[data-figure="${id}"]`);
  const scatterId = ({ id, objectives }: Section) => `${id}-scatter-${objectives[0]?.key}-${objectives[1]?.key}`;
  const isDrawn = ({ objectives }: Section) => {
    const keys = objectives.slice(0, 2).map(({ key }) => key);
    return ({ estimates }: Section["configurations"][number]) => keys.every((key) => estimates[key] != null);
  };

  test("it loads without a word of complaint, and nothing but itself", async () => {
    const { page, complaints, requests, address } = await opened();
    await page.waitForSelector(".chart.live svg");
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
    expect(await page.title()).toBe("schedfront: which scheduler configuration?");
    expect(await page.locator("img").count()).toBe(0);
  });

  test("as many points are drawn as analysis.json has, by kind", async () => {
    const { page, section } = await opened();
    const labels = await chart(page, scatterId(section)).locator("svg text").allTextContents();
    const ids = section.configurations.map(({ id }) => id);
    const drawn = section.configurations.filter(isDrawn(section)).map(({ id }) => id);
    expect(drawn.length).toBe(8);
    expect(labels.filter((text) => ids.includes(text)).sort()).toEqual(drawn.sort());
    expect(await page.locator(`#${section.id} table.configurations tbody tr`).count()).toBe(section.configurations.length);
  });

  test("a pointer on a point tells its numbers, a click where it comes from", async () => {
    const { page, section } = await opened();
    const own = section.configurations.find(({ standing }) => standing.kind === "ranked" && standing.rank === 0);
    const place = chart(page, scatterId(section));
    await place.scrollIntoViewIfNeeded();
    const text = place.locator("svg text", { hasText: new RegExp(`^${own?.id}$`) });
    const box = await text.boundingBox();
    // The label stands right of its point, and above it.
    await page.mouse.move((box?.x ?? 0) - 4, (box?.y ?? 0) + 20);
    await expect.poll(() => place.innerText()).toContain("on the front with probability");
    await page.mouse.click((box?.x ?? 0) - 4, (box?.y ?? 0) + 20);
    await expect.poll(() => page.locator(`#${section.id}-${own?.id}`).getAttribute("open")).not.toBeNull();
    expect(await page.locator(`#${section.id}-${own?.id}`).innerText()).toContain(own?.trials[0]?.sha256 ?? "no digest");
  });

  test("the keyboard reaches every chart, walks its points and opens one's provenance", async () => {
    const { page, section } = await opened();
    const place = chart(page, scatterId(section));
    const reached: (string | null)[] = [];
    for (let i = 0; i < 200 && !reached.includes(scatterId(section)); i++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute("data-figure") ?? null));
    }
    expect(reached).toContain(scatterId(section));
    expect(await page.locator(".chart").evaluateAll((all) => all.every((each) => each.getAttribute("tabindex") === "0"))).toBe(true);
    const told = page.locator(`#${scatterId(section)} .told`);
    const heard = new Set<string>();
    for (const _ of section.configurations.filter(isDrawn(section))) {
      await page.keyboard.press("ArrowRight");
      heard.add((await told.textContent()) ?? "");
    }
    expect([...heard].map((text) => text.split(":")[0]).sort()).toEqual(
      section.configurations
        .filter(isDrawn(section))
        .map(({ id }) => id)
        .sort(),
    );
    const last = (await told.textContent())?.split(":")[0];
    await place.focus();
    await page.keyboard.press("ArrowLeft");
    const chosen = (await told.textContent())?.split(":")[0];
    expect(chosen).not.toBe(last);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.parentElement?.id)).toBe(`${section.id}-${chosen}`);
  });

  test("a brush by pointer and one by bounds choose the configurations within", async () => {
    const { page, section } = await opened();
    const [axis] = section.objectives;
    const values = section.configurations.flatMap(({ estimates }) => estimates[axis?.key ?? ""]?.value ?? []).sort((a, b) => a - b);
    const bound = ((values[3] ?? 0) + (values[4] ?? 0)) / 2;
    const form = page.locator(`form.brush[data-section="${section.id}"]`);
    await form.locator('[data-axis="0"][data-end="high"]').fill(String(bound));
    await expect.poll(() => form.locator("output").innerText()).toMatch(/^4 of 9 configurations: /);
    expect(await page.locator(`#${section.id} tr.unselected`).count()).toBe(5);
    await form.locator("button").click();
    await expect.poll(() => form.locator("output").innerText()).toBe("all 9 configurations");

    const place = chart(page, `${section.id}-parallel`);
    await place.scrollIntoViewIfNeeded();
    const box = (await place.boundingBox()) ?? { x: 0, y: 0 };
    // The first axis stands 90 pixels from the left, from 36 to 296 down; the drag takes its lower half.
    await page.mouse.move(box.x + 90, box.y + 294);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 220, { steps: 5 });
    await page.mouse.move(box.x + 90, box.y + 166, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => form.locator("output").innerText()).toMatch(/^[1-8] of 9 configurations: /);
  });

  test("another trial's jobs are drawn when it is chosen", async () => {
    const { page, section } = await opened();
    const select = page.locator(`select.trial[data-section="${section.id}"]`);
    const figure = page.locator(`#${section.id} .trial-figure`);
    const before = await figure.locator("svg").innerHTML();
    await select.selectOption({ index: 4 });
    const chosen = await select.locator("option").nth(4).innerText();
    expect(await figure.locator("h4").innerText()).toBe(`Configuration ${chosen}`);
    expect(await figure.locator("svg").innerHTML()).not.toBe(before);
  });

  test("on paper no figure is cut off", async () => {
    const { page } = await opened();
    await page.setViewportSize({ width: 700, height: 900 });
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const overflowing = await page.locator(".chart").evaluateAll((all) =>
      all.flatMap((place) => {
        const svg = place.querySelector("svg");
        const [own, outer] = [svg?.getBoundingClientRect(), place.getBoundingClientRect()];
        const isWhole =
          own !== undefined && svg?.getAttribute("viewBox") !== null && own.right <= outer.right + 1 && own.bottom <= outer.bottom + 1;
        return isWhole ? [] : [place.getAttribute("data-figure")];
      }),
    );
    expect(overflowing).toEqual([]);
  });

  test("dark screens get dark figures, paper gets light ones", async () => {
    const { page, section } = await opened({ colorScheme: "dark" });
    const backdrop = () => chart(page, scatterId(section)).locator("svg rect").first().getAttribute("fill");
    expect(await backdrop()).toBe("#16191d");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await backdrop()).toBe("#ffffff");
  });

  test("the answer stands on a phone's first screen, nothing is wider than it, and the chooser works by keyboard", async () => {
    const { page, section } = await opened();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForSelector(".chart.live svg");
    expect((await page.locator(".recommended .headline").first().boundingBox())?.y).toBeLessThan(844);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const select = page.locator(`form.chooser[data-section="${section.id}"] select[data-side="after"]`);
    await select.focus();
    await page.keyboard.press("End");
    const last = section.configurations.at(-1);
    expect(await select.inputValue()).toBe(last?.id);
    const heading = page.locator(`#${section.id}-comparison h3`);
    expect(await heading.textContent()).toBe(`From ${section.answer.baseline.configuration} to ${last?.id}`);
  });

  test("the recommendation follows weights and limits", async () => {
    const { page, section } = await opened();
    const form = page.locator(`form.preferences[data-section="${section.id}"]`);
    const best = section.answer.bestFor.find(({ objective }) => objective === "responsiveness");
    for (const { key } of section.objectives) await form.locator(`[data-weight="${key}"]`).fill(key === "responsiveness" ? "100" : "0");
    expect(await form.locator(".preferred").textContent()).toContain(`With these preferences: ${best?.configuration} (`);
    expect(await page.locator(`#${section.id}-comparison h3`).textContent()).toContain(` to ${best?.configuration}`);
    await form.locator('[data-limit="responsiveness"]').fill("0.5");
    expect(await form.locator(".preferred").textContent()).toBe("No configuration is within these limits.");
  });

  test("without scripts the figures are pictures, and provenance still opens", async () => {
    const { page, section } = await opened({ javaScriptEnabled: false });
    expect(await chart(page, scatterId(section)).locator("svg").count()).toBe(1);
    const own = page.locator(`#${section.id}-${section.configurations[0]?.id}`);
    await own.locator("summary").first().click();
    expect(await own.getAttribute("open")).not.toBeNull();
    const { baseline, recommendation } = section.answer;
    expect(await page.locator(`#${section.id}-comparison h3`).textContent()).toBe(
      `From ${baseline.configuration} to ${recommendation?.configuration}`,
    );
    expect(await page.locator("form.chooser").first().isVisible()).toBe(false);
  });
});
