import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { testService } from "../contract";
import { type CheckFailed, failureOf } from "../rehearsal";

const suite = testService({
  type: "tencentcloud:RedisInstancePassword",
  noun: "Redis instance",
  account: (n) => ({ region: "ap-guangzhou", instanceId: `crs-test${n}` }),
  record: ({ instanceId = "" }) => ({ instanceId }),
  list: (redis) => ({ tencentcloud: { redis } }),
  passwords: ["Redis-before-1", "Redis-first-22", "Redis-second-333"],
  refusedPasswords: [
    ["too short", "abcde1_", /8 to 30 characters/],
    ["too long", "abcdefg1".repeat(4), /8 to 30 characters/],
    ["one class only", "abcdefgh", /2 of lower-case letters/],
    ["a forbidden symbol", "abcdefg1'", /these symbols only/],
    ["a leading slash", "/abcdefg1", /start with a slash/],
    ["not ASCII", "abcdefg1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "abcdefg1`",
  ownArguments: { resetWithoutCurrent: false, candidates: ["Redis-candidate-1"] },
  places: { region: ["TENCENTCLOUD_REGION", "tencentcloud:region", "ap-guangzhou"] },
  endpointVariables: ["TENCENTCLOUD_ENDPOINT"],
  write: { service: "redis", action: "ModifyInstancePassword" },
  expectedRequest: ({ instanceId }, password, current) => ({
    path: "/",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-tc-action": "ModifyInstancePassword",
      "x-tc-version": "2018-04-12",
      "x-tc-region": "ap-guangzhou",
      "x-tc-timestamp": /^\d{10}$/,
      authorization:
        /^TC3-HMAC-SHA256 Credential=AKIDemulator\/\d{4}-\d\d-\d\d\/redis\/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=[0-9a-f]{64}$/,
    },
    body: `{"InstanceId":"${instanceId}","OldPassword":"${current}","Password":"${password}"}`,
  }),
  apiErrors: [
    ["InvalidParameter.EmptyParam", "API_ERROR"],
    ["InvalidParameter.PermissionDenied", "PERMISSION_DENIED"],
    ["ResourceNotFound.InstanceNotExists", "NOT_FOUND"],
    ["UnauthorizedOperation.NoCAMAuthed", "PERMISSION_DENIED"],
    ["AuthFailure.SignatureExpire", "CLOCK_SKEW"],
    ["ResourceUnavailable.InstanceLockedError", "INSTANCE_UNAVAILABLE", true],
    ["RequestLimitExceeded.UinLimitExceeded", "THROTTLED", true],
  ],
  requestId: /^[0-9a-f-]{36}$/,
  drops: false,
  changedOutside: /^changed outside on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  otherEdit: { status: 2 },
});

const [live, first] = ["Redis-before-1", "Redis-first-22"];

const actions = async () =>
  (await suite.twin.log())
    .map(({ action }) => action)
    .filter((action) => action !== "DescribeTaskInfo");

test("waits until the task has ended: only then the new password holds", async () => {
  const program = suite.fresh({ password: first });
  await suite.outside(program, { taskMs: 500 });
  await suite.resource().up(program);
  expect(await suite.opens(program, first)).toBe(true);
});

test("a task that fails is settled by one more change from the old password", async () => {
  const program = suite.fresh({ password: first });
  await suite.faultOfWrite("taskFails");
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1 });
  const bodies = suite.twin.recorded
    .map(({ body }) => body)
    .filter((body) => body.includes("OldPassword"));
  expect(bodies).toHaveLength(2);
  expect(new Set(bodies).size).toBe(1);
});

test("a task that fails again and again is unknown, and said with its number", async () => {
  const program = suite.fresh({ password: first, timeoutSeconds: 30 });
  await suite.faultOfWrite("taskFails", { times: 99 });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.message).toMatch(/the vendor's task (\d+) for the change failed/);
  expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [first] });
  expect(failed.properties?.["taskId"]).toMatch(/^\d+$/);
  expect(await suite.twin.writes()).toBe(3);
});

test("a task that does not end in time is unknown, and the next up settles it", async () => {
  const program = suite.fresh({ password: first, timeoutSeconds: 1 });
  await suite.outside(program, { taskMs: 1300 });
  const resource = suite.resource();
  const failed = await failureOf(resource.up(program));
  expect(failed.message).toContain("had not ended when timeoutSeconds was over");
  expect(failed.properties).toMatchObject({
    status: "unknown",
    taskId: expect.stringMatching(/^\d+$/) as unknown,
  });
  expect(await suite.twin.writes()).toBe(1);
  await resource.up({ ...program, timeoutSeconds: 20 });
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: first });
  expect(resource.outputs).not.toHaveProperty("taskId");
  expect(await suite.opens(program, first)).toBe(true);
});

test("without the right to read the task the outcome is unknown, and the text names the permission", async () => {
  const program = suite.fresh({ password: first });
  await suite.outside(program, { deny: ["DescribeTaskInfo"] });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.message).toContain("the permission redis:DescribeTaskInfo");
  expect(failed.message).toMatch(/\(OUTCOME_UNKNOWN, request/);
  expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [first] });
  expect(await suite.twin.writes()).toBe(1);
});

test("keys whose file is rewritten while the task runs do not make an error of an accepted change", async () => {
  const home = mkdtempSync(join(tmpdir(), "account-passwords-home-"));
  const folder = join(home, ".tencentcloud");
  mkdirSync(folder);
  const file = join(folder, "credentials");
  const { TENCENTCLOUD_SECRET_ID: id, TENCENTCLOUD_SECRET_KEY: key } = suite.twin.environment;
  writeFileSync(file, `[default]\nsecret_id = ${id}\nsecret_key = ${key}\n`);
  for (const name of [
    "ACCOUNT_PASSWORDS_EMULATOR",
    "TENCENTCLOUD_SECRET_ID",
    "TENCENTCLOUD_SECRET_KEY",
  ])
    delete process.env[name];
  jest.spyOn(os, "homedir").mockReturnValue(home);
  const program = suite.fresh({ password: first });
  await suite.outside(program, { taskMs: 800 });
  const resource = suite.resource();
  const change = resource.up(program);
  while ((await suite.twin.writes()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  writeFileSync(file, "");
  await change;
  expect(resource.outputs).toMatchObject({ status: "confirmed" });
  rmSync(home, { recursive: true });
});

test("the first change needs the old password where a reset is not allowed", async () => {
  const { currentPassword: _none, ...program } = suite.fresh({
    password: first,
    resetWithoutCurrent: false,
  });
  const resource = suite.resource();
  const { failures } = (await resource
    .check(program)
    .catch((error: unknown) => error)) as CheckFailed;
  expect(failures).toEqual([
    {
      property: "",
      reason: expect.stringMatching(
        /Redis instance ".*currentPassword is missing.*\(INVALID_ARGUMENT\)$/,
      ) as unknown,
    },
  ]);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
  for (const fine of [
    { currentPassword: live },
    { currentPassword: unknown },
    { candidates: [live] },
    { candidates: unknownList },
    { resetWithoutCurrent: true },
    { resetWithoutCurrent: undefined },
  ])
    await resource.check({ ...program, ...fine });
  // Only the first change: later the state knows one.
  await resource.check(program, { ...program, password: live });
});

test("no known password is the live one: the vendor's reset sets the new one", async () => {
  const program = suite.fresh({ password: first, currentPassword: "Redis-other-99" });
  const resource = suite.resource();
  await resource.up(program);
  expect(await actions()).toEqual([
    "ModifyInstancePassword",
    "ModifyInstancePassword",
    "ResetPassword",
  ]);
  expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1 });
  expect(await suite.opens(program, first)).toBe(true);
  const reset = suite.twin.recorded.find(
    ({ headers }) => headers["x-tc-action"] === "ResetPassword",
  );
  expect(reset?.body).toBe(
    `{"InstanceId":"${String(program["instanceId"])}","Password":"${first}"}`,
  );
});

test("no known password is the live one, and no reset allowed: what is true and the ways out", async () => {
  const program = suite.fresh({
    password: first,
    currentPassword: "Redis-other-99",
    resetWithoutCurrent: false,
  });
  const resource = suite.resource();
  const failed = await failureOf(resource.up(program));
  expect(failed.message).toMatch(
    /none of the known passwords is the live one, or the new one breaks a rule.*currentPassword.*resetWithoutCurrent.*\(CURRENT_PASSWORD_UNKNOWN\)$/,
  );
  expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [] });
  expect(failed.properties).not.toHaveProperty("password");
  expect(await actions()).toEqual(["ModifyInstancePassword", "ModifyInstancePassword"]);
  // The way out: the live password, said by the program.
  await resource.up({ ...program, currentPassword: live });
  expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1, password: first });
});

test("no permission for the reset", async () => {
  const program = suite.fresh({ password: first, currentPassword: "Redis-other-99" });
  await suite.outside(program, { deny: ["ResetPassword"] });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe("PERMISSION_DENIED");
  expect(failed.id).toBeUndefined();
});

test.each(["PasswordError", "PasswordRuleError"])(
  "%s to change and reset alike refuses the new password",
  async (name) => {
    const program = suite.fresh({ password: first });
    await suite.twin.fault({
      service: "redis",
      when: "before",
      what: `error:InvalidParameterValue.${name}`,
      times: 99,
    });
    const failed = await failureOf(suite.resource().up(program));
    expect(failed.code).toBe("PASSWORD_REJECTED");
    expect(failed.message).toMatch(
      /choose another password.*\(PASSWORD_REJECTED, InvalidParameterValue\./,
    );
    expect(await actions()).toEqual([
      "ModifyInstancePassword",
      "ModifyInstancePassword",
      "ResetPassword",
    ]);
  },
);

test("a change outside heals: the vendor's reset, though the state's password is none any more", async () => {
  const program = suite.fresh({ password: first });
  const resource = suite.resource();
  await resource.up(program);
  await suite.outside(program, { password: "Redis-outside-1" });
  await resource.up({ ...program, password: "Redis-second-333" });
  expect(await suite.opens(program, "Redis-second-333")).toBe(true);
});

test.each([
  ["an instance that is not there", { instanceDeleted: true }, "NOT_FOUND"],
  ["an instance that is busy", { instanceStatus: 1 }, "INSTANCE_UNAVAILABLE"],
  ["a missing permission", { deny: ["ModifyInstancePassword"] }, "PERMISSION_DENIED"],
])("%s", async (_what, fields, code) => {
  const program = suite.fresh({ password: first, timeoutSeconds: 1 });
  await suite.outside(program, fields);
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe(code);
});

test("refresh never drops an instance", async () => {
  for (const fields of [{ deleted: true }, { instanceDeleted: true }]) {
    const program = suite.fresh({ password: live });
    const resource = suite.resource();
    await resource.up(program);
    await suite.outside(program, fields);
    expect(await resource.refresh()).toBe("kept");
    expect(resource.outputs).toMatchObject({ drift: "instance not found", password: live });
  }
});
