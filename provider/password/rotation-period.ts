import { AccountPasswordError } from "../errors";
import * as calendar from "./calendar";
import type { Period } from "./calendar";
import { isoTime, parseTime, rotationClock, timeForm } from "./clock";
import { anchorTime } from "./rotation-schedule";

export interface RotationPeriodArgs {
  /** Exactly one of `days`, `weeks` and `months`: whole numbers from 1 on. */
  every: Period;
  /** When the first period begins: a date, such as `"2026-01-01"` (midnight, UTC), or an ISO time. */
  anchor: string;
  /**
   * ISO time in UTC, or a date; not in the future. Begins a new period at that moment, if it lies
   * in the present one. Leave it in until the next period has begun: without it the old text is
   * back, and rotates again.
   *
   * @default None
   */
  compromisedBefore?: string | undefined;
  /**
   * For which moment.
   *
   * @default Now; the environment variable `ACCOUNT_PASSWORDS_NOW` sets it for tests
   */
  at?: Date | string | undefined;
}

/**
 * A text that stays the same for one period and is another one in the next: a keeper that rotates a
 * `RandomPassword` of `@pulumi/random` on the calendar. Pure but for the default of `at`.
 *
 * ```ts
 * new random.RandomPassword("orders", {
 *   ...tencentcloud.PostgresqlAccountPassword.policy.randomPasswordArgs(),
 *   keepers: { period: rotationPeriod({ every: { days: 90 }, anchor: "2026-01-01" }) },
 * });
 * ```
 *
 * Periods are counted from the anchor, so they never drift: of months from 31 January one begins on
 * 28 February and the next on 31 March.
 *
 * @returns When the present period began, such as `2026-04-01`; before the anchor, `before
 *   2026-01-01`.
 * @throws {@link AccountPasswordError} `INVALID_ARGUMENT`.
 */
export function rotationPeriod(args: RotationPeriodArgs): string {
  const { every, anchor, compromisedBefore, at } = args;
  const unknown = Object.keys(args).find((name) => !argumentNames.includes(name));
  if (unknown !== undefined)
    throw refuse(`${unknown} is not an argument: there are ${argumentNames.join(", ")}`);
  const names = Object.entries(every ?? {})
    .filter(([, count]) => count !== undefined)
    .map(([name]) => name);
  const { unit, count } = calendar.sizeOf(every ?? {});
  if (names.join() !== unit || !Number.isInteger(count) || count < 1)
    throw refuse("every must have exactly one of days, weeks and months, a whole number from 1 on");
  const start = required("anchor", anchor, `a date, such as 2026-01-01, or ${timeForm}`);
  const now = at === undefined ? rotationClock() : timeOf(at);
  const compromised =
    compromisedBefore === undefined
      ? undefined
      : required("compromisedBefore", compromisedBefore, timeForm);
  if (compromised !== undefined && compromised > now)
    throw refuse("compromisedBefore must not be in the future");

  const { last: began } = calendar.occurrences(start, every, calendar.utc, now);
  if (compromised !== undefined && compromised > (began ?? -Infinity))
    return `compromised before ${dateOrTime(compromised)}`;
  if (began === undefined) return `before ${dateOrTime(start)}`;
  return dateOrTime(began);
}

const argumentNames = ["every", "anchor", "compromisedBefore", "at"];

/** The same text for the same moment, however it was written. */
function dateOrTime(moment: number): string {
  return isoTime(moment).replace("T00:00:00.000Z", "");
}

function timeOf(at: Date | string): number {
  const time = at instanceof Date ? at.getTime() : parseTime(at);
  if (time === undefined || Number.isNaN(time)) throw refuse(`at must be a Date or ${timeForm}`);
  return time;
}

function required(name: string, text: string, form: string): number {
  if (parseTime(text) === undefined) throw refuse(`${name} must be ${form}`);
  return anchorTime(text, calendar.utc);
}

function refuse(why: string): AccountPasswordError {
  return new AccountPasswordError("INVALID_ARGUMENT", `Cannot tell a rotation period: ${why}`);
}
