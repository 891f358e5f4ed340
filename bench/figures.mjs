// Medians, and how figures are printed.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median, and between what the single values lie: one median says nothing about the noise. */
export function spread(values, digits) {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)];
  const [text, from, to] = [middle, low, high].map((value) => value.toFixed(digits));
  return from === to ? text : `${text} (${from} to ${to})`;
}

export function met(value, budget) {
  return value <= budget ? "yes" : "NO";
}

/** Prints rows as a Markdown table, with the keys of the first row as its head. */
export function table(title, rows) {
  const columns = Object.keys(rows[0]);
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  const line = (texts) => `| ${texts.map((text, i) => text.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...body] = cells;
  const rule = widths.map((width) => "-".repeat(width));
  console.log(`\n${title}\n\n${[head, rule, ...body].map(line).join("\n")}`);
}
