import fc from "fast-check";
import type { PasswordPolicy } from "../../provider/password/policy";
import {
  mariadbPolicy,
  policies,
  postgresqlPolicy,
  redisPolicy,
  servicecombPolicy,
  tcrPolicy,
} from "./policies";

type Row = [policy: PasswordPolicy, what: string, value: string, identity?: string];

const accepted: Row[] = [
  [tcrPolicy, "8 characters", "NewPass1"],
  [tcrPolicy, "20 characters", "NewPass1NewPass1NewP"],
  [mariadbPolicy, "both kinds of letter and a symbol", "Abcd_efg"],
  [mariadbPolicy, "the API page's own example", "abcd8765_."],
  [mariadbPolicy, "32 characters", "a1".repeat(16)],
  [postgresqlPolicy, "all four classes", "1234Qwer()"],
  [postgresqlPolicy, "a backtick", "1234Qwer`"],
  [redisPolicy, "two classes", "abcdefg1"],
  [redisPolicy, "a semicolon", "abcdef;1"],
  [redisPolicy, "30 characters", "a1".repeat(15)],
  [servicecombPolicy, "all four classes", "Alice@123x", "alice"],
  [servicecombPolicy, "32 characters", `A1@${"x".repeat(29)}`],
];

const doubtful: Row[] = [
  [tcrPolicy, "a symbol, of which the vendor says nothing", "NewPass1!"],
  [mariadbPolicy, "6 characters, which only the older page allows", "abc123"],
  [mariadbPolicy, "one class, which only the older page allows", "abcdefgh"],
  [mariadbPolicy, "a leading slash", "/abcdef1"],
  [mariadbPolicy, "a backslash", "abcdef1\\"],
  [postgresqlPolicy, "a semicolon, which only the error text allows", "1234Qwer;"],
  [postgresqlPolicy, "a quotation mark, which only the error text allows", "1234Qwer'"],
  [redisPolicy, "a backtick, which only CreateInstances allows", "abcdef1`"],
  [servicecombPolicy, "a symbol that only the open source server takes", "Alice.123x"],
];

const refused: Row[] = [
  [tcrPolicy, "7 characters", "NewPas1"],
  [tcrPolicy, "21 characters", "NewPass1NewPass1NewPa"],
  [tcrPolicy, "no digit", "NewPassword"],
  [tcrPolicy, "no upper-case letter", "newpass1"],
  [tcrPolicy, "no lower-case letter", "NEWPASS1"],
  [tcrPolicy, "a blank", "NewPass 1"],
  [mariadbPolicy, "5 characters", "abc12"],
  [mariadbPolicy, "33 characters", `${"a1".repeat(16)}b`],
  [mariadbPolicy, "a semicolon", "abcdef1;"],
  [mariadbPolicy, "a quotation mark", "abcdef1'"],
  [mariadbPolicy, "double quotation marks", 'abcdef1"'],
  [postgresqlPolicy, "the API page's failing example", "1234qwer()"],
  [postgresqlPolicy, "no symbol", "1234Qwer"],
  [postgresqlPolicy, "a leading slash", "/1234Qwer"],
  [postgresqlPolicy, "double quotation marks", '1234Qwer"'],
  [redisPolicy, "one class", "abcdefgh"],
  [redisPolicy, "31 characters", `${"a1".repeat(15)}b`],
  [redisPolicy, "a leading slash", "/abcdef1"],
  [redisPolicy, "a letter with an accent", "abcdéfg1"],
  [servicecombPolicy, "no symbol", "Alice1234"],
  [servicecombPolicy, "33 characters", `A1@${"x".repeat(30)}`],
  [servicecombPolicy, "a character of two bytes", "Alice@123é"],
  [servicecombPolicy, "the account's name", "Alice@123x", "Alice@123x"],
  [servicecombPolicy, "the account's name reversed", "Alice@123x", "x321@ecilA"],
  ...policies.map((policy): Row => [policy, "nothing", ""]),
  ...policies.map((policy): Row => [policy, "a line break", "Abcd_1234\n"]),
];

const titled = (rows: Row[]) =>
  rows.map(([policy, what, value, identity]) => ({
    name: policy.name,
    policy,
    what,
    value,
    identity,
  }));

test.each(titled(accepted))("$name: $what is fine", ({ policy, value, identity }) => {
  expect(policy.violations(value, identity)).toEqual([]);
  expect(policy.warnings(value, identity)).toEqual([]);
});

