import { columns } from "./columns";
import { inOneLine } from "./concerns";
import type { Report } from "./report";
import { advice, printable } from "./words";

const gap = "  ";

/** Which columns give way where the line is too long, in this order, and how much is left of them. */
const givingWay: readonly (readonly [title: string, least: number])[] = [
  ["Request", 9],
  ["Account", 34],
  ["Last rotation", 18],
  ["Account", 24],
  ["Last rotation", 5],
  ["Account", 8],
];

/**
 * Aligned columns, a summary below, and what to run next.
 *
 * @param width Characters that a line of the columns may have; the least that they need is 75.
 */
export function table(report: Report, width: number): string {
  const { lines, maxAge, now, stack } = report;
  const summary = inOneLine(lines, maxAge);
  if (lines.length === 0) return `${summary}\n`;
  const rows = [
    columns.map(({ title }) => title.toUpperCase()),
    ...lines.map((line) => columns.map(({ of }) => of(line, now))),
  ];
  const widths = fit(rows, width);
  const text = rows.map((row) =>
    row
      .map((cell, n) => align(clip(cell, widths[n]!, columns[n]!.title), widths[n]!, columns[n]!))
      .join(gap)
      .trimEnd(),
  );
  const heading = stack === undefined ? [] : [`Stack ${printable(stack)}`, ""];
  return [...heading, ...text, "", summary, ...advice(report), ""].join("\n");
}

function fit(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map((_, n) => Math.max(...rows.map((row) => lengthOf(row[n]!))));
  for (const [title, least] of givingWay) {
    const surplus = sum(widths) + gap.length * (widths.length - 1) - width;
    const n = columns.findIndex((column) => column.title === title);
    if (surplus > 0) widths[n] = Math.min(widths[n]!, Math.max(least, widths[n]! - surplus));
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** An account's name tells at both ends which one it is; the rest at its beginning. */
function clip(text: string, width: number, title: string): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const tail = title === "Account" ? Math.floor((width - 1) * 0.6) : 0;
  const head = characters.slice(0, width - 1 - tail).join("");
  return `${head}…${tail === 0 ? "" : characters.slice(-tail).join("")}`;
}

function align(text: string, width: number, { alignRight }: { alignRight?: boolean }): string {
  const space = " ".repeat(Math.max(0, width - lengthOf(text)));
  return alignRight === true ? space + text : text + space;
}

function lengthOf(text: string): number {
  return [...text].length;
}
