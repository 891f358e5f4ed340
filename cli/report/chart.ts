/** One bar for each account: how old its password is, and when the next one is due. */
import type { Assessed } from "./concerns";
import { day, inWords } from "./durations";
import { escapeHtml } from "./escape-html";
import type { Report } from "./report";
import { accountName, ageOf, date } from "./words";

/** In units of the drawing, which are pixels of a page that is wide enough. */
const size = { width: 1120, row: 20, bar: 10, names: 340, remarks: 150, axis: 26 };
const left = size.names + 10;
const right = size.width - size.remarks - 10;

/** So much is shown before and after today, if nothing goes further. */
const leastReach = 7 * day;
/** Up to here nothing is cut off. */
const ordinaryReach = 400 * day;

/** An SVG element, without any line if there is no account. Colours are the page's. */
export function chart({ lines, now }: Report, summary: string): string {
  const height = 2 * size.axis + lines.length * size.row;
  const x = scale(lines, now);
  const label = `Ages and due dates of ${summary}. The table below says the same.`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}">
<clipPath id="names"><rect x="0" y="0" width="${size.names}" height="${height}"/></clipPath>
${axis(x, now, height)}
${lines.map((line, n) => row(line, { x, now, top: size.axis + n * size.row })).join("\n")}
</svg>`;
}

/** Where a time stands, between the edges. */
interface Scale {
  at(time: number): number;
  /** Whether it is beyond the edge at which it is drawn. */
  isBeyond(time: number): boolean;
  readonly from: number;
  readonly to: number;
}

function scale(lines: readonly Assessed[], now: number): Scale {
  const before = lines.map(({ age = 0, nextDue = now }) => Math.max(age, now - nextDue));
  const after = lines.map(({ nextDue = now }) => nextDue - now);
  const from = now - reach(before);
  const to = now + reach(after);
  const at = (time: number) => {
    const part = (Math.min(to, Math.max(from, time)) - from) / (to - from);
    return rounded(left + part * (right - left));
  };
  return { at, isBeyond: (time) => time < from || time > to, from, to };
}

function rounded(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

/** As far as all go, but one that goes much further than the others must not make them points. */
function reach(spans: readonly number[]): number {
  const known = spans.filter((span) => span > 0).sort((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? 0;
  const furthest = Math.min(known.at(-1) ?? 0, Math.max(4 * median, ordinaryReach));
  return Math.max(leastReach, furthest) * 1.03;
}

interface Place {
  readonly x: Scale;
  readonly now: number;
  readonly top: number;
}

function row(line: Assessed, { x, now, top }: Place): string {
  const middle = top + size.row / 2;
  const kind = line.concerns[0] ?? "well";
  const name = `${line.service} ${accountName(line)}`;
  const remark = shortRemark(line, now);
  const parts = [
    `<title>${escapeHtml(`${name}: ${hover(line)}`)}</title>`,
    `<text class="name" x="${size.names}" y="${middle + 4}" text-anchor="end" clip-path="url(#names)">${escapeHtml(shortened(name))}</text>`,
    bar(line, { x, now, top }),
    dueMark(line.nextDue, x, middle),
    remark === ""
      ? ""
      : `<text class="remark" x="${right + 12}" y="${middle + 4}">${escapeHtml(remark)}</text>`,
  ];
  return `<g class="${kind}">${parts.join("")}</g>`;
}

/** Both ends tell which one it is. */
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= 42) return name;
  return `${characters.slice(0, 15).join("")}…${characters.slice(-26).join("")}`;
}

function bar({ age }: Assessed, { x, now, top }: Place): string {
  if (age === undefined) return "";
  const from = Math.min(x.at(now - age), x.at(now) - 2);
  const width = rounded(x.at(now) - from);
  const y = top + (size.row - size.bar) / 2;
  const cut = x.isBeyond(now - age)
    ? `<path class="cut" d="M${from + 10} ${y - 2}l-5 ${size.bar + 4}"/>`
    : "";
  return `<rect x="${rounded(from)}" y="${y}" width="${width}" height="${size.bar}"/>${cut}`;
}

/** A diamond; beyond the edge an arrow. */
function dueMark(nextDue: number | undefined, x: Scale, middle: number): string {
  if (nextDue === undefined) return "";
  const at = x.at(nextDue);
  if (!x.isBeyond(nextDue)) return `<path class="due" d="M${at} ${middle - 6}l6 6l-6 6l-6 -6z"/>`;
  const way = nextDue > x.to ? 7 : -7;
  return `<path class="due" d="M${at} ${middle - 5}l${way} 5l${-way} 5z"/>`;
}

/** What of a line is not in order, or when it is due. */
function shortRemark(line: Assessed, now: number): string {
  const { status, concerns, nextDue, behind } = line;
  if (concerns[0] === "unknown" || concerns[0] === "drift") return status;
  if (concerns[0] === "refused") return "login refused";
  if (behind) return "rotation not finished";
  if (nextDue !== undefined && nextDue <= now) return `overdue ${inWords(now - nextDue)}`;
  if (concerns[0] === "max-age") return `age ${ageOf(line)}`;
  return nextDue === undefined ? "" : `due in ${inWords(nextDue - now)}`;
}

function hover(line: Assessed): string {
  const due = line.nextDue === undefined ? "no due date" : `due ${date(line.nextDue)}`;
  return [line.status, `age ${ageOf(line)}`, due].join(", ");
}

/** Lines at round distances from today, named above and below. */
function axis(x: Scale, now: number, height: number): string {
  const step = roundStep((x.to - x.from) / 8);
  const first = Math.ceil((x.from - now) / step);
  const last = Math.floor((x.to - now) / step);
  const lines: string[] = [];
  for (let n = first; n <= last; n++) {
    const at = x.at(now + n * step);
    const kind = n === 0 ? "today" : "grid";
    lines.push(
      `<path class="${kind}" d="M${at} ${size.axis - 6}V${height - size.axis + 6}"/>`,
      ...[size.axis - 11, height - size.axis + 17].map(
        (y) =>
          `<text class="tick" x="${at}" y="${y}" text-anchor="middle">${tick(n * step)}</text>`,
      ),
    );
  }
  return lines.join("");
}

function tick(distance: number): string {
  if (distance === 0) return "today";
  const days = Math.round(distance / day);
  return days > 0 ? `+${days}d` : `−${-days}d`;
}

function roundStep(least: number): number {
  const days = [1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730];
  const fitting = days.find((each) => each * day >= least);
  return day * (fitting ?? 365 * Math.ceil(least / day / 365));
}
