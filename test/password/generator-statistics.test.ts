/**
 * The generator itself, with its true random source: each password is looked at by a checker that
 * shares no code with it, and the characters are as frequent as among all passwords that satisfy
 * the rule, counted here. Chance alone fails it less than once in 10^9 runs.
 */
import { generatePassword } from "../../provider/password/generator";
import type { PasswordRule } from "../../provider/password/policy";
import { amount, record } from "../torture";
import { policies, strictForms } from "./policies";

const { enough, timeoutMs } = amount("passwords", 10_000);
jest.setTimeout(timeoutMs);

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";

/** 3e-13 of all normal values are further out, and some 1,800 frequencies are looked at. */
const bound = 7.3;

/** At 8 characters the bias of placing one of each class and shuffling would be large. */
const lengths = [8, undefined] as const;

const cases = policies.flatMap((policy) =>
  lengths.map((length) => ({ policy, name: policy.name, length })),
);

test.each(cases)("$name, length $length", ({ policy, length }) => {
  const form = strictForms.get(policy)!;
  const drawn = length ?? generatePassword(policy).length;
  const first = new Map<string, number>();
  const later = new Map<string, number>();
  const some = new Set<string>();
  let passwords = 0;
  while (!enough(passwords)) {
    const value = generatePassword(policy, { length });
    if (value.length !== drawn || !form.test(value)) throw new Error("not what the policy says");
    count(first, value.charAt(0));
    for (const character of value.slice(1)) count(later, character);
    // A million would fill the memory; two alike among these are as telling.
    if (some.size < 10_000) some.add(value);
    passwords++;
  }
  expect(some.size).toBe(Math.min(10_000, passwords));

  const classes = classesOf(policy.strictest);
  const shares = new Shares(policy.strictest, classes, drawn);
  for (const members of classes)
    for (const character of members) {
      expectNear(first.get(character), passwords, shares.first(character, members));
      expectNear(later.get(character), passwords * (drawn - 1), shares.later(members));
    }
  expect([...first.keys(), ...later.keys()].every((c) => classes.join("").includes(c))).toBe(true);
  record("passwords", { passwords });
});

function count(counts: Map<string, number>, character: string): void {
  counts.set(character, (counts.get(character) ?? 0) + 1);
}

/**
 * Whether so many of so many are what the share predicts. (Places of one password are not quite
 * independent: having all classes makes the spread a little smaller, never larger.)
 */
function expectNear(found = 0, of: number, share: number): void {
  if (share === 0) return expect(found).toBe(0);
  const deviation = Math.sqrt(of * share * (1 - share));
  // Rare ones are not normal; then a few more are no news.
  expect(Math.abs(found - of * share)).toBeLessThan(bound * deviation + 10);
}

function classesOf({ symbols }: PasswordRule): string[] {
  return [lower, upper, digits, symbols].filter((members) => members !== "");
}

/** Among all passwords with every class in them, by inclusion and exclusion of missing classes. */
class Shares {
  readonly #all: number;

  constructor(
    private readonly rule: PasswordRule,
    private readonly classes: readonly string[],
    private readonly length: number,
  ) {
    this.#all = this.#sum([], (begin, rest) => begin * rest ** (length - 1));
  }

  /** That the password begins with it. */
  first(character: string, members: string): number {
    if (!this.#begins(character)) return 0;
    return this.#sum([members], (_begin, rest) => rest ** (this.length - 1)) / this.#all;
  }

  /** That it stands at a certain later place. */
  later(members: string): number {
    return this.#sum([members], (begin, rest) => begin * rest ** (this.length - 2)) / this.#all;
  }

  /** @param present Classes that are there anyway. */
  #sum(present: readonly string[], words: (begin: number, rest: number) => number): number {
    let sum = 0;
    for (let set = 0; set < 1 << this.classes.length; set++) {
      const missing = this.classes.filter((_, nth) => set & (1 << nth));
      if (missing.some((members) => present.includes(members))) continue;
      const left = this.classes.filter((members) => !missing.includes(members)).join("");
      const begin = [...left].filter((character) => this.#begins(character)).length;
      sum += (missing.length % 2 === 0 ? 1 : -1) * words(begin, left.length);
    }
    return sum;
  }

  #begins(character: string): boolean {
    const { firstCharacter } = this.rule;
    if (firstCharacter === "letter") return (lower + upper).includes(character);
    return firstCharacter !== "not /" || character !== "/";
  }
}
