import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { redact } from "../../provider/redact";
import { settings } from "../../provider/settings";
import type { Settings } from "../../provider/settings";
import { credential, productEndpoint } from "../../provider/tencentcloud/credentials";

type Texts = Readonly<Record<string, string>>;

/** Variables, keys of the stack configuration, and files of the home folder. */
function given(env: Texts, config: Texts = {}, files: Texts = {}): Settings {
  home = mkdtempSync(join(os.tmpdir(), "account-passwords-home-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  return settings((key) => config[key], env);
}

let home = "";
beforeEach(() => void jest.spyOn(os, "homedir").mockImplementation(() => home));
afterEach(() => {
  jest.restoreAllMocks();
  if (home !== "") rmSync(home, { recursive: true });
  home = "";
});

const environment = { TENCENTCLOUD_SECRET_ID: "id-env", TENCENTCLOUD_SECRET_KEY: "key-env" };
const configuration = { "tencentcloud:secretId": "id-conf", "tencentcloud:secretKey": "key-conf" };
const ini = ".tencentcloud/credentials";
const inFile = { [ini]: "[default]\nsecret_id = id-ini\nsecret_key = key-ini\n" };
const json = (id: string) => JSON.stringify({ secretId: id, secretKey: "key-json" });
const inJson = { ".tccli/default.credential": json("id-json") };
const emulator = { ACCOUNT_PASSWORDS_EMULATOR: "http://127.0.0.1:1" };

describe("credential", () => {
  test.each<[string, () => Settings, object]>([
    [
      "the environment",
      () => given(environment, configuration, { ...inFile, ...inJson }),
      { secretId: "id-env", secretKey: "key-env" },
    ],
    [
      "the stack configuration",
      () => given({}, configuration, { ...inFile, ...inJson }),
      { secretId: "id-conf", secretKey: "key-conf" },
    ],
    [
      "the file of the vendor's SDKs",
      () => given({}, {}, { ...inFile, ...inJson }),
      { secretId: "id-ini", secretKey: "key-ini" },
    ],
    [
      "the file of the vendor's command line",
      () => given({}, {}, inJson),
      { secretId: "id-json", secretKey: "key-json" },
    ],
    [
      "the stack configuration, where the variables are empty",
      () => given({ TENCENTCLOUD_SECRET_ID: "", TENCENTCLOUD_SECRET_KEY: "" }, configuration),
      { secretId: "id-conf", secretKey: "key-conf" },
    ],
    [
      "the files, where the configuration's keys are empty",
      () => given({}, { "tencentcloud:secretId": "", "tencentcloud:secretKey": "" }, inFile),
      { secretId: "id-ini", secretKey: "key-ini" },
    ],
    [
      "one source, and no token of another",
      () => given(environment, { "tencentcloud:securityToken": "token-conf" }),
      { secretId: "id-env", secretKey: "key-env" },
    ],
    [
      "the stack configuration, with its token",
      () => given({}, { ...configuration, "tencentcloud:securityToken": "token-conf" }),
      { secretId: "id-conf", secretKey: "key-conf", token: "token-conf" },
    ],
    [
      "the stack configuration, without an empty token",
      () => given({}, { ...configuration, "tencentcloud:securityToken": "" }),
      { secretId: "id-conf", secretKey: "key-conf" },
    ],
    [
      "the command line's profile of TENCENTCLOUD_PROFILE",
      () =>
        given(
          { TENCENTCLOUD_PROFILE: "work" },
          {},
          { ...inJson, ".tccli/work.credential": json("id-work") },
        ),
      { secretId: "id-work", secretKey: "key-json" },
    ],
  ])("comes from %s", async (_source, from, expected) => {
    expect(await credential(from())).toEqual(expected);
  });

  test.each<[Texts, string]>([
    [{ SESSION_TOKEN: "a", TOKEN: "b", SECURITY_TOKEN: "c" }, "a"],
    [{ SESSION_TOKEN: "", TOKEN: "b", SECURITY_TOKEN: "c" }, "b"],
    [{ SECURITY_TOKEN: "c" }, "c"],
  ])("takes of the session tokens %p the first that is set", async (tokens, token) => {
    const named = Object.entries(tokens).map(([name, value]) => [`TENCENTCLOUD_${name}`, value]);
    const from = given({ ...environment, ...(Object.fromEntries(named) as Texts) });
    expect(await credential(from)).toMatchObject({ token });
  });

  test.each<[string, Texts]>([
    [
      "comments, blanks, other sections and Windows line ends",
      {
        [ini]: [
          "; secret_id = wrong",
          "secret_id = wrong-too",
          "[other]",
          "secret_id = other",
          "secret_key = other",
          "",
          "[default]",
          "# secret_key = wrong",
          "  secret_id=id-ini  ",
          "secret_key = key==\t",
          "token =",
          "[another]",
          "secret_id = another",
          "token = another",
        ].join("\r\n"),
      },
    ],
    [
      "what is no text",
      {
        ".tccli/default.credential": JSON.stringify({
          secretId: "id-ini",
          secretKey: "key==",
          token: null,
          expiresAt: 1,
        }),
      },
    ],
    [
      "an empty token",
      {
        ".tccli/default.credential": JSON.stringify({
          secretId: "id-ini",
          secretKey: "key==",
          token: "",
        }),
      },
    ],
    [
      "a file that cannot be read",
      {
        [`${ini}/is-a-folder`]: "",
        ".tccli/default.credential": JSON.stringify({ secretId: "id-ini", secretKey: "key==" }),
      },
    ],
  ])("reads files past %s", async (_what, files) => {
    expect(await credential(given({}, {}, files))).toEqual({
      secretId: "id-ini",
      secretKey: "key==",
    });
  });

  test.each(["", "{", "[]", "null", '"text"', "{}"])("finds nothing in a file %p", async (text) => {
    const from = given({}, {}, { ".tccli/default.credential": text, [ini]: text });
    await expect(credential(from)).rejects.toMatchObject({
      code: "CREDENTIALS_MISSING",
      message: expect.stringMatching(/TENCENTCLOUD_SECRET_ID.*tencentcloud:secretId.*--secret/),
    });
  });

  describe("of a profile", () => {
    const variables = {
      TENCENTCLOUD_EU_1_SECRET_ID: "id-eu",
      TENCENTCLOUD_EU_1_SECRET_KEY: "key-eu",
      TENCENTCLOUD_EU_1_TOKEN: "token-eu",
    };
    const section = "[default]\nsecret_id=d\nsecret_key=d\n[eu-1]\nsecret_id=i\nsecret_key=k";
    const files = { [ini]: section, ".tccli/eu-1.credential": json("id-tccli") };

    test.each<[string, () => Settings, object]>([
      [
        "variables",
        () => given({ ...environment, ...variables }, configuration, files),
        { secretId: "id-eu", secretKey: "key-eu", token: "token-eu" },
      ],
      [
        "the section of that name",
        () => given(environment, configuration, files),
        { secretId: "i", secretKey: "k" },
      ],
      [
        "the command line's file of that name",
        () =>
          given({ TENCENTCLOUD_PROFILE: "other" }, {}, { ...inFile, ...files, [ini]: "[default]" }),
        { secretId: "id-tccli", secretKey: "key-json" },
      ],
    ])("comes from its own %s", async (_source, from, expected) => {
      expect(await credential(from(), "eu-1")).toEqual(expected);
    });

    test("is never made up from what is there for all", async () => {
      const from = given(
        { ...environment, TENCENTCLOUD_TOKEN: "t" },
        { ...configuration, "tencentcloud:securityToken": "t" },
        { ...inFile, ...inJson },
      );
      await expect(credential(from, "eu-1")).rejects.toMatchObject({
        code: "CREDENTIALS_MISSING",
        message: expect.stringMatching(/TENCENTCLOUD_EU_1_SECRET_ID and .*_EU_1_SECRET_KEY/),
      });
    });
  });

  test.each<[string, () => Settings, string | undefined, string, string]>([
    [
      "half of the variables",
      () => given({ TENCENTCLOUD_SECRET_ID: "canary" }, configuration, inFile),
      undefined,
      "the environment",
      "TENCENTCLOUD_SECRET_KEY is missing",
    ],
    [
      "the other half of the variables",
      () => given({ TENCENTCLOUD_SECRET_KEY: "canary", TENCENTCLOUD_SECRET_ID: "" }, configuration),
      undefined,
      "the environment",
      "TENCENTCLOUD_SECRET_ID is missing",
    ],
    [
      "only a session token",
      () => given({ TENCENTCLOUD_SECURITY_TOKEN: "canary" }, configuration),
      undefined,
      "the environment",
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY are missing",
    ],
    [
      "half of the configuration",
      () => given({}, { "tencentcloud:secretKey": "canary" }, inFile),
      undefined,
      "the stack configuration",
      "tencentcloud:secretId is missing",
    ],
    [
      "half of a section",
      () => given({}, {}, { [ini]: "[default]\nsecret_id = canary", ...inJson }),
      undefined,
      "[default]",
      "secret_key is missing",
    ],
    [
      "half of a profile's variables",
      () => given({ TENCENTCLOUD_EU_SECRET_ID: "canary" }, configuration, inFile),
      "eu",
      'the environment (profile "eu")',
      "TENCENTCLOUD_EU_SECRET_KEY is missing",
    ],
    [
      "half of the emulator's variables",
      () => given({ ...emulator, TENCENTCLOUD_SECRET_ID: "canary" }, configuration, inFile),
      undefined,
      "the environment",
      "TENCENTCLOUD_SECRET_KEY is missing",
    ],
  ])("is refused with %s", async (_what, from, profile, source, missing) => {
    const error: unknown = await credential(from(), profile).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CREDENTIALS_MISSING" });
    const { message } = error as Error;
    expect(message).toContain(`${source}: ${missing}; nothing was sent`);
    expect(message).not.toContain("canary");
  });

  describe("with the emulator", () => {
    test.each([undefined, "eu"])("is the environment's, profile %p or not", async (profile) => {
      const variables = { TENCENTCLOUD_EU_SECRET_ID: "eu", TENCENTCLOUD_EU_SECRET_KEY: "eu" };
      const files = { [ini]: "[eu]\nsecret_id = eu\nsecret_key = eu" };
      const from = given({ ...emulator, ...environment, ...variables }, configuration, files);
      expect(await credential(from, profile)).toEqual({
        secretId: "id-env",
        secretKey: "key-env",
      });
    });

    test.each([undefined, "default"])("is never production's (profile %p)", async (profile) => {
      const from = given(emulator, configuration, { ...inFile, ...inJson });
      await expect(credential(from, profile)).rejects.toMatchObject({
        code: "CREDENTIALS_MISSING",
        message: expect.stringContaining("Cannot use the emulator"),
      });
    });
  });

  test("is taken out of every text from then on", async () => {
    const keys = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "canary-secret-key" };
    await credential(given({ ...keys, TENCENTCLOUD_TOKEN: "canary-token" }));
    expect(redact("canary-secret-key canary-token")).toBe("[secret] [secret]");
  });
});

describe("productEndpoint", () => {
  const hostOf = (from: Settings, label = "redis", region = "ap-guangzhou") =>
    productEndpoint(from, label, region).url;

  test.each<[string, Texts, Texts, string, string]>([
    ["", {}, {}, "ap-guangzhou", "https://postgres.tencentcloudapi.com"],
    [
      "of a finance region",
      {},
      {},
      "ap-shanghai-fsi",
      "https://postgres.ap-shanghai-fsi.tencentcloudapi.com",
    ],
    [
      "of the international site, by a variable",
      { TENCENTCLOUD_DOMAIN: "intl.tencentcloudapi.com" },
      { "tencentcloud:domain": "other.example" },
      "ap-singapore",
      "https://postgres.intl.tencentcloudapi.com",
    ],
    [
      "of the international site, by the configuration",
      { TENCENTCLOUD_DOMAIN: "" },
      { "tencentcloud:domain": "intl.tencentcloudapi.com" },
      "ap-singapore",
      "https://postgres.intl.tencentcloudapi.com",
    ],
    [
      "where all domains are empty",
      { TENCENTCLOUD_DOMAIN: "" },
      { "tencentcloud:domain": "" },
      "ap-guangzhou",
      "https://postgres.tencentcloudapi.com",
    ],
    [
      "of one address for all, whatever the region",
      { TENCENTCLOUD_ENDPOINT: "https://gateway.example:8443/", TENCENTCLOUD_DOMAIN: "x.example" },
      { "tencentcloud:endpoint": "https://other.example" },
      "ap-shanghai-fsi",
      "https://gateway.example:8443",
    ],
    [
      "by the configuration",
      { TENCENTCLOUD_ENDPOINT: "" },
      { "tencentcloud:endpoint": "https://gateway.example" },
      "ap-guangzhou",
      "https://gateway.example",
    ],
    [
      "of the emulator before all others",
      { ...emulator, TENCENTCLOUD_ENDPOINT: "https://x.example", TENCENTCLOUD_DOMAIN: "y.example" },
      { "tencentcloud:endpoint": "https://z.example" },
      "ap-guangzhou",
      "http://127.0.0.1:1",
    ],
  ])("is the address %s", (_what, env, config, region, url) => {
    expect(hostOf(given(env, config), "postgres", region)).toBe(url);
  });

  test.each<[Texts, Texts, string]>([
    [{ TENCENTCLOUD_ENDPOINT: "https://canary.example/path" }, {}, "no path"],
    [{ TENCENTCLOUD_DOMAIN: "canary.example/path" }, {}, "no path"],
    [{ TENCENTCLOUD_ENDPOINT: "http://canary.example" }, {}, "TENCENTCLOUD_ENDPOINT: plain http"],
    [{ TENCENTCLOUD_ENDPOINT: "canary" }, {}, "TENCENTCLOUD_ENDPOINT: it must be a URL"],
    [{}, { "tencentcloud:endpoint": "https://a:canary@b" }, "tencentcloud:endpoint: it must be"],
    [{}, { "tencentcloud:domain": "canary.example/path" }, "no path"],
    [{ TENCENTCLOUD_DOMAIN: "canary.example?x" }, {}, "the vendor's own: it must be"],
    [{ ACCOUNT_PASSWORDS_EMULATOR: "canary" }, {}, "ACCOUNT_PASSWORDS_EMULATOR: it must be a URL"],
    [{ ACCOUNT_PASSWORDS_EMULATOR: "http://canary.example" }, {}, "plain http"],
  ])("refuses %p %p", (env, config, why) => {
    const error = (() => {
      try {
        return hostOf(given(env, config));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: "ENDPOINT_INVALID" });
    const { message } = error as Error;
    expect(message).toContain(why);
    expect(message).not.toContain("canary");
  });

  test("refuses a region that would move the request elsewhere", () => {
    expect(() => hostOf(given({}), "redis", "canary.example/-fsi")).toThrow(
      expect.objectContaining({ code: "ENDPOINT_INVALID" }),
    );
  });
});
