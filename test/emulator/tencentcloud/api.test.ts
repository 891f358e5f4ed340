import type { Emulator } from "../../../emulator";
import { post, requests, start } from "../support/emulator";
import { http } from "../support/http";
import { api, type ApiCall, errorCode, send } from "../support/tencentcloud";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

const read = {
  service: "redis",
  action: "DescribeInstances",
  body: { InstanceId: "crs-5a4p1234" },
} as const satisfies ApiCall;

test("answers in the vendor's envelope, success and refusal alike with status 200", async () => {
  const success = await send(emulator, read);
  expect(success).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(success.json).toEqual({
    Response: expect.objectContaining({ TotalCount: 1, RequestId: expect.any(String) }),
  });
  const refusal = await send(emulator, { ...read, action: "NoSuchAction" });
  expect(refusal.status).toBe(200);
  expect(refusal.json).toEqual({
    Response: {
      Error: { Code: "InvalidAction", Message: expect.any(String) },
      RequestId: expect.any(String),
    },
  });
  expect(refusal.json.Response.RequestId).not.toBe(success.json.Response.RequestId);
});

test.each<[string, Partial<ApiCall>, string]>([
  ["an action that does not exist", { action: "ModifiyInstancePassword" }, "InvalidAction"],
  ["an action of another product", { action: "DescribeServiceAccounts" }, "InvalidAction"],
  ["a name that every object has", { action: "constructor" }, "InvalidAction"],
  ["no action", { headers: { "X-TC-Action": "" } }, "MissingParameter"],
  ["another version", { headers: { "X-TC-Version": "2017-03-12" } }, "NoSuchVersion"],
  ["no version", { headers: { "X-TC-Version": "" } }, "MissingParameter"],
  ["no region", { headers: { "X-TC-Region": "" } }, "MissingParameter"],
  ["a region of another form", { headers: { "X-TC-Region": "guangzhou" } }, "UnsupportedRegion"],
  ["no signature", { headers: { Authorization: "none" } }, "AuthFailure.InvalidAuthorization"],
  ["another key", { secretKey: "another" }, "AuthFailure.SignatureFailure"],
  ["another id", { secretId: "AKIDother" }, "AuthFailure.SecretIdNotFound"],
  ["an old signature", { timestamp: 1_700_000_000 }, "AuthFailure.SignatureExpire"],
  ["a token of temporary keys", { headers: { "X-TC-Token": "token" } }, "AuthFailure.TokenFailure"],
  ["a body that is not JSON", { body: "{" }, "InvalidParameter"],
  ["a body that is no object", { body: "[]" }, "InvalidParameter"],
  ["an unknown parameter", { body: { InstanceID: "crs-5a4p1234" } }, "UnknownParameter"],
  ["a parameter of another type", { body: { InstanceId: 1 } }, "InvalidParameter"],
  ["a parameter that is null", { body: { InstanceId: null } }, "InvalidParameter"],
  ["a form", { headers: { "Content-Type": "multipart/form-data" } }, "UnsupportedProtocol"],
])("refuses %s", async (_name, changed, code) => {
  expect(await errorCode(emulator, read)).toBeUndefined();
  expect(await errorCode(emulator, { ...read, ...changed })).toBe(code);
});

test("refuses a required parameter that is missing", async () => {
  expect(
    await errorCode(emulator, { service: "redis", action: "DescribeInstanceAccount", body: {} }),
  ).toBe("MissingParameter");
});

test("refuses GET, whose password would stand in the URL", async () => {
  const { json } = await http(`${emulator.url}/?Action=DescribeInstances`);
  expect(json.Response.Error.Code).toBe("UnsupportedProtocol");
});

test.each(["application/json; charset=utf-8", "application/json;charset=UTF-8"])(
  "accepts the content type %s",
  async (contentType) => {
    expect(
      await errorCode(emulator, { ...read, headers: { "Content-Type": contentType } }),
    ).toBeUndefined();
  },
);

test("accepts x-tc-action among the signed headers, as the current page signs it", async () => {
  expect(await errorCode(emulator, { ...read, alsoSigned: ["X-TC-Action"] })).toBeUndefined();
});

test("takes the service from action and version where the scope names none", async () => {
  for (const [service, action, body] of [
    ["tcr", "DescribeServiceAccounts", { RegistryId: "tcr-gijwqid7" }],
    ["mariadb", "DescribeAccounts", { InstanceId: "tdsql-fdpjf5zh" }],
    ["postgres", "DescribeAccounts", { DBInstanceId: "postgres-lnp6j617" }],
    ["redis", "DescribeInstances", {}],
  ] as const)
    expect(
      await errorCode(emulator, { service, action, body, signed: { service: "127" } }),
    ).toBeUndefined();
  expect((await requests(emulator)).map(({ service }) => service)).toEqual([
    "tcr",
    "mariadb",
    "postgres",
    "redis",
  ]);
  expect(
    await errorCode(emulator, {
      ...read,
      action: "DescribeTaskInfo",
      signed: { service: "127" },
      headers: { "X-TC-Version": "2019-09-24" },
    }),
  ).toBe("NoSuchVersion");
});

