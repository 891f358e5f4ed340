/**
 * When a generated password rotates, and why. Pure: the time is an argument.
 *
 * In a preview an input may not be known yet. Then it is not known either whether a rotation is
 * due, and the record says just that: a preview that claimed a rotation, or none, might be wrong.
 */
import { isUnknown } from "../secret";
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
  readonly initial?: string;
  readonly initialGeneratedAt?: string;
}

export interface RotationInterval {
  readonly days: number | Unknown;
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

const day = 24 * 60 * 60 * 1000;

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
  const causes = [...changedKeepers(last, news), ...tooOld(kept, news, now)];
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

function tooOld(kept: RotationRecord, news: RotationInputs, now: number): string[] {
  const due = nextDue(kept, news);
  if (due === undefined) return [];
  if (due === unknown) return [unknown];
  return now < due.at ? [] : [due.reason(now)];
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

/** When the password of this record is to rotate by its age. `undefined`: never. */
function nextDue(
  { generatedAt, adoptedAt }: Pick<RotationRecord, "generatedAt" | "adoptedAt">,
  { rotateEvery }: RotationInputs,
): Due | Unknown | undefined {
  if (rotateEvery === undefined) return undefined;
  const from = generatedAt === "" ? adoptedAt : generatedAt;
  if (isUnknown(from) || unknownValue(rotateEvery) || unknownValue(rotateEvery.days))
    return unknown;
  const since = parseTime(from);
  if (since === undefined) return undefined;
  const { days } = rotateEvery;
  return { at: since + days * day, reason: (now) => ageReason(now - since, days) };
}

function ageReason(elapsed: number, limit: number): string {
  const age = Math.floor(elapsed / day);
  if (age > limit) return `age ${age} days > ${limit}`;
  return `age ${age} ${age === 1 ? "day" : "days"}`;
}

/** A given time in full, as it was written; a date alone as its midnight. */
function normalTime(text: string): string {
  const time = parseTime(text);
  return time === undefined || text.includes("T") ? text : isoTime(time);
}

function unknownValue(value: unknown): value is Unknown {
  return isUnknown(value);
}
