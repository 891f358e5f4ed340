import { chart } from "./chart";
import { type Assessed, inOneLine } from "./concerns";
import { escapeHtml } from "./escape-html";
import { styles } from "./html-styles";
import type { Report } from "./report";
import { accountName, advice, ageOf, date, remark } from "./words";

/**
 * One page without scripts, which loads nothing: its own policy forbids the browser both. A chart,
 * and a table with the same facts.
 */
export function html(report: Report): string {
  const { lines, maxAge, now, stack } = report;
  const title = `Account passwords${stack === undefined ? "" : ` of ${stack}`}`;
  const summary = inOneLine(lines, maxAge);
  const time = new Date(now).toISOString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
${styles}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="summary">${escapeHtml(summary)}</p>
${advice(report)
  .map((each) => `<p class="advice">${withCode(each)}</p>`)
  .join("\n")}
${lines.length === 0 ? "" : `${legend(report)}\n<div class="scroll" tabindex="0" role="region" aria-label="Chart">\n${chart(report, summary)}\n</div>\n${tableOf(report)}`}
<footer>Made on <time datetime="${time}">${time.slice(0, 16).replace("T", " ")} UTC</time> by <code>pulumi-account-passwords report</code>. It holds no password.</footer>
</main>
</body>
</html>
`;
}

/** Only what is there. */
function legend({ lines, maxAge }: Report): string {
  const kinds: readonly (readonly [string, string])[] = [
    ["unknown", "unknown or interrupted"],
    ["drift", "drift"],
    ["refused", "login refused"],
    ["overdue", "overdue"],
    ["max-age", `older than ${maxAge?.text}`],
    ["due-soon", "due within 7 days"],
    ["well", "in order"],
  ];
  const items = kinds
    .filter(([kind]) => lines.some(({ concerns }) => (concerns[0] ?? "well") === kind))
    .map(([kind, words]) => `<li class="${kind}">${words}</li>`);
  return `<h2>Age and next rotation</h2>
<p>A bar is the age of the password, up to today; a diamond is the day when the next one is due.</p>
<ul class="legend">${items.join("")}</ul>`;
}

function tableOf(report: Report): string {
  const titles = ["Service", "Account", "Status", "Revision", "Age", "Next due", "Last rotation"];
  return `<h2>Accounts</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Accounts">
<table>
<thead><tr>${[...titles, "Request"].map((each) => `<th scope="col">${each}</th>`).join("")}</tr></thead>
<tbody>
${report.lines.map((line) => rowOf(line, report)).join("\n")}
</tbody>
</table>
</div>`;
}

function rowOf(line: Assessed, report: Report): string {
  const { service, status, revision, nextDue, reason, requestId, concerns } = line;
  const note = remark(line, report);
  const cells = [
    `<td>${escapeHtml(service)}</td>`,
    `<th scope="row">${escapeHtml(accountName(line))}</th>`,
    `<td><span class="status">${status}</span>${note === "" ? "" : `<br><small>${escapeHtml(note)}</small>`}</td>`,
    `<td class="number">${revision ?? ""}</td>`,
    `<td class="number">${ageOf(line)}</td>`,
    `<td class="date">${nextDue === undefined ? "" : `<time datetime="${new Date(nextDue).toISOString()}">${date(nextDue)}</time>`}</td>`,
    `<td>${escapeHtml(reason ?? "")}</td>`,
    `<td class="request">${escapeHtml(requestId ?? "")}</td>`,
  ];
  return `<tr class="${concerns[0] ?? "well"}">${cells.join("")}</tr>`;
}

/** What stands between backticks. */
function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}
