// The table of what a Service Center answered (apache/servicecomb-service-center head 983f3f39, RBAC
// on, embedded store), row by row and word for word.
import type { Emulator } from "../../../emulator";
import { opens, post, start } from "../support/emulator";
import { adminToken, changeOnEngine, engine, login } from "../support/huaweicloud";

const type = "huaweicloud:ServicecombAccountPassword";
const alice = { engineId: "engine-1", accountName: "alice" };
let emulator: Emulator;
let admin: string;
let developer: string;

beforeAll(async () => {
  emulator = await start({
    accounts: {
      huaweicloud: {
        servicecomb: [
          { engineId: "engine-1", accountName: "root", roles: ["admin"], password: "Root@12345x" },
          { ...alice, roles: ["developer"], password: "Alice@123x" },
          {
            engineId: "engine-1",
            accountName: "bob",
            roles: ["developer"],
            password: "Bob@12345x",
          },
        ],
      },
    },
  });
});
beforeEach(async () => {
  await post(emulator, "reset");
  admin = (await login(emulator, "root", "Root@12345x")).json.token;
  developer = (await login(emulator, "alice", "Alice@123x")).json.token;
});

const emptyOk = {
  status: 200,
  headers: expect.objectContaining({ "content-type": "text/plain; charset=UTF-8" }),
  text: "",
  json: undefined,
};
const wrongPassword = (newPassword: string) => ({
  currentPassword: "Wrong@1234x",
  password: newPassword,
});

describe("an administrator", () => {
  test.each(["Bearer", "Bear"])("sets another's password with %s", async (word) => {
    const answer = await engine(emulator, "accounts/alice/password", {
      method: "POST",
      headers: { Authorization: `${word} ${admin}` },
      body: { password: "Alice@124x" },
    });
    expect(answer).toEqual(emptyOk);
    expect(await opens(emulator, type, alice, "Alice@124x")).toBe(true);
    expect(await opens(emulator, type, alice, "Alice@123x")).toBe(false);
  });

  test("sets the same password once more", async () => {
    const change = () => changeOnEngine(emulator, "alice", { password: "Alice@124x" }, admin);
    expect(await change()).toEqual(emptyOk);
    expect(await change()).toEqual(emptyOk);
  });

  test("may send an unknown extra field", async () => {
    const body = { password: "Alice@124x", extra: { any: 1 } };
    expect(await changeOnEngine(emulator, "alice", body, admin)).toEqual(emptyOk);
  });

  test("needs currentPassword for its own", async () => {
    const answer = await changeOnEngine(emulator, "root", { password: "Root@12346x" }, admin);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      errorCode: "400001",
      errorMessage: "Invalid parameter(s)",
      detail: "current password should not be empty",
    });
  });

  test("gets 400200 for an unknown account", async () => {
    const answer = await changeOnEngine(emulator, "nobody", { password: "Alice@124x" }, admin);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      errorCode: "400200",
      errorMessage: "Account not exists",
      detail: "account [nobody] not exist",
    });
  });

  test("gets a password against the rules back in clear", async () => {
    const answer = await changeOnEngine(emulator, "bob", { password: "alice" }, admin);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      errorCode: "400001",
      errorMessage: "Invalid parameter(s)",
      detail:
        "field 'Account.Password' invalid value 'alice' does not match rule: {Regexp: password}",
    });
  });

  test.each([
    ["Aa1@".repeat(8), 200],
    ["Aa1@".repeat(8) + "x", 400],
    ["Aa1@" + "ä".repeat(14), 200], // 18 characters, 32 bytes
    ["Aa1@" + "ä".repeat(14) + "x", 400],
    ["Aa1@xxx", 400],
    ["Aa1@xxxx", 200],
    ["aa1@xxxx", 400],
    ["AA1@XXXX", 400],
    ["Aaa@xxxx", 400],
    ["Aa1xxxxx", 400],
    ["Aa1 xxxx", 400],
    ["1a@Axxxx", 200],
    ["xa@A1ecila", 200],
  ])("counts bytes and classes: %p gets %p", async (password, status) => {
    const answer = await changeOnEngine(emulator, "alice", { password }, admin);
    expect(answer.status).toBe(status);
  });

  test("gets broken JSON refused", async () => {
    const answer = await changeOnEngine(emulator, "alice", "{", admin);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      errorCode: "400001",
      errorMessage: "Invalid parameter(s)",
      detail: "json is invalid",
    });
  });

  test("may change another administrator's", async () => {
    const token = await adminToken(emulator);
    expect(await changeOnEngine(emulator, "root", { password: "Root@12346x" }, token)).toEqual(
      emptyOk,
    );
  });
});

