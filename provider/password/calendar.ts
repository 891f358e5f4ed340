/** Calendar arithmetic: periods, weekdays and time zones, by the library luxon. */
import type * as luxonModule from "luxon";
import type { DateTime } from "luxon";

/** Exactly one unit. */
export interface Period {
  readonly days?: number;
  readonly weeks?: number;
  readonly months?: number;
}

/** Hours of some days of the week, in a time zone. Checked before it comes here. */
export interface Window {
  /** English names of days of the week. Absent: all. */
  readonly days?: readonly string[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, up to `24:00`; before `from`: on the next day. */
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

export const units = ["days", "weeks", "months"] as const;
export const utc = "UTC";

const day = 24 * 60 * 60 * 1000;
const longestDays = { days: 1, weeks: 7, months: 31 } as const;

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Of the only unit that is given. */
export function sizeOf(period: Period): { unit: (typeof units)[number]; count: number } {
  const unit = units.find((name) => period[name] !== undefined) ?? "days";
  return { unit, count: period[unit] ?? 0 };
}

/** `times` periods after a moment. The last day of a shorter month stands for the missing ones. */
export function after(since: number, period: Period, timeZone: string, times = 1): number {
  const { unit, count } = sizeOf(period);
  return local(since, timeZone)
    .plus({ [unit]: count * times })
    .toMillis();
}

/**
 * The moments `anchor`, one period after it, two periods after it …: the last that is not after
 * `moment`, and the one that follows. Each is counted from the anchor, so that nothing adds up: a
 * month after 31 January is 28 February, two months after it 31 March.
 */
export function occurrences(
  anchor: number,
  period: Period,
  timeZone: string,
  moment: number,
): { readonly last: number | undefined; readonly next: number } {
  const { unit, count } = sizeOf(period);
  // At least so many have passed, a day with 25 hours and months with 31 days allowed for.
  const longest = count * longestDays[unit] * day;
  let times = Math.max(0, Math.floor((moment - day - anchor) / longest));
  let last: number | undefined;
  let next = after(anchor, period, timeZone, times);
  while (next <= moment) {
    last = next;
    next = after(anchor, period, timeZone, ++times);
  }
  return { last, next };
}

/** The first moment from `moment` on that is in the window; `undefined`: none in two weeks. */
export function nextWithin(window: Window, moment: number): number | undefined {
  const today = local(moment, window.timeZone).startOf("day");
  const days = (window.days ?? []).map(weekday);
  const [from, to] = [minutes(window.from) ?? 0, minutes(window.to) ?? 0];
  // From yesterday on: a window may last over midnight.
  for (let n = -1; n < 15; n++) {
    // Yesterday of a Monday is a Sunday.
    if (days.length > 0 && !days.includes(((today.weekday + n + 6) % 7) + 1)) continue;
    const date = today.plus({ days: n });
    const start = timeOfDay(date, from);
    const end = timeOfDay(to > from ? date : date.plus({ days: 1 }), to);
    // A window that lies within the hour that is skipped in spring is none that day.
    if (Math.max(moment, start) < end) return Math.max(moment, start);
  }
  return undefined;
}

/** The day of the calendar there, as `2026-04-01`. */
export function dateIn(timeZone: string, moment: number): string {
  return local(moment, timeZone).toISODate() ?? "";
}

/** The midnight with which a day of the calendar begins there. */
export function midnight(date: string, timeZone: string): number {
  return luxon().DateTime.fromISO(date, { zone: timeZone }).toMillis();
}

export function isTimeZone(name: unknown): name is string {
  return typeof name === "string" && name !== "" && luxon().IANAZone.isValidZone(name);
}

/** Minutes since midnight of `HH:MM`; `undefined`: it is no time of day. */
export function minutes(text: unknown): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(String(text)) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const since = Number(hour) * 60 + Number(minute);
  return since <= 24 * 60 ? since : undefined;
}

/** 1 for Monday to 7 for Sunday, by its English name or the first three letters; 0: none of them. */
export function weekday(name: unknown): number {
  const given = String(name).toLowerCase();
  return weekdays.findIndex((known) => known === given || known.slice(0, 3) === given) + 1;
}

function local(moment: number, timeZone: string): DateTime {
  return luxon().DateTime.fromMillis(moment, { zone: timeZone });
}

function timeOfDay(date: DateTime, since: number): number {
  // Not added to midnight: on two days of the year that is an hour off.
  if (since === 24 * 60) return date.plus({ days: 1 }).startOf("day").toMillis();
  const time = date.set({ hour: Math.floor(since / 60), minute: since % 60 });
  const exists = time.hour * 60 + time.minute === since;
  // In the hour that is skipped in spring: the first moment after it.
  return (exists ? time : time.startOf("hour")).toMillis();
}

/** Loaded when a schedule first needs it: most programs only declare one. */
function luxon(): typeof luxonModule {
  return require("luxon") as typeof luxonModule;
}
