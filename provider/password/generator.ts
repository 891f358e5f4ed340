/**
 * Draws passwords that follow a policy's strictest rule.
 *
 * Every password that satisfies the rule is equally likely: each character is drawn uniformly from
 * the whole alphabet, and a password that breaks the rule is thrown away as a whole. (Placing one
 * character of each class and shuffling is quicker and biased: a password with two digits of 24
 * would be as likely as one with eight.)
 */
import { randomInt } from "node:crypto";
import { AccountPasswordError } from "../errors";
import type { PasswordPolicy, PasswordRule } from "./policy";

/** Characters. The policy's maximum where that is smaller. */
const usualLength = 24;

/**
 * With the package's policies about every second try succeeds (ServiceComb at 8 characters, the
 * worst: every fourth), so more than this many failures mean that no password can satisfy the
 * rule.
 */
const maxTries = 10_000;

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";

export interface GenerateOptions {
  /** Characters. @default The smaller of 24 and the policy's maximum */
  readonly length?: number | undefined;
}

/** The length of a password for which none is given. */
export function defaultLength(policy: PasswordPolicy): number {
  return Math.min(usualLength, policy.strictest.maxLength);
}

/**
 * A new password from the operating system's random source.
 *
 * It has at least one character of each class that the policy's strictest rule allows. That it is
 * not the account's name, which ServiceComb forbids, is left to chance: less than one in 10^14.
 *
 * @throws {AccountPasswordError} `INTERNAL` when no password of this length satisfies the policy.
 */
export function generatePassword(
  policy: PasswordPolicy,
  { length = defaultLength(policy) }: GenerateOptions = {},
): string {
  const classes = characterClasses(policy.strictest);
  const alphabet = classes.join("");
  for (let tries = 0; tries < maxTries; tries++) {
    const value = draw(alphabet, length);
    if (hasAll(classes, value) && satisfies(policy, value)) return value;
  }
  throw new AccountPasswordError(
    "INTERNAL",
    `Cannot generate a password: none of ${length} characters satisfies the policy ${policy.name}`,
  );
}

/** The kinds of character that the rule allows, each with its members. */
function characterClasses(rule: PasswordRule): readonly string[] {
  return [lower, upper, digits, rule.symbols].filter((members) => members !== "");
}

function draw(alphabet: string, length: number): string {
  let value = "";
  // `randomInt` has no modulo bias: it draws again what would cause one.
  for (let i = 0; i < length; i++) value += alphabet.charAt(randomInt(alphabet.length));
  return value;
}

function hasAll(classes: readonly string[], value: string): boolean {
  return classes.every((members) => [...value].some((character) => members.includes(character)));
}

function satisfies(policy: PasswordPolicy, value: string): boolean {
  return policy.violations(value).length === 0 && policy.warnings(value).length === 0;
}
