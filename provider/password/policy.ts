/**
 * A password policy as data, and the two questions asked of it: what is wrong with a value, and
 * what might be. The rules themselves stand in the service files, each with its source.
 */

/** One documented rule for a password. Lengths count characters (all accepted ones are ASCII). */
export interface PasswordRule {
  /** Smallest number of characters. */
  readonly minLength: number;
  /** Largest number of characters. */
  readonly maxLength: number;
  /** How many of each kind there must be. @default 0 */
  readonly minLower?: number;
  readonly minUpper?: number;
  readonly minNumeric?: number;
  readonly minSpecial?: number;
  /** How many of the four classes (lower, upper, digit, symbol) there must be. @default 1 */
  readonly minClasses?: number;
  /** How many of the three classes (letter, digit, symbol) there must be. @default 1 */
  readonly minLetterDigitSymbolClasses?: number;
  /** The symbols that may stand in a password. Letters and digits always may. */
  readonly symbols: string;
  /** What the first character must be. @default "any" */
  readonly firstCharacter?: "any" | "letter" | "not /";
  /** The password must be neither the account's name nor that name reversed. @default false */
  readonly notAccountName?: boolean;
}

/** Where a rule was read. */
export interface PolicySource {
  /** The vendor's page, or the published client that holds the rule. */
  readonly source: string;
  /** What it says, in short. */
  readonly says: string;
}

/** What `@pulumi/random`'s `RandomPassword` takes, as far as a policy decides it. */
export interface RandomPasswordPolicyArgs {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  readonly overrideSpecial?: string;
}

export interface PasswordPolicyDefinition {
  readonly name: string;
  readonly loosest: PasswordRule;
  readonly strictest: PasswordRule;
  readonly randomPasswordArgs: RandomPasswordPolicyArgs;
  readonly sources: readonly PolicySource[];
}

/** Every ASCII character that is printed and is neither a letter, a digit nor the blank. */
export const asciiSymbols = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/**
 * The password rules of one kind of account. Each resource class has its own as a static `policy`.
 *
 * A vendor documents its rule more than once, and not always alike. `loosest` is the most that any
 * of its documents allows: what breaks it is refused before a request is made. `strictest` is what
 * all of them allow: generated passwords follow it, and what breaks only it is a warning.
 */
export class PasswordPolicy {
  /** The kind of account, such as `"tencentcloud:RedisInstancePassword"`. */
  readonly name: string;
  /** What any of the vendor's documents allows. */
  readonly loosest: PasswordRule;
  /** What all of the vendor's documents allow. */
  readonly strictest: PasswordRule;
  /** Where the rules were read. */
  readonly sources: readonly PolicySource[];
  readonly #randomPasswordArgs: RandomPasswordPolicyArgs;

  /** @internal */
  constructor(definition: PasswordPolicyDefinition) {
    this.name = definition.name;
    this.loosest = definition.loosest;
    this.strictest = definition.strictest;
    this.sources = definition.sources;
    this.#randomPasswordArgs = definition.randomPasswordArgs;
  }

  /**
   * What the vendor would certainly refuse, in words that never contain the value. Empty: nothing.
   *
   * @param value The password.
   * @param identity The account's name, for the policies that forbid it as a password.
   */
  violations(value: string, identity?: string): string[] {
    return unmet(this.loosest, value, identity);
  }

  /** What the stricter of the vendor's documents do not allow, though another one does. */
  warnings(value: string, identity?: string): string[] {
    const errors = new Set(this.violations(value, identity));
    if (errors.size > 0) return [];
    return unmet(this.strictest, value, identity);
  }

  /**
   * Arguments for `@pulumi/random`'s `RandomPassword` that satisfy this policy.
   *
   * They never change within a major version of this package: a change of any of them _replaces_ a
   * `RandomPassword`, so it would rotate every password made with them.
   *
   * `RandomPassword` cannot choose the first character. Where the policy demands a letter there
   * (ServiceComb), put one before the result: `pulumi.interpolate`p${generated.result}``.
   *
   * @param overrides Values that win, such as `{ length: 16 }`.
   */
  randomPasswordArgs(overrides: Partial<RandomPasswordPolicyArgs> = {}): RandomPasswordPolicyArgs {
    return { ...this.#randomPasswordArgs, ...overrides };
  }
}

function unmet(rule: PasswordRule, value: string, identity?: string): string[] {
  const reasons: string[] = [];
  const length = [...value].length;
  const lower = count(value, /[a-z]/g);
  const upper = count(value, /[A-Z]/g);
  const digits = count(value, /[0-9]/g);
  const symbols = length - lower - upper - digits;

  if (length === 0) return ["must not be empty"];
  if (length < rule.minLength || length > rule.maxLength)
    reasons.push(`must have ${rule.minLength} to ${rule.maxLength} characters: it has ${length}`);

  if (count(value, /[^\x20-\x7e]/gu) > 0)
    reasons.push("must have ASCII characters only, and no control characters");
  else {
    const foreign = [...value].filter((c) => !/[A-Za-z0-9]/.test(c) && !rule.symbols.includes(c));
    if (foreign.length > 0) reasons.push(forbidden(rule.symbols, foreign.length));
  }

  reasons.push(...tooFew("lower-case letter", lower, rule.minLower));
  reasons.push(...tooFew("upper-case letter", upper, rule.minUpper));
  reasons.push(...tooFew("digit", digits, rule.minNumeric));
  reasons.push(...tooFew("symbol", symbols, rule.minSpecial));

  const classes = [lower, upper, digits, symbols].filter((n) => n > 0).length;
  if (classes < (rule.minClasses ?? 1))
    reasons.push(
      `must have ${rule.minClasses} of lower-case letters, upper-case letters, digits and symbols: it has ${classes}`,
    );
  const coarse = [lower + upper, digits, symbols].filter((n) => n > 0).length;
  if (coarse < (rule.minLetterDigitSymbolClasses ?? 1))
    reasons.push(
      `must have ${rule.minLetterDigitSymbolClasses} of letters, digits and symbols: it has ${coarse}`,
    );

  if (rule.firstCharacter === "letter" && !/^[A-Za-z]/.test(value))
    reasons.push("must start with a letter");
  if (rule.firstCharacter === "not /" && value.startsWith("/"))
    reasons.push("must not start with a slash (/)");

  if (rule.notAccountName && identity !== undefined) {
    if (value === identity) reasons.push("must not be the account's name");
    else if (value === [...identity].reverse().join(""))
      reasons.push("must not be the account's name reversed");
  }
  return reasons;
}

function count(value: string, pattern: RegExp): number {
  return value.match(pattern)?.length ?? 0;
}

function tooFew(what: string, found: number, needed = 0): string[] {
  if (found >= needed) return [];
  return [`must have at least ${needed} ${what}${needed === 1 ? "" : "s"}: it has ${found}`];
}

/** Names the allowed symbols, not the refused ones: those are a part of the password. */
function forbidden(allowed: string, howMany: number): string {
  const which =
    allowed === ""
      ? "letters and digits only"
      : `letters, digits and these symbols only: ${allowed}`;
  return `must have ${which} (${howMany} other character${howMany === 1 ? "" : "s"})`;
}
