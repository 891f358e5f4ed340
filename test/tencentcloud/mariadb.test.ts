import { testService } from "../contract";
import { failureOf } from "../rehearsal";

const suite = testService({
  type: "tencentcloud:MariadbAccountPassword",
  noun: "MariaDB account",
  account: (n) => ({
    region: "ap-guangzhou",
    instanceId: `tdsql-test${n}`,
    userName: "app",
    host: "10.%",
  }),
  record: ({ instanceId = "", userName = "", host = "" }) => ({ instanceId, userName, host }),
  list: (mariadb) => ({ tencentcloud: { mariadb } }),
  passwords: ["Mdb-before-1", "Mdb-first-22", "Mdb-second-333"],
  refusedPasswords: [
    ["too short", "Abc12", /6 to 32 characters/],
    ["too long", "Abcdefg1".repeat(4) + "X", /6 to 32 characters/],
    ["a forbidden symbol", "Abcdefg1;", /these symbols only/],
    ["not ASCII", "Abcdefg1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "/Abcdefg1",
  ownArguments: {},
  places: { region: ["TENCENTCLOUD_REGION", "tencentcloud:region", "ap-guangzhou"] },
  endpointVariables: ["TENCENTCLOUD_ENDPOINT"],
  write: { service: "mariadb", action: "ResetAccountPassword" },
  expectedRequest: ({ instanceId }, password) => ({
    path: "/",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-tc-action": "ResetAccountPassword",
      "x-tc-version": "2017-03-12",
      "x-tc-region": "ap-guangzhou",
      "x-tc-timestamp": /^\d{10}$/,
      authorization:
        /^TC3-HMAC-SHA256 Credential=AKIDemulator\/\d{4}-\d\d-\d\d\/mariadb\/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=[0-9a-f]{64}$/,
    },
    body: `{"InstanceId":"${instanceId}","UserName":"app","Host":"10.%","Password":"${password}"}`,
  }),
  apiErrors: [
    ["InvalidParameter.CharacterError", "PASSWORD_REJECTED"],
    ["ResourceNotFound.AccountDoesNotExist", "NOT_FOUND"],
    ["ResourceUnavailable.InstanceAlreadyDeleted", "NOT_FOUND"],
    ["UnauthorizedOperation.PermissionDenied", "PERMISSION_DENIED"],
    ["AuthFailure.SecretIdNotFound", "AUTH_FAILED"],
    ["AuthFailure.SignatureExpire", "CLOCK_SKEW"],
    ["UnsupportedRegion", "INVALID_ARGUMENT"],
    ["ResourceUnavailable.InstanceHasBeenLocked", "INSTANCE_UNAVAILABLE", true],
    ["RequestLimitExceeded", "THROTTLED", true],
  ],
  requestId: /^[0-9a-f-]{36}$/,
  drops: true,
  changedOutside:
    /^account modified outside on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, perhaps the password$/,
  otherEdit: { description: "another one" },
});

test("app@10.% and app@% are two accounts", async () => {
  const program = suite.fresh({ password: "Mdb-first-22" });
  const other = suite.resource();
  const failed = await failureOf(other.up({ ...program, host: "%" }));
  expect(failed.code).toBe("NOT_FOUND");
  expect(await suite.opens(program, "Mdb-before-1")).toBe(true);
});

test("an account that is not there is found out, though the vendor has no code for it", async () => {
  const program = suite.fresh({ password: "Mdb-first-22" });
  await suite.outside(program, { deleted: true });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe("NOT_FOUND");
  expect(failed.id).toBeUndefined();
  expect(failed.message).toMatch(
    /the account does not exist.*\(NOT_FOUND, FailedOperation.ResetPasswordFailed, request/,
  );
  expect(await suite.twin.writes()).toBe(1);
});

test("where the listing is denied, the same answer stays unknown", async () => {
  const program = suite.fresh({ password: "Mdb-first-22", timeoutSeconds: 1 });
  await suite.outside(program, { deleted: true, deny: ["DescribeAccounts"] });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.message).toContain("(OUTCOME_UNKNOWN, FailedOperation.ResetPasswordFailed");
  expect(failed.properties).toMatchObject({
    status: "unknown",
    pendingPasswords: ["Mdb-first-22"],
  });
});

test.each([
  [
    "locked",
    { instanceStatus: 1 },
    "INSTANCE_UNAVAILABLE",
    /the instance is locked.*when the instance is free/,
  ],
  ["restarting", { instanceStatus: 6 }, "INSTANCE_UNAVAILABLE", /in a state that allows no change/],
  ["deleted", { instanceDeleted: true }, "NOT_FOUND", /the instance has been deleted/],
  [
    "denied",
    { deny: ["ResetAccountPassword"] },
    "PERMISSION_DENIED",
    /lack the permission.*grant the permission/,
  ],
])("an instance that is %s", async (_what, fields, code, says) => {
  const program = suite.fresh({ password: "Mdb-first-22", timeoutSeconds: 1 });
  await suite.outside(program, fields);
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe(code);
  expect(failed.message).toMatch(says);
});

test("an instance that is free again in time is waited for", async () => {
  const program = suite.fresh({ password: "Mdb-first-22", timeoutSeconds: 20 });
  await suite.faultOfWrite("error:ResourceUnavailable.InstanceHasBeenLocked");
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1 });
  expect(await suite.twin.writes()).toBe(2);
});

test("the text of a clock that is off names the clock", async () => {
  const program = suite.fresh({ password: "Mdb-first-22" });
  await suite.faultOfWrite("error:AuthFailure.SignatureExpire");
  const { message } = await failureOf(suite.resource().up(program));
  expect(message).toMatch(/the clock of this machine is wrong.*set the clock of this machine/);
});

test.each([1, 3, 5, 6, -1, 0])(
  "refresh does not believe the listing of an instance with status %i",
  async (instanceStatus) => {
    const program = suite.fresh({ password: "Mdb-first-22" });
    const resource = suite.resource();
    await resource.up(program);
    const { inputs, outputs } = resource;
    await suite.outside(program, { deleted: true, instanceStatus });
    expect(await resource.refresh()).toBe("kept");
    expect(resource).toMatchObject({ inputs, outputs });
    expect(suite.printed()).toContain(
      `the instance's status ${instanceStatus} is not one in which that proves anything`,
    );
    await suite.outside(program, { instanceStatus: 2 });
    expect(await resource.refresh()).toBe("gone");
  },
);
