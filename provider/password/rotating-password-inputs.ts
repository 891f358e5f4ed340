/** What a `RotatingPassword` accepts, and what is wrong with what it was given. */
import { isUnknown } from "../secret";
import { parseTime, timeForm } from "./clock";
import type { PasswordPolicy } from "./policy";
import type { RotationInputs } from "./rotation-schedule";

/** As they reach the provider. In a preview any value may be the sentinel of an unknown one. */
export interface RotatingPasswordInputs extends RotationInputs {
  /** The policy's name: a corrected rule is not a change of the resource. */
  readonly policy: string;
  readonly length?: number;
}

export const argumentNames = [
  "policy",
  "length",
  "keepers",
  "rotateEvery",
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

/** The most that `rotateEvery` takes, some hundred years. */
const maxDays = 36_500;

export interface Circumstances {
  readonly policies: ReadonlyMap<string, PasswordPolicy>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The last run's inputs, if there was one: what is still the same was accepted then. */
  readonly last: RotationInputs | undefined;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What cannot be accepted, in words that quote no value but a number. Unknown values pass. */
export function problems(inputs: Inputs, circumstances: Circumstances): string[] {
  return [
    ...unknownArguments(Object.keys(inputs)),
    ...policyProblems(inputs, circumstances),
    ...lengthProblems(inputs, circumstances),
    ...keeperProblems(inputs),
    ...intervalProblems(inputs),
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

function lengthProblems({ policy, length }: Inputs, { policies }: Circumstances): string[] {
  const rule = typeof policy === "string" ? policies.get(policy)?.strictest : undefined;
  if (length === undefined || isUnknown(length) || rule === undefined) return [];
  const { minLength, maxLength } = rule;
  if (isWholeNumber(length, minLength, maxLength)) return [];
  return [
    `length must be a whole number from ${minLength} to ${maxLength} for ${String(policy)}: it is ${shown(length)}`,
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
  if (!isRecord(rotateEvery)) return ["rotateEvery must be an object: { days }"];
  const { days, ...others } = rotateEvery;
  const names = Object.keys(others);
  if (names.length > 0)
    return names.map((name) => `rotateEvery.${name} is not an argument: there is days`);
  if (isUnknown(days) || isWholeNumber(days, 1, maxDays)) return [];
  return [`rotateEvery.days must be a whole number from 1 to ${maxDays}: it is ${shown(days)}`];
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

function isRecord(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number is shown; anything else is somebody's slip, and might be somebody's password. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "number" ? String(value) : "not a number";
}
