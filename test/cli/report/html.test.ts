import { html } from "../../../cli/report/html";
import { account, fiveOfEachKind, generated, many } from "./exports";
import { makeReport } from "./make-report";

const occurrences = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

test("a bar, a mark for the due date and a row of the table for each account", () => {
  for (const count of [5, 300]) {
    const report = makeReport(many(count));
    const due = report.lines.filter(({ nextDue }) => nextDue !== undefined);
    const text = html(report);
    expect(occurrences(text, /<rect x="[\d.]+" y/g)).toBe(count + 1); // with the clip path's
    expect(occurrences(text, /class="due"/g)).toBe(due.length);
    expect(occurrences(text, /<th scope="row">/g)).toBe(count);
  }
});

test("the table says all that the chart says, and the chart names itself", () => {
  const text = html(makeReport(fiveOfEachKind(), { maxAge: "80d" }));
  expect(text).toMatch(/<svg role="img" aria-label="Ages and due dates of 5 accounts: 1 unknown, /);
  expect(text).toContain('<time datetime="2026-04-19T12:00:00.000Z">2026-04-19</time>');
  expect(text).toContain("<small>overdue 12d, older than 80d</small>");
  expect(text).toContain("<small>changed outside on 2026-04-20T08:00:00Z</small>");
  expect(text).toContain("<td>keeper &quot;release&quot; changed</td>");
});

test("one file: no script, nothing from elsewhere", () => {
  const text = html(makeReport(many(20)));
  expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|https?:|\bon\w+=/i);
});

test("names are escaped, wherever they stand", () => {
  const nasty = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&\u202e`;
  const escaped =
    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;\uFFFD";
  const one = generated(
    "one",
    { due: -1, reason: nasty },
    {
      identity: { region: "ap-guangzhou", instanceId: nasty },
      outputs: { requestId: nasty, drift: nasty },
    },
  );
  const stack = JSON.stringify(`urn:pulumi:${nasty}::`).slice(1, -1);
  const renamed = JSON.stringify(one).replaceAll("urn:pulumi:dev::", () => stack);
  const text = html(makeReport(JSON.parse(renamed) as unknown[]));
  expect(text).not.toMatch(/<script|<img/);
  // Title, heading, hover text of the bar, row header, drift, reason, request.
  expect(occurrences(text, new RegExp(escaped.replace(/[()|=]/g, "\\$&"), "g"))).toBe(7);
});

test("a very long name is cut in the chart and whole in the table", () => {
  const instanceId = `crs-${"x".repeat(5000)}-end`;
  const text = html(makeReport([account("one", { identity: { region: "r", instanceId } })]));
  expect(text).toContain(`<th scope="row">r/${instanceId}</th>`);
  expect(text).toMatch(/clip-path="url\(#names\)">[^<]{1,50}…x+-end<\/text>/);
});

test("one age far beyond the others is cut off, and does not make them points", () => {
  const others = Array.from({ length: 9 }, (_, n) => generated(`n-${n}`, { generated: -90 }));
  const text = html(makeReport([...others.flat(), ...generated("old", { generated: -9000 })]));
  const widths = [...text.matchAll(/<rect x="[\d.]+" y="\d+" width="([\d.]+)" height="10"/g)].map(
    ([, width]) => Number(width),
  );
  expect(occurrences(text, /class="cut"/g)).toBe(1);
  expect(Math.min(...widths)).toBeGreaterThan(Math.max(...widths) / 5);
});

test("a bar of no age, and no bar of an unknown one", () => {
  const fresh = html(makeReport(generated("one", { generated: 0, due: 90 })));
  expect(fresh).toMatch(/width="2" height="10"/);
  const ageless = html(makeReport([account("one", { outputs: { changedAt: "" } })]));
  expect(ageless).not.toMatch(/height="10"/);
  expect(ageless).toContain('<td class="number">?</td>');
  expect(html(makeReport([]))).not.toContain("<svg");
});
