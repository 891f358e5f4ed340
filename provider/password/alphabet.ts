/** Which characters a generated password is made of: what the policy and all its readers allow. */
import type { PasswordPolicy, PasswordRule } from "./policy";

/** How generated passwords look. */
export interface Shape {
  /** Characters. @default The smaller of 24 and the policy's maximum */
  readonly length?: number | undefined;
  /** Where the password is written down without being encoded or quoted. */
  readonly consumers?: readonly Consumer[] | undefined;
  /** Characters that it must not have. */
  readonly excludeCharacters?: string | undefined;
}

/** Where a password is used as it is. */
export type Consumer = "url" | "shell" | "env" | "jdbc" | "yaml";

/**
 * Symbols that mean nothing there, wherever they stand in the password. Letters and digits never
 * do.
 */
export const consumers: Readonly<Record<Consumer, string>> = {
  /** `scheme://user:password@host`: the unreserved characters of RFC 3986, section 2.3. */
  url: "-._~",
  /**
   * An unquoted word: what POSIX.1-2024, Shell Command Language, section 2.2, does not ask to
   * quote, without `-` and `=`, which begin an option or an assignment, and `%` of Windows.
   */
  shell: "_@+:,./",
  /**
   * `NAME=password` of an env file: no quote, blank, `#`, `$`, `~`, backslash or backquote, which
   * Docker's env files, systemd's EnvironmentFile and the readers of `.env` do not treat alike.
   */
  env: "-._+:,@/",
  /**
   * A parameter of a JDBC URL, for which no standard says how it is encoded: neither the delimiters
   * of URLs (`:/?#&=%+@`) nor those of the drivers (`;,(){}`).
   */
  jdbc: "-._~",
  /** A plain scalar of YAML 1.2.2, section 7.3.3, that no reader takes for something else. */
  yaml: "-._~+/",
};

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";

/** The kinds of character that are left, each with its members; none of them is empty. */
export function characterClasses(policy: PasswordPolicy, shape: Shape): readonly string[] {
  const { consumers: readers = [], excludeCharacters = "" } = shape;
  const symbols = keep(policy.strictest.symbols, (symbol) =>
    readers.every((reader) => consumers[reader].includes(symbol)),
  );
  return [lower, upper, digits, symbols]
    .map((members) => keep(members, (character) => !excludeCharacters.includes(character)))
    .filter((members) => members !== "");
}

/** Whether the rule allows the character in the first place. */
export function mayBegin({ firstCharacter }: PasswordRule, character: string): boolean {
  if (firstCharacter === "letter") return /[A-Za-z]/.test(character);
  return firstCharacter !== "not /" || character !== "/";
}

function keep(characters: string, isKept: (character: string) => boolean): string {
  return [...characters].filter(isKept).join("");
}
