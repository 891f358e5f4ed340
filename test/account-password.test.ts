import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { runInPulumiStack } from "@pulumi/pulumi/runtime/stack";
import { huaweicloud, RotatingPassword, tencentcloud } from "../provider";
import type { AccountPassword, AccountPasswordArgs } from "../provider";
import * as declaredAccounts from "../provider/declared-accounts";
import { services } from "../provider/services";
import { isWireSecret, unwrap } from "./provider-host";

const { declareOnce } = declaredAccounts;

type Class = (new (
  name: string,
  args: any,
  opts?: pulumi.CustomResourceOptions,
) => AccountPassword) & {
  policy: unknown;
  isInstance(value: unknown): boolean;
};

interface Kind {
  readonly name: string;
  readonly Class: Class;
  readonly token: string;
  /**
   * Byte for byte what stands in every state: another text is an update of every resource of every
   * user.
   */
  readonly literal: string;
  readonly identity: Readonly<Record<string, string>>;
  readonly own: readonly string[];
}

const kinds: readonly Kind[] = [
  {
    name: "TcrServiceAccountPassword",
    Class: tencentcloud.TcrServiceAccountPassword,
    token: "pulumi-nodejs:dynamic/tencentcloud:TcrServiceAccountPassword",
    literal:
      'exports.handler=()=>require("pulumi-account-passwords/provider").handler("tencentcloud:TcrServiceAccountPassword")',
    identity: { region: "ap-guangzhou", registryId: "tcr-1", accountName: "robot" },
    own: [],
  },
  {
    name: "MariadbAccountPassword",
    Class: tencentcloud.MariadbAccountPassword,
    token: "pulumi-nodejs:dynamic/tencentcloud:MariadbAccountPassword",
    literal:
      'exports.handler=()=>require("pulumi-account-passwords/provider").handler("tencentcloud:MariadbAccountPassword")',
    identity: { region: "ap-guangzhou", instanceId: "tdsql-1", userName: "app", host: "%" },
    own: [],
  },
  {
    name: "PostgresqlAccountPassword",
    Class: tencentcloud.PostgresqlAccountPassword,
    token: "pulumi-nodejs:dynamic/tencentcloud:PostgresqlAccountPassword",
    literal:
      'exports.handler=()=>require("pulumi-account-passwords/provider").handler("tencentcloud:PostgresqlAccountPassword")',
    identity: { region: "ap-guangzhou", instanceId: "postgres-1", userName: "app" },
    own: [],
  },
  {
    name: "RedisInstancePassword",
    Class: tencentcloud.RedisInstancePassword,
    token: "pulumi-nodejs:dynamic/tencentcloud:RedisInstancePassword",
    literal:
      'exports.handler=()=>require("pulumi-account-passwords/provider").handler("tencentcloud:RedisInstancePassword")',
    identity: { region: "ap-guangzhou", instanceId: "crs-1" },
    own: ["resetWithoutCurrent", "candidates"],
  },
  {
    name: "ServicecombAccountPassword",
    Class: huaweicloud.ServicecombAccountPassword,
    token: "pulumi-nodejs:dynamic/huaweicloud:ServicecombAccountPassword",
    literal:
      'exports.handler=()=>require("pulumi-account-passwords/provider").handler("huaweicloud:ServicecombAccountPassword")',
    identity: {
      region: "cn-north-4",
      projectId: "p-1",
      engineId: "engine-1",
      accountName: "alice",
    },
    own: ["candidates"],
  },
];

const registered: pulumi.runtime.MockResourceArgs[] = [];
const password = "Some-text-11";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => {
      if (args.type !== "pulumi:pulumi:Stack") registered.push(args);
      const generator = { result: "generated", history: ["older", "oldest"], version: 3 };
      const outputs = args.type.endsWith(":RotatingPassword") ? generator : { revision: 1 };
      return { id: `${args.name}-id`, state: { ...args.inputs, ...outputs } };
    },
    call: () => ({}),
  }),
);
beforeEach(() => registered.splice(0));
afterEach(() => jest.restoreAllMocks());

/** Its value, or its error: one that nobody takes would end the process. */
function settled<T>(output: pulumi.Output<T>): Promise<T> {
  const { isKnown, isSecret, promise } = output as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    promise(): Promise<T>;
  };
  for (const part of [isKnown, isSecret]) part.catch(() => undefined);
  return promise();
}

