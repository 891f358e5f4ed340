import type { Consumer } from "../../provider";
import { characterClasses, consumers } from "../../provider/password/alphabet";
import { defaultLength, entropyBits, generatePassword } from "../../provider/password/generator";
import { PasswordPolicy } from "../../provider/password/policy";
import { policies, redisPolicy, servicecombPolicy, tcrPolicy } from "./policies";

const every = Object.keys(consumers) as Consumer[];

/** What each reader makes of a text that is written down as it is. */
const read: Record<Consumer, (password: string) => unknown> = {
  url: (password) => decodeURIComponent(new URL(`mysql://app:${password}@db:3306/x`).password),
  // What `shlex.quote` leaves as it is, and no option.
  shell: (password) => /^(?!-)[\w@%+=:,./-]+$/.exec(password)?.[0],
  env: (password) => /^NAME=([^\s#$"'`\\~]+)$/.exec(`NAME=${password}`)?.[1],
  jdbc: (password) =>
    new URL(`http://db/?user=app&password=${password}`).searchParams.get("password"),
  yaml: (password) => /^(?![-?:,[\]{}#&*!|>'"%@`]\s)[^\s:#,[\]{}&*!|>'"%@`]+$/.exec(password)?.[0],
};

describe.each(policies.map((policy) => ({ name: policy.name, policy })))("$name", ({ policy }) => {
  test.each(every)("passwords mean themselves in %s", (consumer) => {
    for (let n = 0; n < 300; n++) {
      const password = generatePassword(policy, { consumers: [consumer] });
      expect(read[consumer](password)).toBe(password);
      expect(policy.violations(password)).toEqual([]);
    }
  });

  test("excluded characters do not occur", () => {
    for (let n = 0; n < 300; n++)
      expect(generatePassword(policy, { excludeCharacters: "O0Il1-" })).not.toMatch(/[O0Il1-]/);
  });

  test("have more than 100 bits of entropy by default", () => {
    expect(entropyBits(policy)).toBeGreaterThan(100);
    // Never more than all words of the alphabet.
    const alphabet = characterClasses(policy, {}).join("").length;
    expect(entropyBits(policy)).toBeLessThan(defaultLength(policy) * Math.log2(alphabet));
  });
});

test("all consumers together leave symbols where a policy demands one", () => {
  const names: Consumer[] = ["url", "env", "jdbc", "yaml"];
  for (const policy of policies)
    expect(entropyBits(policy, { consumers: names })).toBeGreaterThan(80);
});

test("entropyBits counts exactly the passwords that there are", () => {
  // Two letters, one digit, one symbol; every class, not beginning with the symbol.
  const rule = { minLength: 3, maxLength: 3, symbols: "/", firstCharacter: "not /" } as const;
  const policy = new PasswordPolicy({
    name: "test:Policy",
    loosest: rule,
    strictest: rule,
    randomPasswordArgs: redisPolicy.randomPasswordArgs(),
    sources: [],
  });
  const kept = "aA0/";
  const excludeCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    .split("")
    .filter((character) => !kept.includes(character) || character === "A")
    .join("");
  // a, 0 and / in any order, but not with / in front: four.
  expect(entropyBits(policy, { length: 3, excludeCharacters })).toBe(2);
});

test.each([
  ["no letter where one must begin", servicecombPolicy, lettersOnly()],
  ["no digit where one must be", tcrPolicy, "0123456789"],
])("entropyBits is 0 with %s", (_, policy, excludeCharacters) => {
  expect(entropyBits(policy, { excludeCharacters })).toBe(0);
});

function lettersOnly(): string {
  return Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n, 97 + n)).join("");
}
