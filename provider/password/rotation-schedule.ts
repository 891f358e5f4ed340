/**
 * When a generated password rotates, and why. Pure: the time is an argument.
 *
 * In a preview an input may not be known yet. Then it is not known either whether a rotation is
 * due, and the record says just that: a preview that claimed a rotation, or none, might be wrong.
 */
import { createHash } from "node:crypto";
import { isUnknown } from "../secret";
import * as calendar from "./calendar";
import type { Period, Window } from "./calendar";
import { isoTime, parseTime } from "./clock";

/**
 * How a value reads that only the update will know. Pulumi has one text for each type, but its
 * Node.js SDK understands this one alone, whatever the type.
 */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export type Unknown = typeof unknown;

/** What of a generator's inputs says when it rotates. */
export interface RotationInputs {
  readonly keepers?: Readonly<Record<string, string>> | Unknown;
  readonly rotateEvery?: RotationInterval | Unknown;
  /** ISO time: what was generated before it rotates. */
  readonly compromisedBefore?: string;
  readonly window?: Window | Unknown;
  readonly spread?: { readonly hours: number } | Unknown;
  /** What the offset within `spread` is drawn from. */
  readonly spreadSeed?: string;
  readonly initial?: string;
  readonly initialGeneratedAt?: string;
}

/** Any value within may be unknown. */
export interface RotationInterval extends Period {
  /** ISO date or time: the calendar's, instead of the last generation. */
  readonly anchor?: string;
}

/** The plain computed inputs: what a reader of a preview sees of a rotation. */
export interface RotationRecord {
  /** 0: an existing password was adopted. Each rotation adds 1. */
  readonly version: number | Unknown;
  /** Why this version was made. */
  readonly reason: string;
  /** ISO time. `""`: an adopted password of unknown age. */
  readonly generatedAt: string;
  /** ISO time from which on the next rotation is due. `""`: never by age. */
  readonly nextRotation: string;
  /** ISO time at which `initial` was adopted. */
  readonly adoptedAt?: string | undefined;
}

/** What the last run recorded: the inputs that were in force then, and its decision. */
export type RecordedRotation = RotationInputs & RotationRecord & { readonly version: number };

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/**
 * The record for a run at the time `now`.
 *
 * @param last What the last successful run recorded; `undefined` for a new generator.
 */
export function schedule(
  last: RecordedRotation | undefined,
  news: RotationInputs,
  now: number,
): RotationRecord {
  if (last === undefined) return begin(news, now);
  const kept = keep(last, news);
  const causes = [
    ...changedKeepers(last, news),
    ...compromised(kept, news, now),
    ...tooOld(kept, news, now),
  ];
  if (causes.length === 0) return kept;
  return rotate(kept, causes, news, now);
}

function begin(news: RotationInputs, now: number): RotationRecord {
  const record: Omit<RotationRecord, "nextRotation"> =
    news.initial === undefined
      ? { version: 1, reason: "first", generatedAt: isoTime(now) }
      : {
          version: 0,
          reason: "initial",
          generatedAt: normalTime(news.initialGeneratedAt ?? ""),
          adoptedAt: isoTime(now),
        };
  return withNextRotation(record, news);
}

/** The record as it is without a rotation. */
function keep(last: RecordedRotation, news: RotationInputs): RotationRecord {
  const { version, reason, adoptedAt } = last;
  // While the adopted password is in force, its date may still be learned; taking the argument out
  // of the program does not unlearn it.
  const learned = version === 0 ? news.initialGeneratedAt : undefined;
  const generatedAt = learned === undefined ? last.generatedAt : normalTime(learned);
  return withNextRotation({ version, reason, generatedAt, adoptedAt }, news);
}

/**
 * @param causes In order of precedence, not empty. When all are unknown, so is whether there is a
 *   rotation; when only the first is, there is one, for a reason not known yet.
 */
function rotate(
  kept: RotationRecord,
  causes: readonly string[],
  news: RotationInputs,
  now: number,
): RotationRecord {
  const { adoptedAt } = kept;
  const reason = causes[0] ?? unknown;
  if (kept.version === unknown || causes.every((cause) => cause === unknown))
    return { version: unknown, reason, generatedAt: unknown, nextRotation: unknown, adoptedAt };
  const version = kept.version + 1;
  return withNextRotation({ version, reason, generatedAt: isoTime(now), adoptedAt }, news);
}

/** One cause for each keeper that was added, removed or changed, in the order of their names. */
function changedKeepers(olds: RotationInputs, news: RotationInputs): string[] {
  if (unknownValue(news.keepers) || unknownValue(olds.keepers)) return [unknown];
  const before = olds.keepers ?? {};
  const after = news.keepers ?? {};
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((name) => before[name] !== after[name])
    .map((name) => (isUnknown(after[name]) ? unknown : `keeper ${JSON.stringify(name)} changed`));
}

/**
 * A password of unknown age may have been made before any moment; so may one that was made far in
 * the future, by a clock that was wrong.
 */