describe("rate limit", () => {
  const codes = (count: number, call: ApiCall) =>
    Promise.all(Array.from({ length: count }, () => errorCode(emulator, call)));

  test("refuses what exceeds the documented requests per second, for each action", async () => {
    const call = { service: "redis", action: "DescribeInstanceAccount" } as const;
    const body = { InstanceId: "crs-5a4p1234" };
    const answers = await codes(21, { ...call, body });
    expect(answers.filter((code) => code === undefined)).toHaveLength(20);
    expect(answers.filter((code) => code === "RequestLimitExceeded")).toHaveLength(1);
    expect(await errorCode(emulator, read)).toBeUndefined();
  });

  test("PostgreSQL takes 100 resets per second", async () => {
    const answers = await codes(101, {
      service: "postgres",
      action: "ResetAccountPassword",
      body: { DBInstanceId: "none", UserName: "app", Password: "x" },
    });
    expect(answers.filter((code) => code === "RequestLimitExceeded")).toHaveLength(1);
  });

  test("a second later, by the emulator's clock, requests are taken again", async () => {
    const call = { service: "redis", action: "DescribeTaskInfo", body: { TaskId: 1 } } as const;
    expect((await codes(21, call)).filter((code) => code === "RequestLimitExceeded")).toHaveLength(
      1,
    );
    await post(emulator, "clock", { advanceSeconds: 1 });
    expect(await errorCode(emulator, call)).toBe("InvalidParameter.InvalidParameter");
  });
});

test("the clock of tokens does not touch the five minutes of a signature", async () => {
  await post(emulator, "clock", { advanceSeconds: 86_400 });
  expect(await errorCode(emulator, read)).toBeUndefined();
});

test.each<[ApiCall, string]>([
  [
    {
      service: "tcr",
      action: "ModifyServiceAccountPassword",
      body: { RegistryId: "i", Name: "n", Random: false, Password: "NewPass123" },
    },
    "UnauthorizedOperation",
  ],
  [
    {
      service: "mariadb",
      action: "ResetAccountPassword",
      body: { InstanceId: "i", UserName: "n", Host: "%", Password: "efgh9876_." },
    },
    "UnauthorizedOperation.PermissionDenied",
  ],
  [
    {
      service: "postgres",
      action: "ResetAccountPassword",
      body: { DBInstanceId: "i", UserName: "n", Password: "5678Rewq()" },
    },
    "AuthFailure.UnauthorizedOperation",
  ],
  [
    {
      service: "redis",
      action: "ModifyInstancePassword",
      body: { InstanceId: "i", OldPassword: "old_pw_1", Password: "4569New_pw" },
    },
    "UnauthorizedOperation.NoCAMAuthed",
  ],
  [
    { service: "redis", action: "DescribeInstances", body: { InstanceId: "i" } },
    "UnauthorizedOperation",
  ],
])("deny refuses %p", async (call, code) => {
  const deny = [call.action];
  const denied = await start({
    accounts: {
      tencentcloud: {
        tcr: [{ registryId: "i", accountName: "n", password: "OldPass123", deny }].filter(
          () => call.service === "tcr",
        ),
        mariadb: [
          { instanceId: "i", userName: "n", host: "%", password: "abcd8765_.", deny },
        ].filter(() => call.service === "mariadb"),
        postgresql: [{ instanceId: "i", userName: "n", password: "1234Qwer()", deny }].filter(
          () => call.service === "postgres",
        ),
        redis: [{ instanceId: "i", password: "old_pw_1", deny }].filter(
          () => call.service === "redis",
        ),
      },
    },
  });
  expect(await errorCode(denied, call)).toBe(code);
});

test("an instance is visible in its own region only", async () => {
  const regional = await start({
    accounts: {
      tencentcloud: {
        redis: [{ instanceId: "crs-1", region: "ap-beijing", password: "old_pw_1" }],
      },
    },
  });
  const call = { ...read, body: { InstanceId: "crs-1" } };
  expect((await api(regional, call)).TotalCount).toBe(0);
  const there = await api(regional, { ...call, headers: { "X-TC-Region": "ap-beijing" } });
  expect(there.TotalCount).toBe(1);
});
