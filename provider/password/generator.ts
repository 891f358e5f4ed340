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
import { characterClasses, mayBegin } from "./alphabet";
import type { Shape } from "./alphabet";
import type { PasswordPolicy } from "./policy";

/** Characters. The policy's maximum where that is smaller. */
const usualLength = 24;

/** Fewer than so many bits are not accepted. */
export const leastEntropyBits = 80;

/**
 * With the package's policies about every second try succeeds (ServiceComb at 8 characters, the
 * worst: every fourth), so more than this many failures mean that no password can satisfy the
 * rule.
 */
const maxTries = 10_000;

/** The length of a password for which none is given. */
export function defaultLength(policy: PasswordPolicy): number {
  return Math.min(usualLength, policy.strictest.maxLength);
}

/**
 * A new password from the operating system's random source.
 *
 * It has at least one character of each class that the policy's strictest rule and all consumers
 * allow. That it is not the account's name, which ServiceComb forbids, is left to chance: less than
 * one in 10^14.
 *
 * @throws {AccountPasswordError} `INTERNAL` when no password of this length satisfies the policy.
 */
export function generatePassword(
  policy: PasswordPolicy,
  { length = defaultLength(policy), ...shape }: Shape = {},
): string {
  const classes = characterClasses(policy, shape);
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

/**
 * How hard such a password is to guess: the binary logarithm of how many there are, rounded down to
 * a tenth. Each is equally likely, so it is exact. 0: there is none.
 *
 * Counted by inclusion and exclusion: all words of the alphabet, without those that lack a class,
 * with those that lack two, and so on.
 */
export function entropyBits(policy: PasswordPolicy, shape: Shape = {}): number {
  const { length = defaultLength(policy) } = shape;
  const classes = characterClasses(policy, shape);
  if (!canSatisfy(policy, classes)) return 0;
  let passwords = 0;
  for (let subset = 0; subset < 1 << classes.length; subset++) {
    const members = classes.filter((_, nth) => (subset & (1 << nth)) === 0);
    const alphabet = members.join("");
    const first = [...alphabet].filter((character) => mayBegin(policy.strictest, character)).length;
    const sign = (classes.length - members.length) % 2 === 0 ? 1 : -1;
    passwords += sign * first * alphabet.length ** (length - 1);
  }
  return passwords < 1 ? 0 : Math.floor(Math.log2(passwords) * 10) / 10;
}

/** Whether the classes that are left include those that the policy demands. */
function canSatisfy(policy: PasswordPolicy, classes: readonly string[]): boolean {
  const [begin = "", ...others] = classes;
  const first = [...begin].find((character) => mayBegin(policy.strictest, character));
  if (first === undefined) return false;
  // One of each is all that the policies of this package ask for.
  const sample = first + others.map((members) => members.charAt(0)).join("");
  return satisfies(policy, sample.padStart(policy.strictest.minLength, first));
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