describe("a developer", () => {
  test("needs currentPassword for its own", async () => {
    const answer = await changeOnEngine(emulator, "alice", { password: "Alice@124x" }, developer);
    expect(answer.json).toEqual({
      errorCode: "400001",
      errorMessage: "Invalid parameter(s)",
      detail: "current password should not be empty",
    });
  });

  test("changes its own with the right one; its token stays valid", async () => {
    const change = (from: string, to: string) =>
      changeOnEngine(emulator, "alice", { currentPassword: from, password: to }, developer);
    expect(await change("Alice@123x", "Alice@124x")).toEqual(emptyOk);
    expect(await change("Alice@124x", "Alice@125x")).toEqual(emptyOk);
    expect(await opens(emulator, type, alice, "Alice@125x")).toBe(true);
  });

  test("gets 401207 for a wrong current password", async () => {
    const answer = await changeOnEngine(emulator, "alice", wrongPassword("Alice@124x"), developer);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ errorCode: "401207", errorMessage: "Password is wrong" });
    expect(await opens(emulator, type, alice, "Alice@123x")).toBe(true);
  });

  test.each(["Alice@123x", "Wrong@1234x"])(
    "gets 400206 where both are %s, before the current one is looked at",
    async (password) => {
      const body = { currentPassword: password, password };
      const answer = await changeOnEngine(emulator, "alice", body, developer);
      expect(answer.status).toBe(400);
      expect(answer.json).toEqual({
        errorCode: "400206",
        errorMessage: "New password is bad",
        detail: "the password can not be same as old one",
      });
    },
  );

  test("gets 403001 for another's", async () => {
    const answer = await changeOnEngine(emulator, "bob", { password: "Bob@12346x" }, developer);
    expect(answer.status).toBe(403);
    expect(answer.json).toEqual({
      errorCode: "403001",
      errorMessage: "Forbidden",
      detail: "can not change other account password",
    });
  });

  test.each(["accounts", "accounts/alice", "account-locks"])("may not read %s", async (path) => {
    const answer = await engine(emulator, path, { token: developer });
    expect(answer.status).toBe(403);
    expect(answer.json).toEqual({ errorCode: "403205", errorMessage: "No permission(s)" });
  });
});

describe("the Authorization header", () => {
  const change = (headers: Record<string, string>) =>
    engine(emulator, "accounts/alice/password", {
      method: "POST",
      headers,
      body: { password: "Alice@124x" },
    });

  test.each([
    ["without a second word", () => admin, "401201", "invalid auth header"],
    ["with two blanks", () => `Bear  ${admin}`, "401201", "invalid auth header"],
    [
      "with garbage",
      () => "Bear garbage",
      "401201",
      "token contains an invalid number of segments",
    ],
    ["with a forged claim", () => `Bear ${forged(developer)}`, "401201", "signature is invalid"],
  ])("%s is refused", async (_name, header, errorCode, detail) => {
    const answer = await change({ Authorization: header() });
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ errorCode, errorMessage: "Request unauthorized", detail });
  });

  test("that is missing is refused", async () => {
    const answer = await change({});
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ errorCode: "401204", errorMessage: "No authorization header" });
  });

  /** The same token with the roles of an administrator. */
  function forged(token: string): string {
    const [header, claims = "", signature] = token.split(".");
    const json = JSON.parse(Buffer.from(claims, "base64url").toString());
    const changed = Buffer.from(JSON.stringify({ ...json, roles: ["admin"] }));
    return [header, changed.toString("base64url"), signature].join(".");
  }
});

test("the token of a deleted account is refused", async () => {
  await post(emulator, "accounts", {
    huaweicloud: { servicecomb: [{ ...alice, deleted: true }] },
  });
  const answer = await changeOnEngine(
    emulator,
    "alice",
    { currentPassword: "Alice@123x", password: "Alice@124x" },
    developer,
  );
  expect(answer.status).toBe(401);
  expect(answer.json).toEqual({
    errorCode: "401206",
    errorMessage: "The account that owns the token is deleted",
    detail: "account [alice] is deleted",
  });
});

