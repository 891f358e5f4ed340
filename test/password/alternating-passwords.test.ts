import * as pulumi from "@pulumi/pulumi";
import { AlternatingPasswords, huaweicloud, RotatingPassword, tencentcloud } from "../../provider";
import type { AlternatingPasswordsArgs } from "../../provider";
import type { MariadbAccountPasswordArgs } from "../../provider/tencentcloud";

const registered: pulumi.runtime.MockResourceArgs[] = [];
let turns = { "app-0": 1, "app-1": 0 };
let version = 1;

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      const { type, name, inputs } = args;
      const kind = type.split(":").at(-1);
      const outputs =
        kind === "Turn"
          ? { turn: turns[name as "app-0"] }
          : kind === "RotatingPassword"
            ? { version, result: `drawn-${name}`, history: [] }
            : { changedAt: "2026-03-01T12:00:00.000Z" };
      return { id: name, state: { ...inputs, ...outputs } };
    },
    call: () => ({}),
  }),
);
beforeEach(() => {
  registered.splice(0);
  turns = { "app-0": 1, "app-1": 0 };
  version = 1;
});

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

const isSecret = (output: pulumi.Output<unknown>) =>
  (output as unknown as { isSecret: Promise<boolean> }).isSecret;

const instanceId = "tdsql-fdpjf5zh";
const args = {
  type: tencentcloud.MariadbAccountPassword,
  accounts: [
    { instanceId, userName: "app_a", host: "%" },
    { instanceId, userName: "app_b", host: "%" },
  ],
} as const satisfies AlternatingPasswordsArgs<MariadbAccountPasswordArgs>;

async function declare(more: object = {}) {
  const app = new AlternatingPasswords("app", { ...args, ...more });
  await value(app.active.password);
  await value(app.standby.userName);
  const inputsOf = (kind: string, name: string) =>
    registered.find((one) => one.type.endsWith(kind) && one.name === name)?.inputs;
  return { app, inputsOf };
}

