import { columns } from "./columns";
import { inOneLine } from "./concerns";
import type { Report } from "./report";
import { advice, printable } from "./words";

/** A table for a comment on a pull request, a summary above, what to run below. */
export function markdown(report: Report): string {
  const { lines, maxAge, now, stack } = report;
  const title = `**Account passwords${stack === undefined ? "" : ` of ${code(printable(stack))}`}**`;
  const rows = lines.map((line) =>
    columns.map((column) => {
      const text = column.of(line, now);
      return column.foreign === true && text !== "" ? code(text) : escaped(text);
    }),
  );
  const rule = columns.map(({ alignRight }) => (alignRight === true ? "---:" : "---"));
  const grid = [columns.map((column) => column.title), rule, ...rows].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  const steps = advice(report).map((each) => `- ${each}`);
  return [
    title,
    "",
    inOneLine(lines, maxAge),
    ...(lines.length === 0 ? [] : ["", ...grid]),
    ...(steps.length === 0 ? [] : ["", ...steps]),
    "",
  ].join("\n");
}

/**
 * As code, because a comment's host makes mentions and links of the words of others. Not between
 * backticks: there nothing can be escaped.
 */
function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** So that every character stands for itself, in a cell of a table. */
function escaped(text: string): string {
  return text
    .replace(/[&<\\`*~[\]!#@${}^]|(?<![a-z0-9])_|_(?![a-z0-9])|:(?=\/\/)/gi, entity)
    .replace(/(?<=www)\./gi, entity)
    .replaceAll("|", "\\|");
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