/** Declares one, and waits until the engine has been told. */
async function declare(
  { Class, token }: Kind,
  args: object,
  opts?: pulumi.CustomResourceOptions,
): Promise<{ resource: AccountPassword; inputs: Record<string, any> }> {
  const resource = new Class("one", args, opts);
  await settled(resource.urn);
  const [registration] = registered.filter(({ type }) => type === token);
  return { resource, inputs: registration?.inputs as Record<string, any> };
}

describe.each(kinds)("$name", (kind) => {
  const { Class, identity, own, literal, token } = kind;

  test("is to the engine a dynamic resource with a fixed text for its provider", async () => {
    const { inputs } = await declare(kind, { ...identity, password });
    expect(registered.map(({ type }) => type)).toEqual([token]);
    expect(unwrap(inputs)).toEqual({ ...identity, password, __provider: literal });
  });

  test("makes secrets of passwords that were given in clear", async () => {
    const more = own.includes("candidates") ? { candidates: ["older"] } : {};
    const { inputs } = await declare(kind, {
      ...identity,
      password,
      currentPassword: "was",
      ...more,
    });
    const secret = Object.keys(inputs).filter((name) => isWireSecret(inputs[name]));
    expect(secret.sort()).toEqual([...Object.keys(more), "currentPassword", "password"]);
  });

  test("names its secret outputs, beside the user's", async () => {
    const base = jest.spyOn(MockMonitor.prototype, "registerResource");
    await declare(kind, { ...identity, password }, { additionalSecretOutputs: ["requestId"] });
    const request = base.mock.calls[0]?.[0] as { getAdditionalsecretoutputsList(): string[] };
    expect(request.getAdditionalsecretoutputsList().sort()).toEqual([
      ...own.filter((name) => name === "candidates"),
      "currentPassword",
      // Only where wrong passwords lock an account.
      ...(kind.name === "ServicecombAccountPassword" ? ["earlierRefusedPasswords"] : []),
      "password",
      "pendingPasswords",
      "refusedPasswords",
      "requestId",
    ]);
  });

  test("has every argument and every output as an Output from the start", async () => {
    const { resource } = await declare(kind, { ...identity, password });
    const outputs = [
      ...[
        ...Object.keys(identity),
        "password",
        "currentPassword",
        "profile",
        "timeoutSeconds",
        "passwordVersion",
        ...own,
      ],
      ...["status", "pendingPasswords", "unknownSince", "taskId", "triedAt", "refusedPasswords"],
      ...["changedAt", "requestId", "revision", "drift", "endpoint"],
    ];
    const all = resource as unknown as Record<string, pulumi.Output<unknown>>;
    for (const name of outputs)
      expect([name, pulumi.Output.isInstance(all[name])]).toEqual([name, true]);
    expect(await settled(resource.password)).toBe(password);
    expect(await pulumi.isSecret(resource.password)).toBe(true);
    expect(await settled(resource.revision)).toBe(1);
    expect(await settled(resource.profile)).toBeUndefined();
  });

  test("takes a RotatingPassword apart: value, version, and what may be live where that is needed", async () => {
    const generated = new RotatingPassword("generator", {
      policy: tencentcloud.RedisInstancePassword.policy,
    });
    const { inputs } = await declare(kind, { ...identity, password: generated });
    const history = own.includes("candidates") ? { candidates: ["older", "oldest"] } : {};
    expect(unwrap(inputs)).toEqual({
      ...identity,
      password: "generated",
      passwordVersion: 3,
      ...history,
      __provider: literal,
    });
    for (const name of ["password", ...Object.keys(history)])
      expect(isWireSecret(inputs[name])).toBe(true);
    expect(isWireSecret(inputs["passwordVersion"])).toBe(false);
    // The text alone says less.
    registered.splice(0);
    const text = await declare(kind, { ...identity, password: generated.result });
    expect(Object.keys(text.inputs).sort()).toEqual(
      [...Object.keys(identity), "__provider", "password"].sort(),
    );
  });

  if (own.includes("candidates"))
    test.each([
      ["plain", ["mine", "older"]],
      ["Output", pulumi.secret(["mine", "older"])],
    ])("keeps the program's own candidates beside a generator's: %s", async (_what, candidates) => {
      const generated = new RotatingPassword("generator", {
        policy: tencentcloud.RedisInstancePassword.policy,
      });
      const { inputs } = await declare(kind, { ...identity, password: generated, candidates });
      expect(isWireSecret(inputs["candidates"])).toBe(true);
      expect(unwrap(inputs)["candidates"]).toEqual(["mine", "older", "oldest"]);
    });

  test.each([{ import: "some-id" }, { id: "some-id" }])("refuses the option %j", (opts) => {
    expect(() => new Class("one", { ...identity, password }, opts)).toThrow(
      expect.objectContaining({
        code: "IMPORT_UNSUPPORTED",
        message: expect.stringMatching(
          /^Cannot import .*currentPassword.*\(IMPORT_UNSUPPORTED\)$/,
        ) as unknown,
      }),
    );
    expect(registered).toEqual([]);
  });

  test("refuses an argument that does not exist, without its value", () => {
    for (const name of ["passwrod", "drift", "status", "__proto"]) {
      const args = { ...identity, password, [name]: "shouldNotShow1" };
      let failed: unknown;
      try {
        new Class("one", args);
      } catch (error) {
        failed = error;
      }
      const { code, message } = failed as { code: string; message: string };
      expect(code).toBe("INVALID_ARGUMENT");
      expect(message).toContain(`there is no argument "${name}"`);
      for (const known of [...Object.keys(identity), ...own, "password", "currentPassword"])
        expect(message).toContain(known);
      expect(message).not.toContain("shouldNotShow1");
    }
    expect(registered).toEqual([]);
  });

  test("is left to the provider's check where arguments are missing", async () => {
    const { inputs } = await declare(kind, undefined as unknown as object);
    expect(inputs).toEqual({ __provider: literal });
  });

  test("isInstance() and policy", async () => {
    const { resource } = await declare(kind, { ...identity, password });
    expect(kinds.filter((other) => other.Class.isInstance(resource))).toEqual([kind]);
    for (const value of [undefined, null, {}, "text", { __pulumiType: token }])
      expect(Class.isInstance(value)).toBe(false);
    expect(Class.policy).toMatchObject({ name: token.replace("pulumi-nodejs:dynamic/", "") });
  });
});