describe("AlternatingPasswords", () => {
  test("is a component with a schedule, and for each account a turn, a generator and the account", async () => {
    const { app } = await declare();
    expect(
      registered.map(({ type, name }) => `${type.split(/[:/]/).at(-1)} ${name}`).sort(),
    ).toEqual([
      "AlternatingPasswords app",
      "MariadbAccountPassword app-0",
      "MariadbAccountPassword app-1",
      "RotatingPassword app-0",
      "RotatingPassword app-1",
      "RotatingPassword app-turn",
      "Turn app-0",
      "Turn app-1",
    ]);
    expect(registered.find(({ name }) => name === "app")?.type).toBe(
      "pulumi-account-passwords:password:AlternatingPasswords",
    );
    const urn = await value(app.urn);
    expect(urn).toContain("AlternatingPasswords");
    expect(AlternatingPasswords.isInstance(app)).toBe(true);
    for (const not of [undefined, {}, new pulumi.ComponentResource("a:b:C", "other")])
      expect(AlternatingPasswords.isInstance(not)).toBe(false);
  });

  test.each([
    [{ "app-0": 1, "app-1": 0 }, "app_a", "app_b", "drawn-app-0"],
    [{ "app-0": 1, "app-1": 2 }, "app_b", "app_a", "drawn-app-1"],
    [{ "app-0": 3, "app-1": 2 }, "app_a", "app_b", "drawn-app-0"],
  ])("%j: active is the account with the higher turn", async (taken, active, standby, password) => {
    turns = taken;
    const { app } = await declare();
    expect(await value(app.active.userName)).toBe(active);
    expect(await value(app.active.password)).toBe(password);
    expect(await value(app.standby.userName)).toBe(standby);
    expect(await isSecret(app.active.password)).toBe(true);
    expect(await isSecret(app.active.userName)).toBe(false);
  });

  test("userName is the accountName of TCR and ServiceComb", async () => {
    const robots = new AlternatingPasswords("app", {
      type: tencentcloud.TcrServiceAccountPassword,
      accounts: [
        { registryId: "tcr-1", accountName: "robot-a" },
        { registryId: "tcr-1", accountName: "robot-b" },
      ],
    });
    const gateways = new AlternatingPasswords("app", {
      type: huaweicloud.ServicecombAccountPassword,
      accounts: [
        { engineId: "engine-1", accountName: "a", profile: "prod" },
        { engineId: "engine-1", accountName: "b" },
      ],
    });
    expect(await value(robots.active.userName)).toBe("robot-a");
    expect(await value(gateways.standby.userName)).toBe("b");
  });

  test("gives the schedule what says when, and the generators what shapes the passwords", async () => {
    const { inputsOf } = await declare({
      rotateEvery: { weeks: 2, anchor: "2026-01-05" },
      keepers: { release: "1" },
      window: { from: "02:00", to: "04:00", timeZone: "UTC" },
      spread: { hours: 5 },
      compromisedBefore: "2026-01-01",
      length: 20,
      consumers: ["url"],
      excludeCharacters: "O0",
    });
    expect(inputsOf("RotatingPassword", "app-turn")).toMatchObject({
      rotateEvery: { weeks: 2, anchor: "2026-01-05" },
      keepers: { release: "1" },
      window: { from: "02:00", to: "04:00", timeZone: "UTC" },
      spread: { hours: 5 },
      compromisedBefore: "2026-01-01",
    });
    for (const [name, turn] of [
      ["app-0", "1"],
      ["app-1", "0"],
    ] as const) {
      const { __provider, ...inputs } = inputsOf("RotatingPassword", name) ?? {};
      expect(inputs).toEqual({
        policy: "tencentcloud:MariadbAccountPassword",
        keepers: { turn },
        length: 20,
        consumers: ["url"],
        excludeCharacters: "O0",
      });
    }
  });

  test("lets the account whose turn it is wait for the other one, and only that", async () => {
    for (version of [2, 3]) {
      registered.splice(0);
      turns = { "app-0": 3, "app-1": 2 };
      const { inputsOf } = await declare();
      const [own, others] = version === 2 ? ["app-1", "app-0"] : ["app-0", "app-1"];
      expect(inputsOf("Turn", own!)).toMatchObject({
        due: version,
        other: { changedAt: "2026-03-01T12:00:00.000Z" },
      });
      expect(inputsOf("Turn", others!)).toMatchObject({ due: version - 1 });
      expect(inputsOf("Turn", others!)).not.toHaveProperty("other");
    }
  });

  test("adopts an account with currentPassword", async () => {
    const [first, second] = args.accounts;
    const { inputsOf } = await declare({
      accounts: [first, { ...second, currentPassword: "live" }],
    });
    const secret = {
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
      value: "live",
    };
    expect(inputsOf("RotatingPassword", "app-0")).not.toHaveProperty("initial");
    expect(inputsOf("RotatingPassword", "app-1")).toMatchObject({ initial: secret });
    expect(inputsOf("MariadbAccountPassword", "app-1")).toMatchObject({ currentPassword: secret });
  });

  const { MariadbAccountPassword: type } = tencentcloud;
  const [first] = args.accounts;
  test.each<[string, unknown, RegExp]>([
    ["no arguments", undefined, /type must be the class/],
    ["another class", { ...args, type: RotatingPassword }, /type must be the class/],
    [
      "Redis, which has one password",
      { ...args, type: tencentcloud.RedisInstancePassword },
      /Redis instance has one password/,
    ],
    ["one account", { type, accounts: [first] }, /list of two/],
    ["three accounts", { type, accounts: [first, first, first] }, /list of two/],
    ["accounts that are none", { type, accounts: [first, "app_b"] }, /list of two/],
    [
      "a password",
      { type, accounts: [first, { ...first, password: "x" }] },
      /must not have password/,
    ],
    [
      "candidates",
      { type, accounts: [{ ...first, candidates: [] }, first] },
      /not have candidates/,
    ],
    ["a policy", { ...args, policy: type.policy }, /no argument "policy"/],
    ["initial", { ...args, initial: "x" }, /no argument "initial"/],
    ["a slip", { ...args, rotateevery: { days: 1 } }, /no argument "rotateevery"/],
  ])("refuses %s", (_, given, text) => {
    const declaring = () =>
      new AlternatingPasswords(
        "app",
        given as AlternatingPasswordsArgs<MariadbAccountPasswordArgs>,
      );
    expect(declaring).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringMatching(text) }),
    );
    expect(registered).toEqual([]);
  });

  test("has types that know the class's arguments", () => {
    const never = (..._: unknown[]) => undefined;
    never(() => {
      // @ts-expect-error Redis has one password for each instance
      new AlternatingPasswords("x", { type: tencentcloud.RedisInstancePassword, accounts: [] });
      // @ts-expect-error MariaDB accounts have a host
      new AlternatingPasswords("x", { type, accounts: [{ instanceId, userName: "a" }, first] });
      // @ts-expect-error the passwords are generated
      new AlternatingPasswords("x", { type, accounts: [{ ...first, password: "x" }, first] });
      // @ts-expect-error the policy is the class's
      new AlternatingPasswords("x", { ...args, policy: type.policy });
    });
  });
});
