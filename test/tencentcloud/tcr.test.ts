import { setTimeout as sleep } from "node:timers/promises";
import { handler } from "../../provider/provider";
import { services } from "../../provider/services";
import { testService } from "../contract";
import { failureOf, newRun, type Properties, Resource, startRehearsal } from "../rehearsal";

const suite = testService({
  type: "tencentcloud:TcrServiceAccountPassword",
  noun: "TCR service account",
  account: (n) => ({ region: "ap-guangzhou", registryId: `tcr-test${n}`, accountName: "robot" }),
  record: ({ registryId = "", accountName = "" }) => ({ registryId, accountName }),
  list: (tcr) => ({ tencentcloud: { tcr } }),
  passwords: ["TcrBefore1", "TcrFirst22", "TcrSecond333"],
  refusedPasswords: [
    ["too short", "Abc1234", /8 to 20 characters/],
    ["too long", "Abcdefg1".repeat(2) + "Abcde", /8 to 20 characters/],
    ["no upper case", "abcdefg1", /upper-case/],
    ["no lower case", "ABCDEFG1", /lower-case/],
    ["no digit", "Abcdefgh", /digit/],
    ["a blank", "Abcdef 1", /these symbols only/],
    ["not ASCII", "Abcdefg1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "Abcdefg1!",
  ownArguments: {},
  places: { region: ["TENCENTCLOUD_REGION", "tencentcloud:region", "ap-guangzhou"] },
  endpointVariables: ["TENCENTCLOUD_ENDPOINT"],
  write: { service: "tcr", action: "ModifyServiceAccountPassword" },
  expectedRequest: ({ registryId }, password) => ({
    path: "/",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-tc-action": "ModifyServiceAccountPassword",
      "x-tc-version": "2019-09-24",
      "x-tc-region": "ap-guangzhou",
      "x-tc-timestamp": /^\d{10}$/,
      authorization:
        /^TC3-HMAC-SHA256 Credential=AKIDemulator\/\d{4}-\d\d-\d\d\/tcr\/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=[0-9a-f]{64}$/,
    },
    body: `{"RegistryId":"${registryId}","Name":"robot","Random":false,"Password":"${password}"}`,
  }),
  apiErrors: [
    ["InvalidParameter", "API_ERROR"],
    ["OperationDenied", "PERMISSION_DENIED"],
    ["UnauthorizedOperation", "PERMISSION_DENIED"],
    ["UnknownParameter", "API_ERROR"],
    ["ResourceNotFound", "NOT_FOUND"],
    ["AuthFailure.SignatureExpire", "CLOCK_SKEW"],
    ["AuthFailure.SignatureFailure", "AUTH_FAILED"],
    ["RequestLimitExceeded", "THROTTLED", true],
    ["ResourceInUse", "INSTANCE_UNAVAILABLE", true],
  ],
  requestId: /^[0-9a-f-]{36}$/,
  drops: true,
  changedOutside:
    /^account modified outside on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00, perhaps the password$/,
  otherEdit: { description: "another one" },
});

const type = "tencentcloud:TcrServiceAccountPassword";

test("tcr$robot and robot are the same account, stored and sent bare", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  const resource = suite.resource();
  await resource.up({ ...program, accountName: "tcr$robot" });
  expect(resource.id).toBe(`ap-guangzhou/${String(program["registryId"])}/robot`);
  expect(resource.outputs).toMatchObject({ accountName: "robot" });
  expect(suite.twin.recorded.map(({ body }) => body).join()).toContain('"Name":"robot"');
  expect(await resource.preview(program)).toEqual({ changed: [], replaces: [] });
});

test.each([
  ["disabled", { disabled: true }],
  ["expired", { expiresAt: 1_700_000_000_000 }],
])("an account that is %s takes the password, and a warning says so", async (why, fields) => {
  const program = suite.fresh({ password: "TcrFirst22" });
  await suite.outside(program, fields);
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed" });
  expect(suite.printed()).toMatch(
    new RegExp(`warning: TCR service account "robot" of .* is ${why}`),
  );
  resource.provider = suite.resource().provider;
  expect(await resource.refresh()).toBe("kept");
  expect(suite.printed()).toContain(`is ${why}`);
  await suite.outside(program, { disabled: false, expiresAt: 4_000_000_000_000 });
  resource.provider = suite.resource().provider;
  await resource.refresh();
  expect(suite.printed()).not.toContain(`is ${why}`);
});

test("a denied read after the change is a warning that names the permission", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  await suite.outside(program, { deny: ["DescribeServiceAccounts"] });
  const resource = suite.resource();
  await resource.up(program);
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: "TcrFirst22" });
  expect(suite.printed()).toMatch(/warning: .*the password was set; .*tcr:DescribeServiceAccounts/);
});

