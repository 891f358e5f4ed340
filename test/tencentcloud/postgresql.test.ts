import { setTimeout as sleep } from "node:timers/promises";
import { testService } from "../contract";
import { failureOf, newRun, Resource, startRehearsal } from "../rehearsal";

const suite = testService({
  type: "tencentcloud:PostgresqlAccountPassword",
  noun: "PostgreSQL account",
  account: (n) => ({ region: "ap-guangzhou", instanceId: `postgres-test${n}`, userName: "app" }),
  record: ({ instanceId = "", userName = "" }) => ({ instanceId, userName }),
  list: (postgresql) => ({ tencentcloud: { postgresql } }),
  passwords: ["Pg-before-1(", "Pg-first-22)", "Pg-second-333!"],
  refusedPasswords: [
    ["too short", "Abc12_-", /8 to 32 characters/],
    ["too long", "Abcdefg_1".repeat(4), /8 to 32 characters/],
    ["no upper case", "abcdefg_1", /upper-case/],
    ["no lower case", "ABCDEFG_1", /lower-case/],
    ["no digit", "Abcdefgh_", /digit/],
    ["no symbol", "Abcdefgh1", /symbol/],
    ["a forbidden symbol", 'Abcdefg1"', /these symbols only/],
    ["a leading slash", "/Abcdefg1", /start with a slash/],
    ["not ASCII", "Abcdefg_1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "Abcdefg1;",
  ownArguments: {},
  places: { region: ["TENCENTCLOUD_REGION", "tencentcloud:region", "ap-guangzhou"] },
  endpointVariables: ["TENCENTCLOUD_ENDPOINT"],
  write: { service: "postgres", action: "ResetAccountPassword" },
  expectedRequest: ({ instanceId }, password) => ({
    path: "/",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-tc-action": "ResetAccountPassword",
      "x-tc-version": "2017-03-12",
      "x-tc-region": "ap-guangzhou",
      "x-tc-timestamp": /^\d{10}$/,
      // Not `postgresql`: the product's label.
      authorization:
        /^TC3-HMAC-SHA256 Credential=AKIDemulator\/\d{4}-\d\d-\d\d\/postgres\/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=[0-9a-f]{64}$/,
    },
    body: `{"DBInstanceId":"${instanceId}","UserName":"app","Password":"${password}"}`,
  }),
  apiErrors: [
    ["InvalidAccountPassword", "PASSWORD_REJECTED"],
    ["InvalidParameterValue.InvalidPasswordValueError", "PASSWORD_REJECTED"],
    ["InvalidParameterValue.AccountNotExistError", "NOT_FOUND"],
    ["ResourceNotFound.InstanceNotFoundError", "NOT_FOUND"],
    ["FailedOperation.CheckAccountCAMCloseError", "ACCOUNT_UNSUPPORTED"],
    ["OperationDenied.CamDeniedError", "PERMISSION_DENIED"],
    ["AuthFailure.UnauthorizedOperation", "PERMISSION_DENIED"],
    ["AuthFailure.SignatureExpire", "CLOCK_SKEW"],
    ["OperationDenied.InstanceStatusLimitError", "INSTANCE_UNAVAILABLE", true],
    ["FailedOperation.OperateFrequencyLimitedError", "THROTTLED", true],
  ],
  requestId: /^[0-9a-f-]{36}$/,
  drops: true,
  changedOutside: /^changed outside on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  otherEdit: { status: 2 },
});

const wanted = "Pg-first-22)";

test("waits until the account's reset has ended", async () => {
  const program = suite.fresh({ password: wanted });
  await suite.outside(program, { resetMs: 600 });
  const resource = suite.resource();
  await resource.up(program);
  expect(await suite.opens(program, wanted)).toBe(true);
  const reads = (await suite.twin.log()).filter(({ action }) => action === "DescribeAccounts");
  expect(reads.length).toBeGreaterThan(1);
});

test("a reset that does not end in time is unknown, and the next up settles it", async () => {
  const program = suite.fresh({ password: wanted, timeoutSeconds: 1 });
  await suite.outside(program, { resetMs: 1500 });
  const resource = suite.resource();
  const failed = await failureOf(resource.up(program));
  expect(failed.message).toMatch(
    /accepted the reset, and that it had ended could not be seen before timeoutSeconds was over.*\(OUTCOME_UNKNOWN, request/,
  );
  expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [wanted] });
  expect(await suite.twin.writes()).toBe(1);
  await resource.up({ ...program, timeoutSeconds: 20 });
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: wanted });
});

test("a denied read after the change is a warning that names the permission, and the change stays confirmed", async () => {
  const program = suite.fresh({ password: wanted });
  await suite.outside(program, { deny: ["DescribeAccounts"] });
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: wanted });
  expect(suite.printed()).toMatch(/warning: .*the reset was accepted.*postgres:DescribeAccounts/);
});

