import fc from "fast-check";
import type { AccountService } from "../provider/account-service";
import { argumentsOf, checkInputs } from "../provider/check-inputs";
import { services } from "../provider/services";
import { settings } from "../provider/settings";

const text = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"; // what stands for a text that is not known yet

const all = [...services.values()].map((service) => ({ name: service.type, service }));
const mariadb = services.get("tencentcloud:MariadbAccountPassword")!;
const redis = services.get("tencentcloud:RedisInstancePassword")!;
const servicecomb = services.get("huaweicloud:ServicecombAccountPassword")!;

/** One of each that breaks no rule of any service. */
const fine = "Fine-text-11";
const other = "Other-text-22";

function identityOf({ identity }: AccountService): Record<string, string> {
  return Object.fromEntries(identity.map((name) => [name, `some-${name.toLowerCase()}`]));
}

function check(
  service: AccountService,
  news: Readonly<Record<string, unknown>>,
  {
    olds = {},
    config = {},
    env = {},
  }: {
    olds?: Readonly<Record<string, unknown>>;
    config?: Readonly<Record<string, string>>;
    env?: Readonly<Record<string, string>>;
  } = {},
) {
  // The engine's own objects may be frozen, and are not to be changed.
  const read = settings((key) => config[key], env);
  return checkInputs(service, Object.freeze(olds), Object.freeze(news), read);
}

function reasons(...args: Parameters<typeof check>): string[] {
  return check(...args).failures.map(({ reason }) => reason);
}

test("the arguments that there are, in the order in which texts list them", () => {
  const common = ["password", "currentPassword", "passwordVersion", "profile", "timeoutSeconds", "verify"]; // prettier-ignore
  expect(all.map(({ name, service }) => [name, Object.keys(argumentsOf(service))])).toEqual([
    ["tencentcloud:TcrServiceAccountPassword", ["region", "registryId", "accountName", ...common]],
    [
      "tencentcloud:MariadbAccountPassword",
      ["region", "instanceId", "userName", "host", ...common],
    ],
    ["tencentcloud:PostgresqlAccountPassword", ["region", "instanceId", "userName", ...common]],
    [
      "tencentcloud:RedisInstancePassword",
      ["region", "instanceId", ...common, "resetWithoutCurrent", "candidates"],
    ],
    [
      "huaweicloud:ServicecombAccountPassword",
      ["region", "projectId", "engineId", "accountName", ...common, "candidates"],
    ],
  ]);
});

