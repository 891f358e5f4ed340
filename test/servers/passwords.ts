// Passwords that use all that a policy's loosest rule allows: every symbol, every length.
import type { PasswordPolicy } from "../../provider/password/policy";

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * One after the other, each another one than the one before it; the first few have every symbol
 * between them.
 *
 * @param random Numbers from 0 to below 1.
 */
export function* hardPasswords(policy: PasswordPolicy, random: () => number): Generator<string> {
  const { symbols, minLength, maxLength } = policy.loosest;
  const start = "aB1";
  const room = maxLength - start.length;
  for (let from = 0; from < symbols.length; from += room)
    yield (start + symbols.slice(from, from + room)).padEnd(minLength, symbols);
  const alphabet = lettersAndDigits + symbols.repeat(2);
  for (;;) {
    const length = minLength + Math.floor(random() * (maxLength - minLength + 1));
    const drawn = Array.from({ length }, () =>
      alphabet.charAt(Math.floor(random() * alphabet.length)),
    ).join("");
    if (policy.violations(drawn).length === 0) yield drawn;
  }
}