test("a listing that never answers does not keep a change from being confirmed", async () => {
  const program = suite.fresh({ password: "TcrFirst22", timeoutSeconds: 60 });
  const action = "DescribeServiceAccounts" as const;
  await suite.twin.fault({ action, when: "before", what: "hang", times: 99 });
  const resource = suite.resource();
  const began = performance.now();
  await resource.up(program);
  // 5 seconds, and what a busy machine needs; not the 60 of the change, nor an attempt's 30.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(resource.outputs).toMatchObject({
    status: "confirmed",
    password: "TcrFirst22",
    revision: 1,
  });
  expect(await suite.opens(program, "TcrFirst22")).toBe(true);
  expect(suite.printed()).toMatch(/warning: .*the password was set; whether .*could not be read/);
});

test("the next change of the same instance does not wait for that listing", async () => {
  const live = "TcrBefore1";
  const account = (accountName: string) => ({ registryId: "tcr-1", accountName });
  const accounts = ["one", "two"].map(account);
  const twin = await startRehearsal({
    tencentcloud: { tcr: accounts.map((one) => ({ ...one, password: live })) },
  });
  try {
    Object.assign(process.env, twin.environment);
    const action = "DescribeServiceAccounts" as const;
    await twin.fault({ action, when: "before", what: "delay:3000", times: 2 });
    // One process, so one queue.
    const provider = newRun(type);
    let ended = 0;
    const ups = accounts.map(async (one) => {
      const resource = new Resource(provider, type);
      await resource.up({ region: "ap-guangzhou", ...one, password: "TcrFirst22" });
      ended++;
    });
    const changes = () => twin.recorded.filter(({ body }) => body.includes("TcrFirst22"));
    while (changes().length < 2) await sleep(5);
    expect(ended).toBe(0);
    await Promise.all(ups);
  } finally {
    await twin.close();
  }
});

test("whatever goes wrong with the warning changes nothing", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  const warning = jest
    .spyOn(services.get(type)!, "warnAfterChange" as never)
    .mockRejectedValue(new Error("no") as never);
  const resource = new Resource(handler(type) as Resource["provider"], type);
  await resource.up(program);
  expect(warning).toHaveBeenCalledTimes(1);
  expect(resource.outputs).toMatchObject({ status: "confirmed", password: "TcrFirst22" });
});

test("nothing is asked after a change that was refused", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  await suite.faultOfWrite("error:UnauthorizedOperation");
  await failureOf(suite.resource().up(program));
  expect((await suite.twin.log()).map(({ action }) => action)).toEqual([
    "ModifyServiceAccountPassword",
  ]);
});

test("a missing permission to change is refused at once", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  await suite.outside(program, { deny: ["ModifyServiceAccountPassword"] });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe("PERMISSION_DENIED");
  expect(failed.message).toContain("grant the permission");
});

test("an account that is not there is found out, though the vendor has no code for it", async () => {
  const program = suite.fresh({ password: "TcrFirst22" });
  await suite.outside(program, { deleted: true });
  const failed = await failureOf(suite.resource().up(program));
  expect(failed.code).toBe("NOT_FOUND");
  expect(failed.id).toBeUndefined();
  expect(failed.message).toMatch(
    /the account does not exist.*check the account's arguments.*\(NOT_FOUND, FailedOperation, request/,
  );
  expect(await suite.twin.writes()).toBe(1);
});

test.each(["Isolate", "Deleting", "DeleteBucketFailed", "DeleteFailed", "Pending", "Deploying"])(
  "refresh does not believe the listing of an instance with status %s",
  async (instanceStatus) => {
    const program = suite.fresh({ password: "TcrBefore1" });
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

test("refresh reads a listing to its end: two hundred accounts are two full pages", async () => {
  const names = Array.from({ length: 200 }, (_, n) => `robot-${n}`);
  const twin = await startRehearsal({
    tencentcloud: {
      tcr: names.map((accountName) => ({
        registryId: "tcr-1",
        accountName,
        password: "TcrBefore1",
      })),
    },
  });
  try {
    Object.assign(process.env, twin.environment);
    const adopted = (accountName: string): Properties => ({
      region: "ap-guangzhou",
      registryId: "tcr-1",
      accountName,
      password: "TcrBefore1",
      currentPassword: "TcrBefore1",
    });
    const resources = await Promise.all(
      ["robot-0", "robot-99", "robot-100", "robot-199", "robot-200"].map(async (name) => {
        const resource = new Resource(newRun(type), type);
        await resource.up(adopted(name));
        return resource;
      }),
    );
    const states = [];
    for (const resource of resources) states.push(await resource.refresh());
    expect(states).toEqual(["kept", "kept", "kept", "kept", "gone"]);
  } finally {
    await twin.close();
  }
});
