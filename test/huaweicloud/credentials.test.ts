import {
  authScheme,
  cseEndpoint,
  engineEndpoint,
  iamCredential,
  iamEndpoint,
  rbacCredential,
} from "../../provider/huaweicloud/credentials";
import { redact } from "../../provider/redact";
import { settings } from "../../provider/settings";
import type { Settings } from "../../provider/settings";

type Texts = Readonly<Record<string, string>>;

function given(env: Texts, config: Texts = {}): Settings {
  return settings((key) => config[key], env);
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

const emulator = { ACCOUNT_PASSWORDS_EMULATOR: "http://127.0.0.1:1" };

describe("iamCredential", () => {
  const user = { HW_USER_NAME: "u-env", HW_USER_PASSWORD: "p-env", HW_DOMAIN_NAME: "d-env" };
  const configuredUser = {
    "huaweicloud:userName": "u-conf",
    "huaweicloud:password": "p-conf",
    "huaweicloud:domainName": "d-conf",
  };
  const configured = { "huaweicloud:token": "t-conf" };
  const ofEnvironment = { kind: "user", userName: "u-env", password: "p-env", domainName: "d-env" };
  const ofConfiguration = {
    kind: "user",
    userName: "u-conf",
    password: "p-conf",
    domainName: "d-conf",
  };

  test.each<[string, Texts, Texts, object]>([
    ["the token of the environment", { ...user, HW_AUTH_TOKEN: "t" }, configured, { token: "t" }],
    ["the user of the environment", user, configured, ofEnvironment],
    ["no empty token", { ...user, HW_AUTH_TOKEN: "" }, configured, ofEnvironment],
    [
      "the token of the configuration",
      {},
      { ...configured, ...configuredUser },
      { token: "t-conf" },
    ],
    ["the user of the configuration", {}, configuredUser, ofConfiguration],
    [
      "no empty token of the configuration",
      { HW_USER_NAME: "" },
      { ...configuredUser, "huaweicloud:token": "" },
      ofConfiguration,
    ],
    [
      "no profile, unless one is asked for",
      { ...user, HW_PROD_AUTH_TOKEN: "t" },
      {},
      ofEnvironment,
    ],
  ])("is %s", (_what, env, config, expected) => {
    const kind = "token" in expected ? "token" : "user";
    expect(iamCredential(given(env, config))).toEqual({ kind, ...expected });
  });

  test.each<[string, Texts, object]>([
    ["prod", { ...user, HW_PROD_AUTH_TOKEN: "t" }, { kind: "token", token: "t" }],
    [
      "eu-1",
      { HW_EU_1_USER_NAME: "u", HW_EU_1_USER_PASSWORD: "p", HW_EU_1_DOMAIN_NAME: "d" },
      { kind: "user", userName: "u", password: "p", domainName: "d" },
    ],
  ])("of profile %s is that of its own variables", (profile, env, expected) => {
    expect(iamCredential(given(env, configured), profile)).toEqual(expected);
  });

  test("of a profile is never made up from what is there for all", () => {
    expect(() => iamCredential(given(user, configured), "eu-1")).toThrow(
      expect.objectContaining({
        code: "CREDENTIALS_MISSING",
        message: expect.stringMatching(
          /set HW_EU_1_AUTH_TOKEN, or HW_EU_1_USER_NAME, HW_EU_1_USER_PASSWORD and HW_EU_1_DOMAIN_NAME/,
        ),
      }),
    );
  });

  test.each<[string, Texts, Texts, string | undefined, string]>([
    [
      "a name only",
      { HW_USER_NAME: "canary" },
      configured,
      undefined,
      "the environment: HW_USER_PASSWORD and HW_DOMAIN_NAME are missing",
    ],
    [
      "no domain",
      { ...user, HW_DOMAIN_NAME: "" },
      configured,
      undefined,
      "the environment: HW_DOMAIN_NAME is missing",
    ],
    [
      "no configured password",
      {},
      { ...configuredUser, "huaweicloud:password": "" },
      undefined,
      "the stack configuration: huaweicloud:password is missing",
    ],
    [
      "half of a profile",
      { ...user, HW_EU_USER_PASSWORD: "canary" },
      configured,
      "eu",
      "the environment: HW_EU_USER_NAME and HW_EU_DOMAIN_NAME are missing",
    ],
    [
      "half of the emulator's variables",
      { ...emulator, HW_USER_NAME: "canary" },
      configured,
      "eu",
      "the environment: HW_USER_PASSWORD and HW_DOMAIN_NAME are missing",
    ],
  ])("is refused with %s", (_what, env, config, profile, missing) => {
    const error = thrownBy(() => iamCredential(given(env, config), profile));
    expect(error).toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect((error as Error).message).toContain(`${missing}; nothing was sent`);
    expect((error as Error).message).not.toContain("canary");
  });

  test("is refused where there is nothing", () => {
    expect(() => iamCredential(given({}))).toThrow(
      expect.objectContaining({
        code: "CREDENTIALS_MISSING",
        message: expect.stringContaining(
          "set HW_AUTH_TOKEN, or HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME",
        ),
      }),
    );
  });

  test.each([undefined, "prod"])(
    "with the emulator is the environment's (profile %p)",
    (profile) => {
      const env = { ...emulator, ...user, HW_PROD_AUTH_TOKEN: "t" };
      expect(iamCredential(given(env, configured), profile)).toEqual(ofEnvironment);
      expect(() => iamCredential(given(emulator, configured), profile)).toThrow(
        expect.objectContaining({ code: "CREDENTIALS_MISSING" }),
      );
    },
  );

  test("is taken out of every text from then on", () => {
    iamCredential(given({ ...user, HW_USER_PASSWORD: "canary-iam-password" }));
    iamCredential(given({ HW_AUTH_TOKEN: "canary-iam-token" }));
    expect(redact("canary-iam-password canary-iam-token")).toBe("[secret] [secret]");
  });
});

describe("rbacCredential", () => {
  const engineId = "0a1b-2c3d";
  const login = (text: string, passwordName: string) => ({
    kind: "login",
    account: `a-${text}`,
    password: `p-${text}`,
    passwordName,
  });
  const variables = (text: string, end = "") => ({
    [`SERVICECOMB_RBAC_ACCOUNT${end}`]: `a-${text}`,
    [`SERVICECOMB_RBAC_PASSWORD${end}`]: `p-${text}`,
  });
  const keys = (text: string, end = "") => ({
    [`servicecomb:rbacAccount${end}`]: `a-${text}`,
    [`servicecomb:rbacPassword${end}`]: `p-${text}`,
  });
  const end = "_0A1B_2C3D";

  test.each<[string, Texts, Texts, object]>([
    [
      "a token",
      { ...variables("env"), SERVICECOMB_RBAC_TOKEN: "t" },
      {},
      { kind: "token", token: "t", account: "a-env" },
    ],
    [
      "a token without a name for its account",
      { SERVICECOMB_RBAC_TOKEN: "t" },
      keys("conf"),
      { kind: "token", token: "t", account: undefined },
    ],
    [
      "no empty token",
      { ...variables("env"), SERVICECOMB_RBAC_TOKEN: "" },
      {},
      login("env", "SERVICECOMB_RBAC_PASSWORD"),
    ],
    [
      "a login of the environment",
      variables("env"),
      keys("conf"),
      login("env", "SERVICECOMB_RBAC_PASSWORD"),
    ],
    [
      "a login of the configuration",
      { SERVICECOMB_RBAC_ACCOUNT: "" },
      keys("conf"),
      login("conf", "servicecomb:rbacPassword"),
    ],
    [
      "no empty token of the configuration",
      {},
      { ...keys("conf"), "servicecomb:rbacToken": "" },
      login("conf", "servicecomb:rbacPassword"),
    ],
    [
      "the token of the configuration",
      {},
      { ...keys("conf"), "servicecomb:rbacToken": "t" },
      { kind: "token", token: "t", account: "a-conf" },
    ],
    [
      "the login of this engine",
      { ...variables("env"), ...variables("engine", end) },
      keys("conf", end),
      login("engine", `SERVICECOMB_RBAC_PASSWORD${end}`),
    ],
    [
      "the configured login of this engine, before variables for all",
      { ...variables("env"), SERVICECOMB_RBAC_TOKEN: "t" },
      keys("engine", end),
      login("engine", `servicecomb:rbacPassword${end}`),
    ],
    [
      "the token of this engine",
      { ...variables("env"), [`SERVICECOMB_RBAC_TOKEN${end}`]: "t" },
      {},
      { kind: "token", token: "t", account: undefined },
    ],
    ["nothing of another engine", variables("other", "_OTHER"), {}, { kind: "exchange" }],
    ["the IAM token's exchange, where nothing is set", {}, {}, { kind: "exchange" }],
    [
      "that of the environment, with the emulator",
      { ...emulator, ...variables("env"), ...variables("engine", end) },
      keys("conf", end),
      login("env", "SERVICECOMB_RBAC_PASSWORD"),
    ],
    [
      "no configured one, with the emulator",
      { ...emulator, ...variables("engine", end) },
      { ...keys("conf"), ...keys("engine", end) },
      { kind: "exchange" },
    ],
  ])("is %s", (_what, env, config, expected) => {
    expect(rbacCredential(given(env, config), engineId)).toEqual(expected);
  });

  test.each<[Texts, Texts, string]>([
    [
      { SERVICECOMB_RBAC_ACCOUNT: "canary" },
      keys("conf"),
      "the environment: SERVICECOMB_RBAC_PASSWORD is missing",
    ],
    [
      { [`SERVICECOMB_RBAC_PASSWORD${end}`]: "canary", ...variables("env") },
      {},
      `the environment: SERVICECOMB_RBAC_ACCOUNT${end} is missing`,
    ],
    [
      variables("env"),
      { [`servicecomb:rbacAccount${end}`]: "canary" },
      `the stack configuration: servicecomb:rbacPassword${end} is missing`,
    ],
  ])("is refused with half of a login: %p %p", (env, config, missing) => {
    const error = thrownBy(() => rbacCredential(given(env, config), engineId));
    expect(error).toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect((error as Error).message).toContain(`${missing}; nothing was sent`);
    expect((error as Error).message).not.toContain("canary");
  });

  test("is taken out of every text from then on", () => {
    const { SERVICECOMB_RBAC_ACCOUNT = "" } = variables("env");
    rbacCredential(
      given({ SERVICECOMB_RBAC_ACCOUNT, SERVICECOMB_RBAC_PASSWORD: "canary-rbac-password" }),
      engineId,
    );
    rbacCredential(given({ SERVICECOMB_RBAC_TOKEN: "canary-rbac-token" }), engineId);
    expect(redact("canary-rbac-password canary-rbac-token")).toBe("[secret] [secret]");
  });
});

test.each<[Texts, Texts, string]>([
  [{}, {}, "Bear"],
  [{ SERVICECOMB_AUTH_SCHEME: "Bearer" }, { "servicecomb:authScheme": "Other" }, "Bearer"],
  [{ SERVICECOMB_AUTH_SCHEME: "" }, { "servicecomb:authScheme": "Bearer" }, "Bearer"],
  [{}, { "servicecomb:authScheme": "" }, "Bear"],
])("authScheme() with %p %p is %s", (env, config, word) => {
  expect(authScheme(given(env, config))).toBe(word);
});

describe.each([
  ["cseEndpoint", cseEndpoint, "HUAWEICLOUD_CSE_ENDPOINT", "huaweicloud:cseEndpoint", "cse"],
  ["iamEndpoint", iamEndpoint, "HUAWEICLOUD_IAM_ENDPOINT", "huaweicloud:iamEndpoint", "iam"],
] as const)("%s", (_name, endpoint, variable, key, label) => {
  test.each<[Texts, Texts, string]>([
    [{}, {}, `https://${label}.cn-north-4.myhuaweicloud.com`],
    [{ [variable]: "https://v.example/x/" }, { [key]: "https://k.example" }, "https://v.example/x"],
    [{ [variable]: "" }, { [key]: "https://k.example" }, "https://k.example"],
    [{ ...emulator, [variable]: "https://v.example" }, {}, "http://127.0.0.1:1"],
  ])("with %p %p is at %s", (env, config, url) => {
    expect(endpoint(given(env, config), "cn-north-4").url).toBe(url);
  });

  test.each<[Texts, Texts, string]>([
    [{ [variable]: "http://canary.example" }, {}, variable],
    [{}, { [key]: "https://a:canary@b.example" }, key],
  ])("refuses %p %p", (env, config, name) => {
    const error = thrownBy(() => endpoint(given(env, config), "cn-north-4"));
    expect(error).toMatchObject({ code: "ENDPOINT_INVALID" });
    expect((error as Error).message).toContain(`the endpoint of ${name}:`);
    expect((error as Error).message).not.toContain("canary");
  });

  test.each(["canary.example/", "canary.example?", "canary.example#", "a@canary.example/"])(
    "refuses a region %p, which would move the request elsewhere",
    (region) => {
      const error = thrownBy(() => endpoint(given({}), region));
      expect(error).toMatchObject({ code: "ENDPOINT_INVALID" });
    },
  );
});

describe("engineEndpoint", () => {
  const variable = "SERVICECOMB_ENGINE_ENDPOINT";
  const key = "servicecomb:engineEndpoint";
  const end = "_ENGINE_1";

  test.each<[Texts, Texts, string | undefined, boolean | undefined]>([
    [{}, {}, undefined, undefined],
    [{ [variable]: "https://10.0.0.1:30100" }, {}, "https://10.0.0.1:30100", false],
    [
      { [variable]: "https://a.example" },
      { [key]: "https://b.example" },
      "https://a.example",
      false,
    ],
    [{ [variable]: "" }, { [key]: "https://b.example" }, "https://b.example", false],
    [
      { [variable]: "https://a.example", [variable + end]: "https://c.example" },
      {},
      "https://c.example",
      true,
    ],
    [
      { [variable]: "https://a.example" },
      { [key + end]: "https://d.example" },
      "https://d.example",
      true,
    ],
    [{ [variable + end]: "" }, { [key + end]: "" }, undefined, undefined],
    [
      { ...emulator, [variable + end]: "https://c.example" },
      { [key + end]: "https://d.example" },
      "http://127.0.0.1:1",
      false,
    ],
  ])("with %p %p is at %s", (env, config, url, ofThisEngine) => {
    const found = engineEndpoint(given(env, config), "engine-1");
    expect(found?.url).toBe(url);
    expect(found?.ofThisEngine).toBe(ofThisEngine);
  });

  test.each<[Texts, Texts, string]>([
    [{ [variable]: "http://10.0.0.1:30100" }, {}, variable],
    [{ [variable + end]: "canary" }, {}, variable + end],
    [{}, { [key]: "canary" }, key],
    [{}, { [key + end]: "https://canary:canary@x.example" }, key + end],
  ])("refuses %p %p, and names where it stands", (env, config, name) => {
    const error = thrownBy(() => engineEndpoint(given(env, config), "engine-1"));
    expect(error).toMatchObject({ code: "ENDPOINT_INVALID" });
    expect((error as Error).message).toContain(`the endpoint of ${name}:`);
    expect((error as Error).message).not.toContain("canary");
  });
});
