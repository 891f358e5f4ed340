/** What a `RotatingPassword` accepts, and what is wrong with what it was given. */
import { AccountPasswordError } from "../errors";
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

/** As Pulumi's `CheckFailure`. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

export interface Circumstances {
  readonly policies: ReadonlyMap<string, PasswordPolicy>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The last run's inputs, if there was one: what is still the same was accepted then. */
  readonly last: RotationInputs | undefined;
}

/** What cannot be accepted, in words that name no password. Unknown values pass. */
export function problems(
  inputs: Readonly<Record<string, unknown>>,
  circumstances: Circumstances,
): Problem[] {
  const found: Problem[] = [
    ...unknownArguments(Object.keys(inputs), [...argumentNames, ...computedNames]),
    ...policyProblems(inputs, circumstances),
    ...lengthProblems(inputs, circumstances),
    ...keeperProblems(inputs),
    ...intervalProblems(inputs),
    ...initialProblems(inputs, circumstances),
  ];
  return found.map(({ property, reason }) => ({ property, reason: withCode(reason) }));
}

/** Arguments that do not exist: a typing error, or a later release's. */
export function unknownArguments(
  given: readonly string[],
  known: readonly string[] = argumentNames,
): Problem[] {
  return given
    .filter((name) => !known.includes(name))
    .map((name) => ({
      property: name,
      reason: `${name} is not an argument of RotatingPassword: there are ${argumentNames.join(", ")}`,
    }));
}

type Inputs = Readonly<Record<string, unknown>>;

function policyProblems({ policy }: Inputs, { policies }: Circumstances): Problem[] {
  if (isUnknown(policy) || (typeof policy === "string" && policies.has(policy))) return [];
  const names = [...policies.keys()].join(", ");
  return [{ property: "policy", reason: `policy must be one of this package's: ${names}` }];
}

function lengthProblems({ policy, length }: Inputs, { policies }: Circumstances): Problem[] {
  const rule = typeof policy === "string" ? policies.get(policy)?.strictest : undefined;
  if (length === undefined || isUnknown(length) || rule === undefined) return [];
  const { minLength, maxLength } = rule;
  if (isWholeNumber(length, minLength, maxLength)) return [];
  const reason = `length must be a whole number from ${minLength} to ${maxLength} for ${String(policy)}: it is ${shown(length)}`;
  return [{ property: "length", reason }];
}

function keeperProblems({ keepers }: Inputs): Problem[] {
  if (keepers === undefined || isUnknown(keepers)) return [];
  if (!isRecord(keepers))
    return [{ property: "keepers", reason: "keepers must be an object of strings" }];
  return Object.entries(keepers)
    .filter(([, value]) => typeof value !== "string")
    .map(([name]) => ({ property: `keepers.${name}`, reason: "a keeper must be a string" }));
}

function intervalProblems({ rotateEvery }: Inputs): Problem[] {
  if (rotateEvery === undefined || isUnknown(rotateEvery)) return [];
  if (!isRecord(rotateEvery))
    return [{ property: "rotateEvery", reason: "rotateEvery must be an object: { days }" }];
  const found = Object.keys(rotateEvery)
    .filter((name) => name !== "days")
    .map((name) => ({
      property: `rotateEvery.${name}`,
      reason: `${name} is not an argument of rotateEvery: there is days`,
    }));
  const { days } = rotateEvery;
  if (!isUnknown(days) && !isWholeNumber(days, 1, maxDays))
    found.push({
      property: "rotateEvery.days",
      reason: `days must be a whole number from 1 to ${maxDays}: it is ${shown(days)}`,
    });
  return found;
}

function initialProblems(
  { initial, initialGeneratedAt }: Inputs,
  { last, now }: Circumstances,
): Problem[] {
  const found: Problem[] = [];
  if (initial !== undefined && (typeof initial !== "string" || initial === ""))
    found.push({ property: "initial", reason: "initial must be a password that is not empty" });

  if (initialGeneratedAt === undefined || isUnknown(initialGeneratedAt)) return found;
  const property = "initialGeneratedAt";
  if (last === undefined && initial === undefined)
    found.push({ property, reason: "initialGeneratedAt is the date of initial, which is missing" });
  const time = parseTime(initialGeneratedAt);
  if (time === undefined)
    found.push({ property, reason: `initialGeneratedAt must be ${timeForm}` });
  // Accepted once, it stays accepted: another machine's clock may be a little behind.
  else if (time > now && last?.initialGeneratedAt !== initialGeneratedAt)
    found.push({ property, reason: "initialGeneratedAt must not be in the future" });
  return found;
}

function isWholeNumber(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number is shown; anything else is somebody's mistake, and might be somebody's password. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : "not a number";
}

function withCode(reason: string): string {
  return new AccountPasswordError("INVALID_ARGUMENT", reason).message;
}