test("GET /v4/accounts and /v4/accounts/{name} show times as texts of seconds, no password", async () => {
  const one = await engine(emulator, "accounts/alice", { token: admin });
  expect(one.json).toEqual({
    id: expect.any(String),
    name: "alice",
    roles: ["developer"],
    status: "active",
    createTime: "1704067200",
    updateTime: "1704067200",
  });
  const all = await engine(emulator, "accounts", { token: admin });
  expect(all.json.total).toBe(3);
  expect(all.json.data[1]).toEqual(one.json);
  await changeOnEngine(emulator, "alice", { password: "Alice@124x" }, admin);
  const after = await engine(emulator, "accounts/alice", { token: admin });
  expect(Number(after.json.updateTime)).toBeGreaterThan(Number(one.json.updateTime));
  const none = await engine(emulator, "accounts/nobody", { token: admin });
  expect(none.json.errorCode).toBe("400200");
});

describe("POST /v4/token", () => {
  test("gives a token with the claims account, roles and exp, 12 hours ahead", async () => {
    const [header, claims = ""] = developer.split(".");
    expect(JSON.parse(Buffer.from(String(header), "base64url").toString())).toHaveProperty("alg");
    const { exp, ...others } = JSON.parse(Buffer.from(claims, "base64url").toString());
    expect(others).toEqual({ account: "alice", roles: ["developer"] });
    expect(Math.abs(exp - Date.now() / 1000 - 12 * 3600)).toBeLessThan(5);
  });

  test.each([
    ["15m", 900],
    ["1h30m", 5400],
    ["24h", 86_400],
  ])("honours tokenExpirationTime %s", async (tokenExpirationTime, seconds) => {
    const { json } = await engine(emulator, "token", {
      method: "POST",
      body: { name: "alice", password: "Alice@123x", tokenExpirationTime },
    });
    const claims = JSON.parse(Buffer.from(json.token.split(".")[1], "base64url").toString());
    expect(Math.abs(claims.exp - Date.now() / 1000 - seconds)).toBeLessThan(5);
  });

  test.each(["14m", "24h1s", "soon", "0"])("refuses tokenExpirationTime %s", async (time) => {
    const { status, json } = await engine(emulator, "token", {
      method: "POST",
      body: { name: "alice", password: "Alice@123x", tokenExpirationTime: time },
    });
    expect([status, json.errorCode]).toEqual([400, "400001"]);
  });

  test("a token expires by the emulator's clock", async () => {
    const change = () => changeOnEngine(emulator, "alice", { password: "Alice@124x" }, admin);
    await post(emulator, "clock", { advanceSeconds: 12 * 3600 - 60 });
    expect((await change()).status).toBe(200);
    await post(emulator, "clock", { advanceSeconds: 120 });
    const answer = await change();
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({
      errorCode: "401205",
      errorMessage: "Token is expired",
    });
  });

  test("does not look at the status inactive", async () => {
    await post(emulator, "accounts", {
      huaweicloud: { servicecomb: [{ ...alice, status: "inactive" }] },
    });
    expect((await login(emulator, "alice", "Alice@123x")).status).toBe(200);
  });
});

describe("several engines", () => {
  const two = () =>
    start({
      accounts: {
        huaweicloud: {
          servicecomb: [
            { ...alice, password: "Alice@123x" },
            { ...alice, engineId: "engine-2", password: "Alice@222x" },
            {
              engineId: "engine-2",
              accountName: "root",
              roles: ["admin"],
              password: "Root@12345x",
            },
          ],
        },
      },
    });

  test("a login without X-Engine-Id reaches the engine that the password opens", async () => {
    const both = await two();
    const token = (await login(both, "root", "Root@12345x")).json.token;
    expect((await changeOnEngine(both, "alice", { password: "Alice@333x" }, token)).status).toBe(
      200,
    );
    const second = { ...alice, engineId: "engine-2" };
    expect(await opens(both, type, second, "Alice@333x")).toBe(true);
    expect(await opens(both, type, alice, "Alice@123x")).toBe(true);
  });

  test("X-Engine-Id selects the engine, and a token opens its own only", async () => {
    const both = await two();
    const headers = { "X-Engine-Id": "engine-1" };
    expect((await login(both, "alice", "Alice@222x", headers)).status).toBe(401);
    expect((await login(both, "alice", "Alice@123x", headers)).status).toBe(200);
    const token = (await login(both, "root", "Root@12345x")).json.token;
    const answer = await engine(both, "accounts", { token, headers });
    expect(answer.json.errorCode).toBe("401201");
  });
});
