import fc from "fast-check";
import { defaultLength, generatePassword } from "../../provider/password/generator";
import { PasswordPolicy } from "../../provider/password/policy";
import type { PasswordRule } from "../../provider/password/policy";
import { policies, strictForms } from "./policies";

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
/** 3e-13 of all normal values are further out. */
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
});

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
