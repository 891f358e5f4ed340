import { isLoopbackHost } from "../provider/loopback";
import {
  endpoint,
  inVariable,
  namedSource,
  oneSet,
  parseEndpoint,
  settings,
} from "../provider/settings";

const nothing = () => undefined;

describe("settings", () => {
  test("gives the first variable that is set, and takes an empty one for unset", () => {
    const { env } = settings(nothing, { A: "", B: "b", C: "c" });
    expect(env("A")).toBeUndefined();
    expect(env("NONE")).toBeUndefined();
    expect(env("A", "NONE", "B", "C")).toBe("b");
    expect(env()).toBeUndefined();
  });

  test("reads the environment at the time of the call", () => {
    const { env } = settings(nothing);
    expect(env("ACCOUNT_PASSWORDS_TEST_ONLY")).toBeUndefined();
    process.env["ACCOUNT_PASSWORDS_TEST_ONLY"] = "now";
    expect(env("ACCOUNT_PASSWORDS_TEST_ONLY")).toBe("now");
    delete process.env["ACCOUNT_PASSWORDS_TEST_ONLY"];
  });

  test.each([
    [{ ACCOUNT_PASSWORDS_EMULATOR: "http://127.0.0.1:1" }, "http://127.0.0.1:1"],
    [{ ACCOUNT_PASSWORDS_EMULATOR: "" }, undefined],
    [{}, undefined],
  ])("%p: the emulator is %p", (environment, emulator) => {
    expect(settings(nothing, environment).emulator).toBe(emulator);
  });
});

describe("parseEndpoint", () => {
  test.each([
    ["https://redis.example", "https://redis.example", "redis.example", false],
    ["https://redis.example/", "https://redis.example", "redis.example", false],
    ["https://redis.example:443", "https://redis.example", "redis.example", false],
    ["https://redis.example:8443//", "https://redis.example:8443", "redis.example:8443", false],
    ["https://gateway.example/cse/", "https://gateway.example/cse", "gateway.example", false],
    ["HTTPS://Redis.Example", "https://redis.example", "redis.example", false],
    ["https://127.0.0.1:8443", "https://127.0.0.1:8443", "127.0.0.1:8443", true],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080", true],
    ["http://127.1.2.3", "http://127.1.2.3", "127.1.2.3", true],
    ["http://127.1", "http://127.0.0.1", "127.0.0.1", true],
    ["http://localhost:80", "http://localhost", "localhost", true],
    ["http://[::1]:8080", "http://[::1]:8080", "[::1]:8080", true],
    ["https://redis.example/?", "https://redis.example", "redis.example", false],
    ["https://redis.example#", "https://redis.example", "redis.example", false],
  ])("takes %s", (text, url, host, loopback) => {
    expect(parseEndpoint(text, "VARIABLE")).toEqual({ url, host, loopback });
  });

  const wrong = "it must be a URL such as https://host.example";
  const more = "it must be scheme, host, port and path only";
  const plain = "plain http is accepted for loopback addresses only, use https";
  test.each([
    ["", wrong],
    ["canary.example", wrong],
    ["canary.example:443", wrong],
    ["//canary.example", wrong],
    ["https://", wrong],
    ["https://canary example", wrong],
    ["https://canary.example:99999", wrong],
    ["ftp://canary.example", wrong],
    ["file:///canary", wrong],
    ["javascript:canary", wrong],
    ["https://user:canary-Password-1!@host.example", more],
    ["https://canary@host.example", more],
    ["https://:canary@host.example", more],
    ["http://canary:canary@127.0.0.1", more],
    ["https://host.example/?key=canary", more],
    ["https://host.example/#canary", more],
    ["http://canary.example", plain],
    ["http://127.0.0.1.canary.example", plain],
    ["http://localhost.canary.example", plain],
    ["http://127.0.0.canary", plain],
    ["http://0.0.0.0:80", plain],
    ["http://192.168.0.1", plain],
    ["http://[::2]", plain],
  ])("refuses %p, and does not repeat it", (text, why) => {
    expect(() => parseEndpoint(text, "VARIABLE")).toThrow(
      expect.objectContaining({
        code: "ENDPOINT_INVALID",
        message: `Cannot use the endpoint of VARIABLE: ${why}; nothing was sent (ENDPOINT_INVALID)`,
      }),
    );
  });
});

