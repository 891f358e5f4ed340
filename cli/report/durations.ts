/** Spans of time as the report reads and writes them. */

const hour = 60 * 60 * 1000;
export const day = 24 * hour;
const units: Readonly<Record<string, number>> = { h: hour, d: day, w: 7 * day };

/** A span as the user gave it. */
export interface Duration {
  readonly text: string;
  readonly milliseconds: number;
}

/** Such as `36h`, `90d`, `12w`; `undefined`: it is none. */
export function parseDuration(text: string): Duration | undefined {
  const [, count, unit = ""] = /^([1-9]\d{0,5})([hdw])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (units[unit] ?? NaN);
  return Number.isNaN(milliseconds) ? undefined : { text, milliseconds };
}

/** Whole days, below one day whole hours: `92d`, `5h`. */
export function inWords(milliseconds: number): string {
  return milliseconds < day
    ? `${Math.floor(milliseconds / hour)}h`
    : `${Math.floor(milliseconds / day)}d`;
}
