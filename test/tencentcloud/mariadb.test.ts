import { testService } from "../contract";

testService({
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
});