describe("endpoint", () => {
  const all = {
    ACCOUNT_PASSWORDS_EMULATOR: "http://127.0.0.1:1",
    AN_ENDPOINT: "https://variable.example",
    "an:endpoint": "https://key.example",
  };
  function host(given: Readonly<Record<string, string>>): string {
    const from = settings((key) => given[key], given);
    return endpoint(from, "AN_ENDPOINT", "an:endpoint", () => "https://vendor.example").host;
  }

  test("is the emulator's, the variable's, the configuration's or the vendor's, in this order", () => {
    expect(host(all)).toBe("127.0.0.1:1");
    expect(host({ ...all, ACCOUNT_PASSWORDS_EMULATOR: "" })).toBe("variable.example");
    expect(host({ "an:endpoint": "https://key.example" })).toBe("key.example");
    expect(host({ AN_ENDPOINT: "", "an:endpoint": "https://key.example" })).toBe("key.example");
    expect(host({ AN_ENDPOINT: "", "an:endpoint": "" })).toBe("vendor.example");
  });

  test.each(Object.keys(all))("names %s when that is malformed", (name) => {
    expect(() => host({ [name]: "canary" })).toThrow(`Cannot use the endpoint of ${name}: it must`);
  });
});

test.each([
  ["127.0.0.1:8080", true],
  ["localhost", true],
  ["[::1]:80", true],
  ["redis.tencentcloudapi.com", false],
  ["127.0.0.1.example", false],
  ["", false],
])("isLoopbackHost(%p) is %p", (host, loopback) => expect(isLoopbackHost(host)).toBe(loopback));

test.each([
  ["prod", "PROD"],
  ["prod-eu.1", "PROD_EU_1"],
  ["0a1b-2c3d", "0A1B_2C3D"],
  ["PROD_2", "PROD_2"],
])("inVariable(%p) is %p", (name, part) => expect(inVariable(name)).toBe(part));

describe("oneSet", () => {
  type Part = "id" | "key" | "token" | "user" | "word";
  const sets: Part[][] = [["token"], ["id", "key"], ["user", "word"]];
  const names = {
    id: ["ID"],
    key: ["KEY"],
    token: ["TOKEN", "OTHER_TOKEN"],
    user: ["USER"],
    word: ["WORD"],
  };
  function source(name: string, found: Readonly<Record<string, string>>) {
    return namedSource<Part>(name, names, (...keys) =>
      keys.map((key) => found[key]).find((value) => value !== undefined),
    );
  }

  test.each<[Record<string, string>[], Record<string, string>]>([
    [[{ ID: "i", KEY: "k" }], { id: "i", key: "k" }],
    [[{}, { ID: "i", KEY: "k" }], { id: "i", key: "k" }],
    [
      [
        { ID: "", KEY: "", TOKEN: "" },
        { USER: "u", WORD: "w" },
      ],
      { user: "u", word: "w" },
    ],
    // Nothing of the second source is mixed in.
    [
      [
        { ID: "i1", KEY: "k1" },
        { ID: "i2", KEY: "k2", TOKEN: "t2" },
      ],
      { id: "i1", key: "k1" },
    ],
    [[{ OTHER_TOKEN: "t", ID: "i" }], { token: "t", id: "i" }],
    // An empty part is none.
    [[{ ID: "i", KEY: "k", TOKEN: "" }], { id: "i", key: "k" }],
  ])("takes the first of %p that has any part", (found, set) => {
    const sources = found.map((each, index) => source(`source ${index}`, each));
    expect(JSON.parse(JSON.stringify(oneSet(sources, sets)))).toEqual(set);
  });

  test.each([[[]], [[{}]], [[{ ID: "" }, {}]]])("finds nothing in %p", (found) => {
    const sources = found.map((each, index) => source(`source ${index}`, each));
    expect(oneSet(sources, sets)).toBeUndefined();
  });

  const whole = { ID: "i", KEY: "k" };
  test.each<[Record<string, string>[], string]>([
    [[{ ID: "canary" }], "source 0: KEY is missing"],
    [[{ KEY: "canary" }, whole], "source 0: ID is missing"],
    [[{}, { ID: "canary", KEY: "" }, whole], "source 1: KEY is missing"],
    [[{ WORD: "canary" }], "source 0: USER is missing"],
  ])("refuses %p: %s", (found, text) => {
    const sources = found.map((each, index) => source(`source ${index}`, each));
    expect(() => oneSet(sources, sets)).toThrow(
      expect.objectContaining({
        code: "CREDENTIALS_MISSING",
        message: `Cannot use the credentials of ${text}; nothing was sent (CREDENTIALS_MISSING)`,
      }),
    );
  });

  test("names all that is missing", () => {
    const only = namedSource<Part>("it", names, (key) => (key === "TOKEN" ? "canary" : undefined));
    expect(() => oneSet([only], [["id", "key"]])).toThrow("it: ID and KEY are missing; nothing");
  });
});
