import type { Emulator } from "../../../emulator";
import { opens, post, requests, start } from "../support/emulator";
import { http } from "../support/http";
import {
  adminToken,
  changeOnControlPlane,
  exchange,
  iamToken,
  login,
  projectId,
} from "../support/huaweicloud";

const type = "huaweicloud:ServicecombAccountPassword";
const alice = { engineId: "engine-1", accountName: "alice" };
let emulator: Emulator;
let admin: string;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
  admin = await adminToken(emulator);
});

function change(
  headers: Readonly<Record<string, string>> = {},
  body: unknown = { password: "Alice@124x" },
  name = "alice",
) {
  return changeOnControlPlane(emulator, name, body, { Authorization: `Bear ${admin}`, ...headers });
}

test("an administrator sets another's password", async () => {
  const answer = await change();
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ Result: "string" });
  expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
  expect(await opens(emulator, type, alice, "Alice@124x")).toBe(true);
  expect(
    await opens(emulator, type, { ...alice, region: "cn-north-4", projectId }, "Alice@124x"),
  ).toBe(true);
});

test("an account changes its own with the token of its login", async () => {
  const { token } = (await login(emulator, "alice", "Alice@123x")).json;
  const own = { Authorization: `Bear ${token}` };
  const body = { currentPassword: "Alice@123x", password: "Alice@124x" };
  expect((await change(own, { ...body, currentPassword: "Wrong@1234x" })).json).toEqual({
    error_code: "401207",
    error_msg: "Password is wrong",
    detail: "",
  });
  expect((await change(own, body)).status).toBe(200);
  expect(await opens(emulator, type, alice, "Alice@124x")).toBe(true);
});

test.each([
  ["no IAM token", { "X-Auth-Token": "" }, 401, "APIGW.0301"],
  ["another IAM token", { "X-Auth-Token": "token" }, 401, "APIGW.0301"],
  ["no engine", { "X-Engine-Id": "" }, 400, "SVCSTG.00500400"],
  ["an unknown engine", { "X-Engine-Id": "engine-9" }, 404, "SVCSTG.00500404"],
  ["no RBAC token", { Authorization: "" }, 401, "401204"],
  ["an RBAC token without a word before it", { Authorization: "x.y.z" }, 401, "401201"],
])("refuses %s", async (_name, headers, status, code) => {
  const answer = await change(headers);
  expect(answer.status).toBe(status);
  expect(answer.json).toEqual({
    error_code: code,
    error_msg: expect.stringMatching(/./),
    detail: expect.any(String),
  });
  expect(await opens(emulator, type, alice, "Alice@123x")).toBe(true);
});

test.each([
  ["an unknown account", "nobody", { password: "Alice@124x" }, 400, "400200"],
  ["a weak password", "alice", { password: "weak" }, 400, "400001"],
  ["broken JSON", "alice", "{", 400, "400001"],
])(
  "gives the engine's refusal of %s in its own spelling",
  async (_name, name, body, status, code) => {
    const answer = await change({}, body, name);
    expect(answer.status).toBe(status);
    expect(answer.json.error_code).toBe(code);
    expect(answer.json).not.toHaveProperty("errorCode");
  },
);

test("repeats a refused password in clear, as the Service Center does", async () => {
  expect((await change({}, { password: "Refused-1" + "x".repeat(30) })).json.detail).toContain(
    "Refused-1",
  );
});

test("the project of the path must be the token's", async () => {
  const answer = await http(`${emulator.url}/v3/another/accounts/alice/password`, {
    method: "POST",
    headers: {
      "X-Auth-Token": await iamToken(emulator),
      "X-Engine-Id": "engine-1",
      Authorization: `Bear ${admin}`,
    },
    body: { password: "Alice@124x" },
  });
  expect([answer.status, answer.json.error_code]).toEqual([401, "APIGW.0301"]);
});

test("a name is percent-decoded", async () => {
  const answer = await change({}, { password: "Alice@124x" }, "al%69ce");
  expect(answer.status).toBe(200);
});

describe("the exchange of the IAM token", () => {
  test("gives an administrator's token for the IAM user, who need not be an account", async () => {
    const { status, json } = await exchange(emulator);
    expect(status).toBe(200);
    const claims = JSON.parse(Buffer.from(json.token.split(".")[1], "base64url").toString());
    expect(claims).toMatchObject({ account: "emulator-admin", roles: ["admin"] });
  });

  test("takes the roles of the accounts file where the IAM user is an account", async () => {
    const imported = await start({
      accounts: {
        huaweicloud: {
          servicecomb: [
            {
              engineId: "engine-1",
              accountName: "emulator-admin",
              roles: ["developer"],
              password: "Emul@12345x",
            },
          ],
        },
      },
    });
    const { json } = await exchange(imported);
    const claims = JSON.parse(Buffer.from(json.token.split(".")[1], "base64url").toString());
    expect(claims.roles).toEqual(["developer"]);
  });

  test("refuses an unknown engine, and one that is gone", async () => {
    expect((await exchange(emulator, "engine-9")).status).toBe(404);
    await post(emulator, "accounts", {
      huaweicloud: { servicecomb: [{ ...alice, instanceDeleted: true }] },
    });
    expect((await exchange(emulator)).json.error_code).toBe("SVCSTG.00500404");
  });
});

test("deny refuses with 403", async () => {
  await post(emulator, "accounts", {
    huaweicloud: { servicecomb: [{ ...alice, deny: ["ChangeAccountPassword"] }] },
  });
  const answer = await change();
  expect([answer.status, answer.json.error_code]).toEqual([403, "APIGW.0302"]);
  expect((await exchange(emulator)).status).toBe(200);
});

test("the request log names the account by its identity arguments", async () => {
  await change();
  expect((await requests(emulator)).at(-1)).toEqual({
    service: "cse",
    action: "ChangeAccountPassword",
    account: { region: "cn-north-4", projectId, ...alice },
    outcome: "ok",
    write: true,
    time: expect.any(String),
  });
});
