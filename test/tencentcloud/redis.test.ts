import { testService } from "../contract";

testService({
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
});