test("types: what is required, what may be left out or undefined", () => {
  const identity = { registryId: "tcr-1", accountName: "robot" };
  const maybe = undefined as string | undefined;
  void (() => [
    new tencentcloud.TcrServiceAccountPassword("a", {
      ...identity,
      password,
      region: maybe,
      profile: maybe,
    }),
    // @ts-expect-error No password.
    new tencentcloud.TcrServiceAccountPassword("b", identity),
    // @ts-expect-error No account.
    new tencentcloud.TcrServiceAccountPassword("c", { registryId: "tcr-1", password }),
    // @ts-expect-error Not an argument of TCR.
    new tencentcloud.TcrServiceAccountPassword("d", { ...identity, password, candidates: [] }),
    // @ts-expect-error No host.
    new tencentcloud.MariadbAccountPassword("e", { instanceId: "i", userName: "u", password }),
  ]);
  const common: AccountPasswordArgs = { password: pulumi.secret(password), timeoutSeconds: 5 };
  expect(Object.keys(common)).toEqual(["password", "timeoutSeconds"]);
});

describe("the same account declared twice", () => {
  const [tcr, mariadb, , redis] = kinds as [Kind, Kind, Kind, Kind, Kind];

  /** A run of the program, until everything in it is registered. */
  async function run(program: () => AccountPassword[]): Promise<void> {
    let declared: AccountPassword[] = [];
    await runInPulumiStack(() => {
      declared = program();
      return Promise.resolve();
    });
    await Promise.all(declared.map((resource) => settled(resource.urn)));
  }

  const duplicate = (first: string, second: string): Error =>
    expect.objectContaining({
      code: "DUPLICATE_ACCOUNT",
      message: expect.stringMatching(
        new RegExp(
          `^Cannot declare .* as "${second}": "${first}" is the same account.*\\(DUPLICATE_ACCOUNT\\)$`,
        ),
      ) as unknown,
    }) as Error;

  const of = ({ Class, identity }: Kind, name: string, more: object = {}) =>
    new Class(name, { ...identity, password, ...more });

  test.each(kinds)("$name: fails in the constructor for plain values", async (kind) => {
    await run(() => {
      of(kind, "first");
      expect(() => of(kind, "second")).toThrow(duplicate("first", "second"));
      return [];
    });
  });

  test.each(kinds)("$name: fails when they resolve for Outputs", async (kind) => {
    const service = services.get(kind.token.replace("pulumi-nodejs:dynamic/", ""))!;
    for (const name of service.identity) {
      const later = {
        ...kind.identity,
        [name]: pulumi.output(Promise.resolve(kind.identity[name])),
      };
      // Not by the class: a registration that fails ends the process.
      await runInPulumiStack(async () => {
        declareOnce(service, "plain", kind.identity);
        const { [name]: waiting } = declareOnce(service, "later", later);
        await expect(settled(waiting as pulumi.Output<unknown>)).rejects.toEqual(
          duplicate("plain", "later"),
        );
      });
      await runInPulumiStack(async () => {
        const { [name]: waiting, ...others } = declareOnce(service, "later", later);
        const { [name]: again } = declareOnce(service, "again", later);
        expect(await settled(waiting as pulumi.Output<unknown>)).toBe(kind.identity[name]);
        // Plain ones stay as they are: known in a preview, and not secret with a secret one.
        const { [name]: _output, ...plain } = kind.identity;
        expect(others).toEqual(plain);
        await expect(settled(again as pulumi.Output<unknown>)).rejects.toEqual(
          duplicate("later", "again"),
        );
      });
    }
  });

  test.each(kinds)("$name: leaves plain arguments plain beside a secret one", async (kind) => {
    for (const [name, value] of Object.entries(kind.identity)) {
      registered.splice(0);
      await run(() => [of(kind, "one", { [name]: pulumi.secret(value) })]);
      const inputs = (registered[0]?.inputs ?? {}) as Record<string, unknown>;
      expect(unwrap(inputs)).toMatchObject(kind.identity);
      const secret = Object.keys(inputs).filter((key) => isWireSecret(inputs[key]));
      expect(secret.sort()).toEqual([name, "password"].sort());
    }
  });

  test("is found with several Outputs, whichever comes last", async () => {
    const service = services.get("tencentcloud:MariadbAccountPassword")!;
    const { identity } = mariadb;
    const { instanceId, userName, ...plain } = identity as Record<string, string>;
    const slow = async (value?: string) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return value;
    };
    for (const args of [
      { ...plain, instanceId: pulumi.output(slow(instanceId)), userName: pulumi.output(userName) },
      { ...plain, instanceId: pulumi.output(instanceId), userName: pulumi.output(slow(userName)) },
    ])
      await runInPulumiStack(async () => {
        declareOnce(service, "plain", identity);
        const tied = declareOnce(service, "later", args);
        expect(tied).toMatchObject(plain);
        const waiting = Object.values(tied).filter(pulumi.Output.isInstance);
        const results = await Promise.allSettled(waiting.map(settled));
        expect(results).toContainEqual({
          status: "rejected",
          reason: duplicate("plain", "later"),
        });
      });
  });

  test("a registration waits for that", async () => {
    const waiting = pulumi.output(Promise.resolve("as declareOnce has it"));
    const declaring = jest
      .spyOn(declaredAccounts, "declareOnce")
      .mockImplementation((_service, _name, args) => ({ ...args, instanceId: waiting }));
    await run(() => [of(redis, "one", { instanceId: pulumi.output("crs-5") })]);
    expect(declaring).toHaveBeenCalledTimes(1);
    expect(registered[0]?.inputs).toMatchObject({ instanceId: "as declareOnce has it" });
  });

  test("two spellings of one TCR account are the same account", async () => {
    await run(() => {
      of(tcr, "first");
      expect(() => of(tcr, "second", { accountName: "tcr$robot" })).toThrow(
        duplicate("first", "second"),
      );
      return [];
    });
  });

  test("a region that is left out is the configured one", async () => {
    process.env["TENCENTCLOUD_REGION"] = "ap-guangzhou";
    await run(() => {
      of(mariadb, "first");
      expect(() => of(mariadb, "second", { region: undefined })).toThrow(
        duplicate("first", "second"),
      );
      return [of(mariadb, "third", { region: "ap-beijing" })];
    });
    delete process.env["TENCENTCLOUD_REGION"];
  });

  test("others are not: another host, another kind, another engine", async () => {
    await run(() => [
      ...kinds.map((kind) => of(kind, kind.name)),
      of(mariadb, "other host", { host: "10.%" }),
      of(redis, "other instance", { instanceId: "crs-2" }),
      of(redis, "later", { instanceId: pulumi.output(Promise.resolve("crs-3")) }),
    ]);
    expect(registered).toHaveLength(kinds.length + 3);
  });

  test("is remembered by run, not by process: preview and up of one process declare the same", async () => {
    const program = () => kinds.map((kind) => of(kind, kind.name));
    await run(program);
    await run(program);
    expect(registered).toHaveLength(2 * kinds.length);
  });
});