function compromised(
  { generatedAt }: RotationRecord,
  { compromisedBefore }: RotationInputs,
  now: number,
): string[] {
  if (compromisedBefore === undefined) return [];
  if (isUnknown(compromisedBefore) || isUnknown(generatedAt)) return [unknown];
  const since = parseTime(generatedAt) ?? -Infinity;
  const isOlder = since < (parseTime(compromisedBefore) ?? -Infinity) || since > now + day;
  return isOlder ? [`compromised before ${compromisedBefore}`] : [];
}

function tooOld(kept: RotationRecord, news: RotationInputs, now: number): string[] {
  const due = nextDue(kept, news);
  if (due === undefined) return [];
  if (due === unknown) return [unknown];
  // A run may come after the window in which it was due: then it waits for the next one.
  const isTime = now >= due.at && within(news.window, now) === now;
  return isTime ? [due.reason(now)] : [];
}

function withNextRotation(
  record: Omit<RotationRecord, "nextRotation">,
  news: RotationInputs,
): RotationRecord {
  const due = nextDue(record, news);
  if (due === undefined) return { ...record, nextRotation: "" };
  return { ...record, nextRotation: due === unknown ? unknown : isoTime(due.at) };
}

interface Due {
  /** Milliseconds since 1970, from which on the rotation is due. */
  readonly at: number;
  /** What a rotation at the time `now` is due to. */
  reason(now: number): string;
}

/** When the password of this record is to rotate by age or calendar. `undefined`: never. */
function nextDue(
  {
    generatedAt,
    adoptedAt,
    reason: lastReason,
  }: Pick<RotationRecord, "generatedAt" | "adoptedAt" | "reason">,
  { rotateEvery, window, spread, spreadSeed }: RotationInputs,
): Due | Unknown | undefined {
  if (rotateEvery === undefined) return undefined;
  const from = generatedAt === "" ? adoptedAt : generatedAt;
  if ([from, rotateEvery, window, spread, spreadSeed].some(hasUnknown)) return unknown;
  const since = parseTime(from);
  if (since === undefined) return undefined;

  const interval = rotateEvery as RotationInterval;
  const timeZone = (window as Window | undefined)?.timeZone ?? calendar.utc;
  const offset = offsetIn((spread as { hours: number } | undefined)?.hours ?? 0, spreadSeed ?? "");
  if (interval.anchor === undefined) {
    const at = within(window, calendar.after(since, interval, timeZone) + offset);
    return at === undefined ? undefined : { at, reason: (now) => ageReason(now - since, interval) };
  }
  const anchor = anchorTime(interval.anchor, timeZone);
  const occurrencesAt = (moment: number) =>
    calendar.occurrences(anchor, interval, timeZone, moment);
  // A rotation that spread or window made late may come after the next occurrence: that one is not
  // served by it.
  const { next } = occurrencesAt(served(lastReason, timeZone, occurrencesAt) ?? since);
  const at = within(window, next + offset);
  if (at === undefined) return undefined;
  const reason = (now: number) => {
    const newest = Math.max(next, occurrencesAt(now - offset).last ?? next);
    return `${byCalendar}${calendar.dateIn(timeZone, newest)}`;
  };
  return { at, reason };
}

const byCalendar = "calendar ";

/** The occurrence for which the last rotation was, if it was for one. */
function served(
  reason: string,
  timeZone: string,
  occurrencesAt: (moment: number) => { readonly next: number },
): number | undefined {
  if (!reason.startsWith(byCalendar)) return undefined;
  const date = reason.slice(byCalendar.length);
  const { next } = occurrencesAt(calendar.midnight(date, timeZone) - 1);
  // After another anchor or interval was given it is none.
  return calendar.dateIn(timeZone, next) === date ? next : undefined;
}

/** A date alone begins at midnight where the window is. */
export function anchorTime(anchor: string, timeZone: string): number {
  return anchor.includes("T") ? (parseTime(anchor) ?? NaN) : calendar.midnight(anchor, timeZone);
}

/** The first moment from `moment` on at which a due rotation may happen. */
function within(window: Window | Unknown | undefined, moment: number): number | undefined {
  return window === undefined ? moment : calendar.nextWithin(window as Window, moment);
}

/** The same milliseconds for the same seed, evenly spread over the hours. */
function offsetIn(hours: number, seed: string): number {
  const share = createHash("sha256").update(seed).digest().readUIntBE(0, 6) / 2 ** 48;
  return Math.floor(share * hours * hour);
}

function ageReason(elapsed: number, interval: RotationInterval): string {
  const { unit, count } = calendar.sizeOf(interval);
  const age = Math.floor(elapsed / day);
  if (unit === "months") return `age ${age} days >= ${count} ${count === 1 ? "month" : "months"}`;
  const limit = unit === "weeks" ? 7 * count : count;
  if (age > limit) return `age ${age} days > ${limit}`;
  // One of the days may have had 23 hours.
  return `age ${limit} ${limit === 1 ? "day" : "days"}`;
}

/** A given time in full, as it was written; a date alone as its midnight. */
function normalTime(text: string): string {
  const time = parseTime(text);
  return time === undefined || text.includes("T") ? text : isoTime(time);
}

function unknownValue(value: unknown): value is Unknown {
  return isUnknown(value);
}

/** Whether any part is unknown. */
function hasUnknown(value: unknown): boolean {
  return (
    isUnknown(value) ||
    (typeof value === "object" && value !== null && Object.values(value).some(hasUnknown))
  );
}
