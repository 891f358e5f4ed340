// The page in a real browser, where one is installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { html } from "../../../cli/report/html";
import { account, fiveOfEachKind, generated, many } from "./exports";
import { makeReport } from "./make-report";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const browser = (process.env["PATH"] ?? "")
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find(existsSync);

jest.setTimeout(120_000);
const inBrowser = browser === undefined ? describe.skip : describe;
const where = browser === undefined ? "skipped: no Chromium is on the PATH" : "in Chromium";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "report-browser-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

interface Look {
  scheme?: "light" | "dark";
  width?: number;
}

/** The page's text after the browser has made it. */
function open(page: string, { scheme = "light", width = 1280 }: Look = {}): string {
  const file = join(folder, "page.html");
  writeFileSync(file, page);
  const { status, stdout, stderr } = spawnSync(
    browser!,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${join(folder, "profile")}`,
      `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
      `--window-size=${width},900`,
      "--dump-dom",
      `file://${file}`,
    ],
    { encoding: "utf8", timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`the browser ended with ${status}:\n${stderr}`);
  return stdout;
}

/** What a function finds in the page. Its policy forbids scripts, so it is taken out here. */
function ask<T>(page: string, find: () => T, look?: Look): T {
  const script = `<script>document.documentElement.dataset.found = encodeURIComponent(JSON.stringify((${find})()));</script>`;
  const unguarded = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
  const dom = open(
    unguarded.replace("</body>", () => `${script}</body>`),
    look,
  );
  const [, found] = /data-found="([^"]*)"/.exec(dom) ?? [];
  if (found === undefined) throw new Error(`nothing was found in ${dom.slice(0, 1000)}`);
  return JSON.parse(decodeURIComponent(found)) as T;
}

declare const document: any;
declare const getComputedStyle: any;
declare const performance: any;

inBrowser(`the page, ${where}`, () => {
  test.each([5, 300])("has a bar and a row for each of %i accounts", (count) => {
    const page = html(makeReport(many(count)));
    const found = ask(page, () => ({
      bars: document.querySelectorAll("svg g rect").length,
      rows: document.querySelectorAll("tbody tr").length,
      image: document.querySelector("svg").getAttribute("aria-label").slice(0, 9),
      loaded: performance.getEntriesByType("resource").length,
    }));
    expect(found).toEqual({
      bars: count,
      rows: count,
      image: "Ages and ",
      loaded: 0,
    });
  });

  test("nothing lies over anything else, and nothing but chart and table is wider than the page", () => {
    const page = html(makeReport(many(300)));
    for (const width of [600, 1280]) {
      const found = ask(
        page,
        () => {
          const boxes = (selector: string) =>
            [...document.querySelectorAll(selector)].map((each: any) =>
              each.getBoundingClientRect(),
            );
          const lines = boxes("svg g .name");
          const pairs = (test: (a: any, b: any) => boolean) =>
            lines.filter((box: any, n: number) => n > 0 && test(lines[n - 1], box)).length;
          const bars = boxes("svg g rect");
          const remarks = boxes("svg g .remark");
          const chart = document.querySelector("svg").getBoundingClientRect();
          return {
            pageWidth: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            overlappingLines: pairs((a, b) => b.top < a.bottom - 3),
            namesInBars: bars.filter((bar: any) => lines.some((name: any) => name.right > bar.left))
              .length,
            barsInRemarks: bars.filter((bar: any) =>
              remarks.some((one: any) => bar.right > one.left),
            ).length,
            cutNames: lines.filter((name: any) => name.left < chart.left - 1).length,
            cutRemarks: remarks.filter((one: any) => one.right > chart.right).length,
          };
        },
        { width },
      );
      expect(found).toEqual({
        pageWidth: 0,
        overlappingLines: 0,
        namesInBars: 0,
        barsInRemarks: 0,
        cutNames: 0,
        cutRemarks: 0,
      });
    }
  });

  test.each(["light", "dark"] as const)("is readable in %s: contrasts", (scheme) => {
    const resources = [...fiveOfEachKind(), ...generated("old", { generated: -99, due: 99 })];
    const page = html(makeReport([...resources, account("x")], { maxAge: "98d" }));
    const found = ask(
      page,
      () => {
        const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
        const luminance = (color: string) =>
          numbers(color)
            .map((each) => each / 255)
            .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
            .reduce((sum, each, n) => sum + each * [0.2126, 0.7152, 0.0722][n]!, 0);
        const ground = getComputedStyle(document.body).backgroundColor;
        const contrast = (color: string) => {
          const [one, other] = [luminance(color), luminance(ground)].sort((a, b) => b - a);
          return (one! + 0.05) / (other! + 0.05);
        };
        const least = (selector: string, property: string) =>
          Math.min(
            ...[...document.querySelectorAll(selector)].map((each: any) =>
              contrast(getComputedStyle(each)[property]),
            ),
          );
        return {
          ground: luminance(ground),
          kinds: new Set(
            [...document.querySelectorAll("svg rect")].map(
              (each: any) => getComputedStyle(each).fill,
            ),
          ).size,
          texts: least("h1, p, footer, td, th, small, .status, li", "color"),
          drawn: least("svg text", "fill"),
          bars: least("svg g rect", "fill"),
          marks: least("svg .due", "stroke"),
        };
      },
      { scheme },
    );
    if (scheme === "light") expect(found.ground).toBeGreaterThan(0.9);
    else expect(found.ground).toBeLessThan(0.05);
    expect(found.kinds).toBeGreaterThanOrEqual(6);
    for (const contrast of [found.texts, found.drawn]) expect(contrast).toBeGreaterThan(4.5);
    for (const contrast of [found.bars, found.marks]) expect(contrast).toBeGreaterThan(3);
  });

  test("runs nothing that a name holds, and loads nothing that it names", () => {
    const instanceId = `</title></style></svg><script>document.documentElement.id="ran"</script><img src="file:///x.png" onerror="document.documentElement.id='ran'">`;
    const outputs = { requestId: instanceId, drift: instanceId };
    const identity = { region: "r", instanceId };
    const dom = open(
      html(makeReport(generated("one", { reason: instanceId }, { identity, outputs }))),
    );
    expect(dom).toContain("<table>");
    expect(dom).not.toMatch(/<script|<img|<html[^>]*ran/);
  });

  test("a script that came in all the same would be refused by the page's own policy", () => {
    const page = html(makeReport([account("one")]));
    const script = `<script>document.documentElement.id = "ran"</script>`;
    expect(open(page.replace("</body>", `${script}</body>`))).not.toMatch(/<html[^>]*ran/);
    const unguarded = page
      .replace(/<meta http-equiv[^>]*>/, "")
      .replace("</body>", `${script}</body>`);
    expect(open(unguarded)).toMatch(/<html[^>]*ran/);
  });
});