test.each([
  ["an account whose password CAM manages", { cam: true }, "ACCOUNT_UNSUPPORTED", /CAM/],
  ["an account that is not there", { deleted: true }, "NOT_FOUND", /the account does not exist/],
  [
    "an instance that is not there",
    { instanceDeleted: true },
    "NOT_FOUND",
    /the instance does not exist/,
  ],
  [
    "an instance that is busy",
    { instanceStatus: "job running" },
    "INSTANCE_UNAVAILABLE",
    /allows no change/,
  ],
  [
    "a missing permission",
    { deny: ["ResetAccountPassword"] },
    "PERMISSION_DENIED",
    /lack the permission/,
  ],
])("%s", async (_what, fields, code, says) => {
  const program = suite.fresh({ password: wanted, timeoutSeconds: 1 });
  await suite.outside(program, fields);
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe(code);
  expect(failed.message).toMatch(says);
  expect(failed.message).toContain("this run changed nothing");
});

test("any other failed read after the change is repeated until it says something", async () => {
  const program = suite.fresh({ password: wanted, timeoutSeconds: 20 });
  jest.spyOn(Math, "random").mockReturnValue(0.001);
  const action = "DescribeAccounts" as const;
  // More than one listing repeats by itself.
  await suite.twin.fault({ action, when: "before", what: "error:InternalError", times: 6 });
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: wanted });
  expect(await suite.opens(program, wanted)).toBe(true);
  expect(await suite.twin.writes()).toBe(1);
  expect(suite.printed()).toBe("");
});

test.each(["error:ResourceNotFound.InstanceNotFoundError", "error:Never.HeardOf", "garbage"])(
  "a reset whose end cannot be seen (%s) is unknown, and the next up settles it",
  async (what) => {
    const program = suite.fresh({ password: wanted, timeoutSeconds: 1 });
    await suite.twin.fault({ action: "DescribeAccounts", when: "before", what, times: 999 });
    const resource = suite.resource();
    const failed = await failureOf(resource.up(program));
    expect(failed.message).toMatch(/could not be seen before timeoutSeconds.*\(OUTCOME_UNKNOWN/);
    expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [wanted] });
    expect(await suite.twin.writes()).toBe(1);
    await suite.twin.clear();
    await resource.up({ ...program, timeoutSeconds: 20 });
    expect(resource.outputs).toMatchObject({ status: "confirmed", password: wanted });
  },
);

test.each(["isolated", "isolating", "recycled", "job running", "migrating"])(
  "refresh does not believe the listing of an instance with status %s",
  async (instanceStatus) => {
    const program = suite.fresh({ password: "Pg-before-1(" });
    const resource = suite.resource();
    await resource.up(program);
    const { inputs, outputs } = resource;
    await suite.outside(program, { deleted: true, instanceStatus });
    expect(await resource.refresh()).toBe("kept");
    expect(resource).toMatchObject({ inputs, outputs });
    expect(suite.printed()).toContain(
      `the instance's status "${instanceStatus}" is not one in which that proves anything`,
    );
  },
);

test("refresh believes the listing of an instance that can only be read", async () => {
  const program = suite.fresh({ password: "Pg-before-1(" });
  const resource = suite.resource();
  await resource.up(program);
  await suite.outside(program, { deleted: true, instanceStatus: "readonly" });
  expect(await resource.refresh()).toBe("gone");
});

test("refresh finds an account that was shifted from one page to another while it read", async () => {
  const password = "Pg-before-1(";
  const account = (n: number) => ({ instanceId: "postgres-1", userName: `user${n}`, password });
  const twin = await startRehearsal({
    tencentcloud: { postgresql: Array.from({ length: 150 }, (_, n) => account(n)) },
  });
  try {
    Object.assign(process.env, twin.environment);
    const type = "tencentcloud:PostgresqlAccountPassword";
    const resource = new Resource(newRun(type), type);
    // The first of the second page.
    await resource.up({ region: "ap-guangzhou", ...account(100), currentPassword: password });
    const { outputs } = resource;
    const page = { action: "DescribeAccounts", when: "before" } as const;
    await twin.fault({ ...page, what: "delay:1" }, { ...page, what: "delay:1500" });
    const refreshed = resource.refresh();
    while (!twin.recorded.some(({ body }) => body.includes('"Offset":100'))) await sleep(5);
    await twin.outside({ tencentcloud: { postgresql: [{ ...account(0), deleted: true }] } });
    expect(await refreshed).toBe("kept");
    expect(resource.outputs).toEqual(outputs);
    // The account was really out of sight: the instance was asked, and all was read once more.
    expect((await twin.log()).map(({ action }) => action)).toEqual([
      ...["DescribeAccounts", "DescribeAccounts"],
      "DescribeDBInstanceAttribute",
      ...["DescribeAccounts", "DescribeAccounts"],
    ]);
  } finally {
    await twin.close();
  }
});

test("refresh reads a listing to its end, whose total is only the page's", async () => {
  const type = "tencentcloud:PostgresqlAccountPassword";
  const users = Array.from({ length: 100 }, (_, n) => `user${n}`);
  const password = "Pg-before-1(";
  const twin = await startRehearsal({
    tencentcloud: {
      postgresql: [...users, "last"].map((userName) => ({
        instanceId: "postgres-1",
        userName,
        password,
      })),
    },
  });
  try {
    Object.assign(process.env, twin.environment);
    for (const [userName, state] of [
      ["last", "kept"],
      ["nobody", "gone"],
    ]) {
      const resource = new Resource(newRun(type), type);
      const region = "ap-guangzhou";
      await resource.up({
        region,
        instanceId: "postgres-1",
        userName,
        password,
        currentPassword: password,
      });
      expect(await resource.refresh()).toBe(state);
    }
  } finally {
    await twin.close();
  }
});
