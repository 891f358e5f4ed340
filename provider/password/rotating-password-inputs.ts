/** What a `RotatingPassword` accepts, and what is wrong with what it was given. */
import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../secret";
import { consumers as knownConsumers } from "./alphabet";
import type { Shape } from "./alphabet";
import * as calendar from "./calendar";
import { parseTime, timeForm } from "./clock";
import { defaultLength, entropyBits, leastEntropyBits } from "./generator";
import type { PasswordPolicy } from "./policy";
import type { RotationInputs } from "./rotation-schedule";

/** As they reach the provider. In a preview any value may be the sentinel of an unknown one. */
export interface RotatingPasswordInputs extends RotationInputs, Shape {
  /** The policy's name: a corrected rule is not a change of the resource. */
  readonly policy: string;
}

export const argumentNames = [
  "policy",
  "length",
  "keepers",
  "rotateEvery",
  "compromisedBefore",
  "window",
  "spread",
  "consumers",
  "excludeCharacters",
  "initial",
  "initialGeneratedAt",
] as const satisfies readonly (keyof RotatingPasswordInputs)[];

/**
 * What `check` adds. With `ignoreChanges: ["*"]` the engine hands the stored ones back as if the
 * program had given them.
 */
export const computedNames = [
  "version",
  "reason",
  "generatedAt",
  "nextRotation",
  "adoptedAt",
] as const;

/** Inputs and outputs that are passwords. */
export const secretNames = ["initial", "result", "previous", "history"] as const;

/** The class hands it over beside the arguments: no provider is told a resource's name. */
const seedName = "spreadSeed";

/** The most that `rotateEvery` takes, some hundred years. */
export const mostOf = { days: 36_500, weeks: 5_200, months: 1_200 } as const;