test.each(titled(doubtful))("$name: $what is a warning", ({ policy, value, identity }) => {
  expect(policy.violations(value, identity)).toEqual([]);
  expect(policy.warnings(value, identity)).toHaveLength(1);
});

test.each(titled(refused))("$name: $what is a violation", ({ policy, value, identity }) => {
  expect(policy.violations(value, identity)).not.toEqual([]);
  expect(policy.warnings(value, identity)).toEqual([]);
});

describe.each(policies.map((policy) => ({ name: policy.name, policy })))("$name", ({ policy }) => {
  test("no text contains the value, and none depends on which foreign characters it has", () => {
    const passwords = fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(passwords, (value) => {
        // In brackets, so that it is no word of the texts themselves.
        const marked = `⟦${value}⟧`;
        const texts = [...policy.violations(marked, marked), ...policy.warnings(marked, marked)];
        expect(texts.length).toBeGreaterThan(0);
        for (const text of texts) expect(text).not.toContain(marked);
      }),
    );
    const [one, other] = ["é", "ü"].map((c) => policy.violations(`Abcd_123${c}`));
    expect(one).toEqual(other);
  });

  test("the strictest rule allows nothing that the loosest refuses", () => {
    for (const symbol of policy.strictest.symbols) expect(policy.loosest.symbols).toContain(symbol);
    expect(policy.strictest.minLength).toBeGreaterThanOrEqual(policy.loosest.minLength);
    expect(policy.strictest.maxLength).toBeLessThanOrEqual(policy.loosest.maxLength);
  });

  test("names each symbol once: a symbol named twice would be drawn twice as often", () => {
    for (const { symbols } of [policy.loosest, policy.strictest]) {
      expect(new Set(symbols).size).toBe(symbols.length);
      expect(symbols).not.toMatch(/[a-zA-Z0-9\s]/);
    }
  });

  test("randomPasswordArgs satisfy the strictest rule, but for a first letter", () => {
    const { strictest } = policy;
    const { length, overrideSpecial = "", ...args } = policy.randomPasswordArgs();
    expect(length).toBeGreaterThanOrEqual(strictest.minLength);
    // Room for the letter that ServiceComb wants in front.
    expect(length + (strictest.firstCharacter === "letter" ? 1 : 0)).toBeLessThanOrEqual(
      strictest.maxLength,
    );
    for (const symbol of overrideSpecial) expect(strictest.symbols).toContain(symbol);
    if (strictest.firstCharacter === "not /") expect(overrideSpecial).not.toContain("/");
    expect(args.special).toBe(strictest.symbols !== "");
    const least = `aA1${args.special ? overrideSpecial.charAt(0) : "b"}`.padEnd(17, "z");
    expect(policy.warnings(least)).toEqual([]);
    expect(policy.violations(least)).toEqual([]);
  });

  test("randomPasswordArgs takes overrides, and hands out its own copy", () => {
    expect(policy.randomPasswordArgs({ length: 16 })).toEqual({
      ...policy.randomPasswordArgs(),
      length: 16,
    });
    expect(policy.randomPasswordArgs()).not.toBe(policy.randomPasswordArgs());
  });

  test("names a source for its rule", () => {
    expect(policy.sources.length).toBeGreaterThan(0);
  });
});

// A change here *replaces* every `RandomPassword` made with these arguments, so it rotates the
// passwords of every user. Only a new major version may do that.
test("randomPasswordArgs are frozen", () => {
  const all = {
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 1,
  };
  expect(Object.fromEntries(policies.map((p) => [p.name, p.randomPasswordArgs()]))).toEqual({
    "tencentcloud:TcrServiceAccountPassword": {
      ...all,
      length: 20,
      special: false,
      minSpecial: 0,
    },
    "tencentcloud:MariadbAccountPassword": { ...all, length: 24, overrideSpecial: "!#%*-+=_:.?" },
    "tencentcloud:PostgresqlAccountPassword": {
      ...all,
      length: 24,
      overrideSpecial: "!#%*-+=_:.?",
    },
    "tencentcloud:RedisInstancePassword": { ...all, length: 24, overrideSpecial: "!#%*-+=_:.?" },
    "huaweicloud:ServicecombAccountPassword": {
      ...all,
      length: 24,
      overrideSpecial: "-~!@#%^*_=+?",
    },
  });
});
