import fc from "fast-check";
import { defaultLength, generatePassword } from "../../provider/password/generator";
import { PasswordPolicy } from "../../provider/password/policy";
import type { PasswordRule } from "../../provider/password/policy";
import { policies, strictForms } from "./policies";

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
/** 3e-13 of all normal values are further out; some 600 are looked at. */
const bound = 7.3;

function policyOf(strictest: PasswordRule): PasswordPolicy {
  return new PasswordPolicy({
    name: "test:Policy",
    loosest: strictest,
    strictest,
    randomPasswordArgs: policies[0].randomPasswordArgs(),
    sources: [],
  });
}

describe.each(policies.map((policy) => ({ name: policy.name, policy })))("$name", ({ policy }) => {
  const { strictest } = policy;
  const classes = [lower, upper, digits, strictest.symbols].filter((members) => members !== "");

  test("every generated password follows the strictest rule, at every length", () => {
    const lengths = fc.integer({ min: strictest.minLength, max: strictest.maxLength });
    fc.assert(
      fc.property(lengths, (length) => {
        const value = generatePassword(policy, { length });
        expect(value).toHaveLength(length);
        expect(value).toMatch(strictForms.get(policy)!);
        for (const members of classes)
          expect([...value].some((c) => members.includes(c))).toBe(true);
        expect(policy.violations(value)).toEqual([]);
        expect(policy.warnings(value)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("the default length is 24, or the policy's maximum", () => {
    const expected = policy.name === "tencentcloud:TcrServiceAccountPassword" ? 20 : 24;
    expect(defaultLength(policy)).toBe(expected);
    expect(generatePassword(policy)).toHaveLength(expected);
    expect(generatePassword(policy, { length: undefined })).toHaveLength(expected);
  });

  test("no two of ten thousand are the same", () => {
    const values = new Set(Array.from({ length: 10_000 }, () => generatePassword(policy)));
    expect(values.size).toBe(10_000);
  });

  test("every character of a class is as frequent as every other", () => {
    // After the first character, which has a rule of its own in most policies.
    const text = Array.from({ length: 2000 }, () => generatePassword(policy).slice(1)).join("");
    for (const members of classes) {
      const counts = [...members].map((member) => text.split(member).length - 1);
      const total = counts.reduce((sum, n) => sum + n, 0);
      const expected = total / members.length;
      const deviation = Math.sqrt(expected * (1 - 1 / members.length));
      for (const n of counts) expect(Math.abs(n - expected) / deviation).toBeLessThan(bound);
    }
  });

  test("classes are as frequent as among all passwords that satisfy the rule", () => {
    // At 8 characters the bias of placing one of each class and shuffling would be large.
    const length = 8;
    const passwords = 5000;
    const text = Array.from({ length: passwords }, () =>
      generatePassword(policy, { length }).slice(1),
    ).join("");
    for (const members of classes) {
      const share = shareOfClass(strictest, classes, members, length);
      const found = [...text].filter((c) => members.includes(c)).length;
      const deviation = Math.sqrt(text.length * share * (1 - share));
      expect(Math.abs(found - text.length * share) / deviation).toBeLessThan(bound);
    }
  });
});

/**
 * The chance of a character of this class at one place after the first, among all passwords with
 * every class in them: counted by inclusion and exclusion of the classes that are missing.
 */
function shareOfClass(
  rule: PasswordRule,
  classes: readonly string[],
  members: string,
  length: number,
): number {
  const first = (missing: readonly string[]) => {
    const allowed = classes.map((c) => {
      if (rule.firstCharacter === "letter") return c === lower || c === upper ? c : "";
      return rule.firstCharacter === "not /" ? c.replace("/", "") : c;
    });
    return allowed.filter((_, i) => !missing.includes(classes[i]!)).join("").length;
  };
  const rest = (missing: readonly string[]) =>
    classes.filter((c) => !missing.includes(c)).join("").length;
  let all = 0;
  let here = 0;
  for (let set = 0; set < 1 << classes.length; set++) {
    const missing = classes.filter((_, i) => set & (1 << i));
    const sign = missing.length % 2 === 0 ? 1 : -1;
    all += sign * first(missing) * rest(missing) ** (length - 1);
    if (!missing.includes(members))
      here += sign * first(missing) * members.length * rest(missing) ** (length - 2);
  }
  return here / all;
}

describe("generatePassword", () => {
  const rule: PasswordRule = { minLength: 1, maxLength: 64, symbols: "-" };

  test("is uniform over all passwords of a small rule", () => {
    // Three characters, one of each of three classes: six shapes, each equally likely.
    const policy = policyOf({ ...rule, minLength: 3, maxLength: 3, symbols: "" });
    const runs = 20_000;
    const seen = new Map<string, number>();
    for (let i = 0; i < runs; i++) {
      const shape = generatePassword(policy, { length: 3 })
        .replace(/[a-z]/, "a")
        .replace(/[A-Z]/, "A")
        .replace(/[0-9]/, "0");
      seen.set(shape, (seen.get(shape) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["0Aa", "0aA", "A0a", "Aa0", "a0A", "aA0"]);
    for (const n of seen.values())
      expect(Math.abs(n - runs / 6) / Math.sqrt((runs * 5) / 36)).toBeLessThan(bound);
  });

  test("honours a rule that asks for more than one of a kind", () => {
    const policy = policyOf({ ...rule, minNumeric: 3 });
    for (let i = 0; i < 50; i++)
      expect(generatePassword(policy, { length: 16 })).toMatch(/^(.*[0-9]){3}/);
  });

  test.each([
    ["fewer characters than classes", policyOf(rule), 3],
    ["a length outside the rule", policyOf({ ...rule, minLength: 8 }), 7],
    ["more symbols than characters", policyOf({ ...rule, minSpecial: 9 }), 8],
  ])("ends with an error for %s", (_, policy, length) => {
    expect(() => generatePassword(policy, { length })).toThrow(
      expect.objectContaining({ name: "AccountPasswordError", code: "INTERNAL" }),
    );
  });
});