export interface Circumstances {
  readonly policies: ReadonlyMap<string, PasswordPolicy>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The last run's inputs, if there was one: what is still the same was accepted then. */
  readonly last: Partial<RotatingPasswordInputs> | undefined;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What cannot be accepted, in words that quote no value but a number. Unknown values pass. */
export function problems(inputs: Inputs, circumstances: Circumstances): string[] {
  return [
    ...unknownArguments(Object.keys(inputs).filter((name) => name !== seedName)),
    ...policyProblems(inputs, circumstances),
    ...shapeProblems(inputs, circumstances),
    ...keeperProblems(inputs),
    ...intervalProblems(inputs),
    ...windowProblems(inputs),
    ...spreadProblems(inputs),
    ...compromiseProblems(inputs, circumstances),
    ...initialProblems(inputs),
    ...dateProblems(inputs, circumstances),
  ];
}

/** Arguments that do not exist: a slip, or a later release's. */
export function unknownArguments(given: readonly string[]): string[] {
  const known: readonly string[] = argumentNames;
  return given
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is not an argument: there are ${argumentNames.join(", ")}`);
}

function policyProblems({ policy }: Inputs, { policies }: Circumstances): string[] {
  if (isUnknown(policy) || (typeof policy === "string" && policies.has(policy))) return [];
  return [`policy must be one of this package's: ${[...policies.keys()].join(", ")}`];
}

function shapeProblems(inputs: Inputs, circumstances: Circumstances): string[] {
  const { length, consumers, excludeCharacters } = inputs;
  const policy = circumstances.policies.get(String(inputs["policy"]));
  const found = [
    ...lengthProblems(length, policy),
    ...consumerProblems(consumers),
    ...exclusionProblems(excludeCharacters),
  ];
  if (found.length > 0 || policy === undefined) return found;
  return strengthProblems(inputs, policy, circumstances);
}

function lengthProblems(length: unknown, policy: PasswordPolicy | undefined): string[] {
  if (length === undefined || isUnknown(length) || policy === undefined) return [];
  const { minLength, maxLength } = policy.strictest;
  if (isWholeNumber(length, minLength, maxLength)) return [];
  return [
    `length must be a whole number from ${minLength} to ${maxLength} for ${policy.name}: it is ${shown(length)}`,
  ];
}

function consumerProblems(consumers: unknown): string[] {
  if (consumers === undefined || isUnknown(consumers)) return [];
  const known = Object.keys(knownConsumers);
  const isKnown = (one: unknown) => isUnknown(one) || known.includes(String(one));
  if (Array.isArray(consumers) && consumers.every(isKnown)) return [];
  return [`consumers must be a list of ${known.join(", ")}`];
}

function exclusionProblems(excluded: unknown): string[] {
  if (excluded === undefined || typeof excluded === "string") return [];
  return ["excludeCharacters must be a string of all the characters that no password may have"];
}

/** What the state has already is not judged again: a corrected rule must not stop anybody's run. */
function strengthProblems(
  inputs: Inputs,
  policy: PasswordPolicy,
  { last }: Circumstances,
): string[] {
  const parts = ["policy", "length", "consumers", "excludeCharacters"] as const;
  const given = parts.map((name) => inputs[name]);
  if (
    last !== undefined &&
    isDeepStrictEqual(
      given,
      parts.map((name) => last[name]),
    )
  )
    return [];
  if (given.flat().some(isUnknown)) return [];
  const shape = inputs as Shape;
  const bits = entropyBits(policy, shape);
  if (bits >= leastEntropyBits) return [];
  const length = shape.length ?? defaultLength(policy);
  const narrowed = [shape.consumers && "consumers", shape.excludeCharacters && "excludeCharacters"];
  const names = narrowed.filter(Boolean).join(" and ");
  const which = `passwords of ${length} characters for ${policy.name}${names && ` with these ${names}`}`;
  return [
    bits === 0
      ? `there are no ${which} at all: the policy demands characters that none of them may have`
      : `${which} have only ${bits} bits of entropy, and at least ${leastEntropyBits} are needed: make length greater${names && ", or allow more characters"}`,
  ];
}

function keeperProblems({ keepers }: Inputs): string[] {
  if (keepers === undefined || isUnknown(keepers)) return [];
  if (!isRecord(keepers)) return ["keepers must be an object of strings"];
  return Object.entries(keepers)
    .filter(([, value]) => typeof value !== "string")
    .map(([name]) => `keepers.${name} must be a string`);
}

function intervalProblems({ rotateEvery }: Inputs): string[] {
  if (rotateEvery === undefined || isUnknown(rotateEvery)) return [];
  if (!isRecord(rotateEvery))
    return ["rotateEvery must be an object: { days }, { weeks } or { months }"];
  const { anchor, ...interval } = present(rotateEvery);
  const names = Object.keys(interval);
  const foreign = names.filter((name) => !(name in mostOf));
  if (foreign.length > 0)
    return foreign.map(
      (name) => `rotateEvery.${name} is not an argument: there are days, weeks, months and anchor`,
    );
  if (names.length !== 1) return ["rotateEvery must have exactly one of days, weeks and months"];
  const found: string[] = [];
  for (const unit of calendar.units) {
    const count = interval[unit];
    if (count !== undefined && !isUnknown(count) && !isWholeNumber(count, 1, mostOf[unit]))
      found.push(
        `rotateEvery.${unit} must be a whole number from 1 to ${mostOf[unit]}: it is ${shown(count)}`,
      );
  }
  if (anchor !== undefined && !isUnknown(anchor) && parseTime(anchor) === undefined)
    found.push(`rotateEvery.anchor must be a date, such as 2026-01-31, or ${timeForm}`);
  return found;
}

function windowProblems({ window, rotateEvery }: Inputs): string[] {
  if (window === undefined || isUnknown(window)) return [];
  if (!isRecord(window)) return ["window must be an object: { days?, from, to, timeZone }"];
  const { days, from, to, timeZone, ...others } = present(window);
  const found = Object.keys(others).map(
    (name) => `window.${name} is not an argument: there are days, from, to and timeZone`,
  );
  if (rotateEvery === undefined)
    found.push("window says when a rotation by rotateEvery may happen, which is missing");
  for (const [name, time] of Object.entries({ from, to }))
    if (!isUnknown(time) && calendar.minutes(time) === undefined)
      found.push(`window.${name} must be a time of day from 00:00 to 24:00, such as 02:30`);
  if (from === to && !isUnknown(from)) found.push("window.from and window.to must differ");
  if (from === "24:00") found.push("window.from must be before 24:00");
  if (!isUnknown(timeZone) && !calendar.isTimeZone(timeZone))
    found.push("window.timeZone must be the IANA name of a time zone, such as Europe/Berlin");
  if (days === undefined || isUnknown(days)) return found;
  const isDay = (name: unknown) => isUnknown(name) || calendar.weekday(name) > 0;
  if (!Array.isArray(days) || days.length === 0 || !days.every(isDay))
    found.push("window.days must be a list of days of the week, such as Saturday or Sat");
  return found;
}

function spreadProblems({ spread, rotateEvery }: Inputs): string[] {
  if (spread === undefined || isUnknown(spread)) return [];
  if (!isRecord(spread)) return ["spread must be an object: { hours }"];
  const { hours, ...others } = present(spread);
  const found = Object.keys(others).map(
    (name) => `spread.${name} is not an argument: there is hours`,
  );
  if (rotateEvery === undefined)
    found.push("spread moves the rotations by rotateEvery, which is missing");
  if (isUnknown(hours) || isUnknown(rotateEvery)) return found;
  if (typeof hours !== "number" || !(hours > 0))
    return [...found, `spread.hours must be a number above 0: it is ${shown(hours)}`];
  const most = hoursOf(rotateEvery);
  if (most !== undefined && hours >= most)
    found.push(`spread.hours must be less than the ${most} hours of rotateEvery: it is ${hours}`);
  return found;
}

/** How long an interval lasts at least. */
function hoursOf(rotateEvery: unknown): number | undefined {
  if (!isRecord(rotateEvery)) return undefined;
  const { unit, count } = calendar.sizeOf(rotateEvery);
  return Number.isInteger(count) && count > 0
    ? count * { days: 24, weeks: 7 * 24, months: 28 * 24 }[unit]
    : undefined;
}

function compromiseProblems({ compromisedBefore }: Inputs, { last, now }: Circumstances): string[] {
  if (compromisedBefore === undefined || isUnknown(compromisedBefore)) return [];
  const time = parseTime(compromisedBefore);
  if (time === undefined) return [`compromisedBefore must be ${timeForm}`];
  // Accepted once, it stays accepted: another machine's clock may be a little behind.
  if (time > now && last?.compromisedBefore !== compromisedBefore)
    return ["compromisedBefore must not be in the future"];
  return [];
}

/** Whatever it is, it is live: no policy is asked. */
function initialProblems({ initial }: Inputs): string[] {
  if (initial === undefined || (typeof initial === "string" && initial !== "")) return [];
  return ["initial must be a string that is not empty"];
}

function dateProblems(
  { initial, initialGeneratedAt: date }: Inputs,
  { last, now }: Circumstances,
): string[] {
  if (date === undefined || isUnknown(date)) return [];
  if (last === undefined && initial === undefined)
    return ["initialGeneratedAt is the date of initial, which is missing"];
  const time = parseTime(date);
  if (time === undefined) return [`initialGeneratedAt must be ${timeForm}`];
  // Accepted once, it stays accepted: another machine's clock may be a little behind.
  if (time > now && last?.initialGeneratedAt !== date)
    return ["initialGeneratedAt must not be in the future"];
  return [];
}

function isWholeNumber(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** Without what was not given: a program may write `window: { days: maybe, … }`. */
function present(record: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && value !== null),
  );
}

function isRecord(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number is shown; anything else is somebody's slip, and might be somebody's password. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "number" ? String(value) : "not a number";
}