describe.each(all)("$name", ({ service }) => {
  const identity = identityOf(service);

  test("takes null for an argument that was left out", () => {
    const left = Object.keys(argumentsOf(service)).filter(
      (name) => !(name in identity) && name !== "password",
    );
    const nulls = Object.fromEntries(left.map((name) => [name, null]));
    const { inputs, failures } = check(service, { ...identity, password: fine, ...nulls });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ ...identity, password: fine, drift: "none" });
  });

  test("a drift that a refresh has found is no input of the program's", () => {
    const { inputs } = check(service, { ...identity, password: fine, drift: "instance not found" });
    expect(inputs).toMatchObject({ drift: "none" });
  });

  test("has an id as soon as the whole identity is known", () => {
    const { id, failures } = check(service, { ...identity, password: text });
    expect(failures).toEqual([]);
    expect(id).toBe(Object.values(identity).join("/"));
    for (const name of service.identity) {
      expect(check(service, { ...identity, [name]: text, password: fine })).not.toHaveProperty(
        "id",
      );
      expect(check(service, { ...identity, [name]: undefined, password: fine })).not.toHaveProperty(
        "id",
      );
    }
  });

  test("names the account as far as it is known, or only its kind", () => {
    const [known] = reasons(service, { ...identity });
    expect(known).toContain(
      `${service.noun} ${JSON.stringify(Object.values(identity).join("/"))}: `,
    );
    const [unknown] = reasons(service, { ...identity, [service.instanceArgument]: text });
    const partly = { ...identity, [service.instanceArgument]: "?" };
    expect(unknown).toContain(
      `${service.noun} ${JSON.stringify(Object.values(partly).join("/"))}: `,
    );
    expect(unknown).not.toContain(text);
    const nothing = Object.fromEntries(service.identity.map((name) => [name, text]));
    expect(reasons(service, nothing)[0]).toContain(`the password of ${service.noun}: `);
  });

  test("says everything that is wrong at once", () => {
    const { [service.instanceArgument]: _left, ...rest } = identity;
    const found = reasons(service, { ...rest, timeoutSeconds: 0, mistake: 1 });
    for (const part of [
      `${service.instanceArgument} is missing`,
      "timeoutSeconds must be",
      '"mistake"',
      "password is missing",
    ])
      expect(found.filter((reason) => reason.includes(part))).toHaveLength(1);
    expect(found).toHaveLength(4);
  });

  test("no text ever contains a password, whatever it is", () => {
    const passwords = fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(passwords, passwords, (one, two) => {
        // In brackets, so that it is no word of the texts themselves, and breaks every rule.
        const [password, currentPassword] = [`⟦${one}⟧`, `⟦${two}!⟧`];
        const { failures, warnings } = check(service, { ...identity, password, currentPassword });
        expect(failures.length).toBeGreaterThan(0);
        for (const { property, reason } of failures) {
          expect(property).toBe("");
          expect(reason).not.toContain("⟦");
        }
        for (const warning of warnings) expect(warning).not.toContain("⟦");
      }),
    );
  });

  test("a password is validated when it is new, and only then", () => {
    const weak = "weak";
    const invalid = (news: object, olds: object = {}) =>
      reasons(service, { ...identity, ...news }, { olds: { ...identity, ...olds } }).some(
        (reason) => reason.includes("(PASSWORD_POLICY)"),
      );
    expect(invalid({ password: weak })).toBe(true);
    expect(invalid({ password: weak }, { password: fine })).toBe(true);
    expect(invalid({ password: weak, currentPassword: fine }, { password: fine })).toBe(true);
    // In the state; live; live by the program's word, also beside another one in the state.
    expect(invalid({ password: weak }, { password: weak })).toBe(false);
    expect(invalid({ password: weak, currentPassword: weak })).toBe(false);
    expect(invalid({ password: weak, currentPassword: weak }, { password: fine })).toBe(false);
    // Never asked of the old one, nor of one that is not known yet.
    expect(invalid({ password: fine, currentPassword: weak })).toBe(false);
    expect(invalid({ password: text })).toBe(false);
    expect(invalid({ password: text, currentPassword: text })).toBe(false);
  });

  test("a replacement, which the engine checks with no old inputs, validates it again", () => {
    expect(reasons(service, { ...identity, password: "weak" }, { olds: {} })).toHaveLength(1);
  });

  test("a place that is empty everywhere is missing, and both its names are told", () => {
    for (const [name, place] of Object.entries(service.places)) {
      const { variable, key } = place as { variable: string; key: string };
      const { [name]: _left, ...rest } = identity;
      const empty = { olds: { [name]: undefined }, config: { [key]: "" }, env: { [variable]: "" } };
      const found = reasons(service, { ...rest, password: fine }, empty);
      expect(found).toEqual([
        expect.stringContaining(`${name} is missing; give it, or set ${key} or ${variable}`),
      ]);
    }
  });

  const travelling = [...Object.keys(service.places), service.instanceArgument];

  test("what travels in headers and host names has ASCII characters only, and no blanks", () => {
    const characters = [
      " ",
      "\t",
      "\n",
      "\r\n",
      "\0",
      "\x1f",
      "\x7f",
      "\x80",
      "é",
      "中",
      "１",
      "\u00a0",
    ];
    for (const name of travelling)
      for (const character of characters)
        for (const value of [`aa${character}b`, `${character}aa`, `aa${character}`]) {
          const found = reasons(service, { ...identity, password: fine, [name]: value });
          const mine = found.filter((reason) => reason.includes(`: ${name} must have ASCII`));
          expect(mine).toEqual([
            expect.stringMatching(
              /characters only, and no blanks; nothing was sent \(INVALID_ARGUMENT\)$/,
            ),
          ]);
        }
    for (const character of ["!", "~", "-", "_", "."])
      expect(
        reasons(service, {
          ...identity,
          password: fine,
          [service.instanceArgument]: `a${character}`,
        }),
      ).toEqual([]);
  });

  test("so does a place that the program leaves out", () => {
    for (const [name, place] of Object.entries(service.places)) {
      const { variable, key } = place as { variable: string; key: string };
      const { [name]: _left, ...rest } = identity;
      for (const from of [{ env: { [variable]: "aa é" } }, { config: { [key]: "aa é" } }])
        expect(reasons(service, { ...rest, password: fine }, from)).toContainEqual(
          expect.stringContaining(`: ${name} must have ASCII characters only, and no blanks`),
        );
    }
  });

  test("names of accounts travel in bodies, and may have any character", () => {
    const names = service.identity.filter((name) => !travelling.includes(name));
    const others = Object.fromEntries(names.map((name) => [name, "ä b 中"]));
    expect(reasons(service, { ...identity, password: fine, ...others })).toEqual([]);
  });

  test("does no I/O and needs no credentials: settings are all that it reads", () => {
    const { failures } = check(
      service,
      { ...identity, password: fine },
      { env: { TENCENTCLOUD_SECRET_ID: "half" } },
    );
    expect(failures).toEqual([]);
  });
});

test("a host of MariaDB has no default", () => {
  const { host: _left, ...rest } = identityOf(mariadb);
  const everything = { config: { "tencentcloud:host": "%" }, env: { TENCENTCLOUD_HOST: "%" } };
  expect(reasons(mariadb, { ...rest, password: fine }, everything)).toEqual([
    'Cannot set the password of MariaDB account "some-region/some-instanceid/some-username/?": host is missing; nothing was sent (INVALID_ARGUMENT)',
  ]);
});

test("candidates are a list of texts, and unknown ones are no mistake", () => {
  for (const service of [redis, servicecomb]) {
    const program = { ...identityOf(service), password: fine };
    for (const candidates of ["shouldNotShow1", [1], [[fine]], { 0: fine }]) {
      const found = reasons(service, { ...program, candidates });
      expect(found).toEqual([expect.stringContaining("candidates must be a list of texts")]);
      expect(found.join()).not.toContain("shouldNotShow1");
    }
    for (const candidates of [[], [fine, other], [text], "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"])
      expect(reasons(service, { ...program, candidates })).toEqual([]);
  }
});

test("ServiceComb's rule on the name waits for a name that is not known yet; the others do not", () => {
  const program = { ...identityOf(servicecomb), password: "Alice@123x" };
  expect(reasons(servicecomb, { ...program, accountName: "Alice@123x" })).toHaveLength(1);
  expect(reasons(servicecomb, { ...program, accountName: text })).toEqual([]);
  expect(reasons(servicecomb, { ...program, accountName: text, password: "weak" })).toHaveLength(1);
});

test("warnings name the account and the rule, and are no failures", () => {
  const { warnings, failures } = check(mariadb, { ...identityOf(mariadb), password: "/Abcdefg1" });
  expect(failures).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^MariaDB account "some-.*": the password must not start with a slash .*another one allows it$/,
    ),
  ]);
});
