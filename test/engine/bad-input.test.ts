import { chosen, configuredProgram, imports, named } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/**
 * What a user sees of bad input, as the engine prints it: a clear text, no value, nothing sent. The
 * unit tests have the whole list; these are those in which the engine has a part.
 */
const secret = "Canary+value1x9";
let emulator: TestEmulator;
let stack: Stack;

beforeAll(async () => {
  emulator = await newEmulator();
  stack = await newStack({
    program: "export {};",
    secretConfig: { secret, short: "Ca+1x", slash: "/Canary+1x9" },
    env: emulator.environment,
  });
});

const pg = (args: string) =>
  `${imports}new tencentcloud.PostgresqlAccountPassword("orders", { instanceId: "postgres-lnp6j617", userName: "app", ${args} });`;
const cases: [string, string, Record<string, string | undefined>, string[]][] = [
  [
    "a short password",
    pg(`password: config.requireSecret("short")`),
    {},
    ["PASSWORD_POLICY", "8 to 32", "postgres-lnp6j617/app"],
  ],
  ["a password in clear", pg(`password: "/Canary+clear1x"`), {}, ["PASSWORD_POLICY", "slash"]],
  [
    "an unknown argument",
    pg(`password: config.requireSecret("secret"), passwrod: "Canary+typo1x9" as never`).replace(
      "{ instanceId",
      "<any>{ instanceId",
    ),
    {},
    ["INVALID_ARGUMENT", "passwrod"],
  ],
  [
    "no region",
    pg(`password: config.requireSecret("secret")`),
    { TENCENTCLOUD_REGION: "" },
    ["INVALID_ARGUMENT", "TENCENTCLOUD_REGION", "tencentcloud:region"],
  ],
  [
    "plain http",
    pg(`password: config.requireSecret("secret")`),
    { ACCOUNT_PASSWORDS_EMULATOR: "", TENCENTCLOUD_ENDPOINT: "http://postgres.example" },
    ["ENDPOINT_INVALID", "https"],
  ],
  [
    "a malformed endpoint",
    pg(`password: config.requireSecret("secret")`),
    { ACCOUNT_PASSWORDS_EMULATOR: "", TENCENTCLOUD_ENDPOINT: "Canary+endpoint" },
    ["ENDPOINT_INVALID", "TENCENTCLOUD_ENDPOINT"],
  ],
  [
    "an import",
    `${imports}new tencentcloud.RedisInstancePassword("cache", { instanceId: "crs-1", password: config.requireSecret("secret") }, { import: "crs-1" });`,
    {},
    ["IMPORT_UNSUPPORTED", "currentPassword"],
  ],
  [
    "the same account twice",
    configuredProgram([named("cache"), { ...named("cache"), name: "again" }]).replace(
      /requireSecret\("\w+"\)/g,
      'requireSecret("secret")',
    ),
    {},
    ["DUPLICATE_ACCOUNT", "crs-5a4p1234"],
  ],
  [
    "the same account twice, by an Output",
    configuredProgram([named("cache"), { ...named("cache"), name: "again" }])
      .replace(/requireSecret\("\w+"\)/g, 'requireSecret("secret")')
      .replace(`"instanceId":"crs-5a4p1234"`, `instanceId: pulumi.output("crs-5a4p1234")`),
    {},
    ["DUPLICATE_ACCOUNT", "crs-5a4p1234"],
  ],
];

test.each(cases)("%s", async (_what, program, env, said) => {
  stack.setProgram(program);
  const { text } = await stack.preview({ env, expect: "failure" });
  for (const part of said) expect(text).toContain(part);
  for (const value of [
    secret,
    "Ca+1x",
    "/Canary+1x9",
    "Canary+clear1x",
    "Canary+typo",
    "Canary+endpoint",
  ])
    expect(text).not.toContain(value);
  expect(await emulator.writes()).toEqual([]);
});

test("half a set of credentials: an error that names what is missing, before any request", async () => {
  const requests = (await emulator.requests()).length;
  stack.setProgram(pg(`password: config.requireSecret("secret")`));
  const { text } = await stack.up({ env: { TENCENTCLOUD_SECRET_KEY: "" }, expect: "failure" });
  expect(text).toContain("CREDENTIALS_MISSING");
  expect(text).toContain("TENCENTCLOUD_SECRET_KEY is missing");
  expect(await emulator.requests()).toHaveLength(requests);
  expect((await stack.export()).resources.filter(({ id }) => id !== undefined)).toHaveLength(
    (await stack.export()).resources.filter(({ type }) => type.startsWith("pulumi:providers"))
      .length,
  );
});

test("a key in the stack configuration in clear", async () => {
  const plain = await newStack({
    program: pg(`password: config.requireSecret("secret")`),
    config: { "tencentcloud:secretKey": "Canary-plain-key" },
    secretConfig: { secret },
    env: emulator.environment,
  });
  const { text } = await plain.preview({ expect: "failure" });
  expect(text).toContain("CONFIG_NOT_SECRET");
  expect(text).toContain("pulumi config set --secret tencentcloud:secretKey");
  expect(text).not.toContain("Canary-plain-key");
});

test("credentials, region and endpoint from the stack configuration", async () => {
  const { TENCENTCLOUD_SECRET_KEY: key = "", TENCENTCLOUD_SECRET_ID: id = "" } =
    emulator.environment;
  const configured = await newStack({
    program: pg(`password: config.requireSecret("secret")`),
    config: {
      "tencentcloud:secretId": id,
      "tencentcloud:region": "ap-beijing",
      "tencentcloud:endpoint": emulator.url,
    },
    secretConfig: { secret, "tencentcloud:secretKey": key },
  });
  await configured.up();
  const { outputs, id: resourceId } = await configured.resource("orders");
  expect(resourceId).toBe("ap-beijing/postgres-lnp6j617/app");
  expect(outputs["status"]).toBe("confirmed");
  expect(configured.rawState()).not.toContain(key);
});

test("passwords that are not known in the preview are not judged there", async () => {
  const fresh = await newEmulator();
  const unknown = await newStack({
    program: `${imports}import * as random from "@pulumi/random";
const made = new random.RandomPassword("made", { ...tencentcloud.RedisInstancePassword.policy.randomPasswordArgs() });
export const cache = new tencentcloud.RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234", password: made.result, currentPassword: config.requireSecret("current"),
});`,
    secretConfig: { current: named("cache").first },
    env: fresh.environment,
  });
  const { json } = await unknown.previewJson();
  expect(json.changeSummary).toEqual({ create: 3 });
  await unknown.up({ preview: true });
  const { outputs } = await unknown.resource("cache");
  expect(
    await fresh.login(
      "tencentcloud:RedisInstancePassword",
      { instanceId: "crs-5a4p1234" },
      String(outputs["password"]),
    ),
  ).toBe(true);
  expect((await fresh.writes()).map(({ action, outcome }) => [action, outcome])).toEqual([
    ["ModifyInstancePassword", "ok"],
  ]);
  expect(chosen(named("cache"), 1)).not.toBe(outputs["password"]);
});
