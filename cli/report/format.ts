/** The formats, by the names that `--format` takes. */
import { html } from "./html";
import { json } from "./json";
import { markdown } from "./markdown";
import type { Report } from "./report";
import { table } from "./table";

/** To a text that ends with a line end. `width`: characters that a line may have. */
type Write = (report: Report, width: number) => string;

const formats = { table, json, markdown, html } satisfies Record<string, Write>;
export type Format = keyof typeof formats;
export const formatNames = Object.keys(formats);

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

export function formatted(report: Report, format: Format, width: number): string {
  return formats[format](report, width);
}
