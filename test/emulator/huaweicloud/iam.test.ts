import type { Emulator } from "../../../emulator";
import { post, requests, start } from "../support/emulator";
import { changeOnControlPlane, createToken, iamToken } from "../support/huaweicloud";
import { http } from "../support/http";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

test("POST /v3/auth/tokens gives a token in X-Subject-Token that ends in 24 hours", async () => {
  const { status, headers, json } = await createToken(emulator);
  expect(status).toBe(201);
  expect(String(headers["x-subject-token"]).length).toBeGreaterThan(32);
  expect(Math.abs(Date.parse(json.token.expires_at) - Date.now() - 86_400_000)).toBeLessThan(5000);
  expect(json.token.user.name).toBe("emulator-admin");
  expect((await requests(emulator)).at(-1)).toMatchObject({
    service: "iam",
    action: "CreateToken",
    account: null,
    outcome: "ok",
    write: false,
  });
});

test.each([
  ["name", { name: "another" }],
  ["password", { password: "another" }],
  ["domain", { domain: { name: "another" } }],
])("refuses another %s", async (_name, user) => {
  const { status, headers, json } = await createToken(emulator, user);
  expect(status).toBe(401);
  expect(json).toEqual({
    error: { code: 401, message: expect.any(String), title: "Unauthorized" },
  });
  expect(headers["x-subject-token"]).toBeUndefined();
  expect((await requests(emulator)).at(-1)?.outcome).toBe("error:401");
});

test.each([
  ["by region", { project: { name: "cn-north-4" } }, 201],
  ["by another region", { project: { name: "cn-south-1" } }, 400],
  ["by another id", { project: { id: "another" } }, 400],
  ["nowhere", {}, 400],
  ["in a domain", { domain: { name: "emulator" } }, 400],
])("scopes a token %s", async (_name, scope, status) => {
  expect((await createToken(emulator, {}, scope)).status).toBe(status);
});

test("refuses what is not JSON, and another method", async () => {
  const send = (body: unknown) => http(`${emulator.url}/v3/auth/tokens`, { method: "POST", body });
  expect((await send("{")).status).toBe(400);
  const totp = { auth: { identity: { methods: ["totp"] } } };
  expect((await send(totp)).json.error.code).toBe(400);
});

test("a token expires by the emulator's clock", async () => {
  const token = await iamToken(emulator);
  const use = () =>
    changeOnControlPlane(emulator, "alice", { password: "Alice@124x" }, { "X-Auth-Token": token });
  await post(emulator, "clock", { advanceSeconds: 86_400 - 60 });
  expect((await use()).json.error_code).toBe("401204"); // past IAM: the RBAC token is missing
  await post(emulator, "clock", { advanceSeconds: 120 });
  const answer = await use();
  expect([answer.status, answer.json.error_code]).toEqual([401, "APIGW.0307"]);
});
