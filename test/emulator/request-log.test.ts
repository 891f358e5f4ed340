import type { Emulator } from "../../emulator";
import { get, post, requests, start } from "./support/emulator";
import {
  adminToken,
  changeOnControlPlane,
  changeOnEngine,
  engine,
  login,
  projectId,
} from "./support/huaweicloud";
import { type ApiCall, send } from "./support/tencentcloud";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

const region = "ap-guangzhou";
const entry = { outcome: "ok", write: false, time: expect.stringMatching(/^\d{4}-.*Z$/) };

test.each<[ApiCall, object | null, boolean]>([
  [
    {
      service: "tcr",
      action: "ModifyServiceAccountPassword",
      body: {
        RegistryId: "tcr-gijwqid7",
        Name: "tcr$robot",
        Random: false,
        Password: "NewPass123",
      },
    },
    { region, registryId: "tcr-gijwqid7", accountName: "robot" },
    true,
  ],
  [
    { service: "tcr", action: "DescribeServiceAccounts", body: { RegistryId: "tcr-gijwqid7" } },
    { region, registryId: "tcr-gijwqid7" },
    false,
  ],
  [{ service: "tcr", action: "DescribeInstances" }, { region }, false],
  [
    {
      service: "mariadb",
      action: "ResetAccountPassword",
      body: { InstanceId: "tdsql-fdpjf5zh", UserName: "app", Host: "10.%", Password: "efgh9876_." },
    },
    { region, instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%" },
    true,
  ],
  [
    {
      service: "postgres",
      action: "ResetAccountPassword",
      body: { DBInstanceId: "postgres-lnp6j617", UserName: "app", Password: "5678Rewq()" },
    },
    { region, instanceId: "postgres-lnp6j617", userName: "app" },
    true,
  ],
  [
    {
      service: "redis",
      action: "ModifyInstancePassword",
      body: { InstanceId: "crs-5a4p1234", OldPassword: "zy45Old_pw", Password: "4569New_pw" },
    },
    { region, instanceId: "crs-5a4p1234" },
    true,
  ],
])("an entry for %j", async (call, account, write) => {
  await send(emulator, call);
  expect(await requests(emulator)).toEqual([
    { ...entry, service: call.service, action: call.action, account, write },
  ]);
});

test("a task is logged with its instance", async () => {
  const { json } = await send(emulator, {
    service: "redis",
    action: "ResetPassword",
    body: { InstanceId: "crs-5a4p1234", Password: "4569New_pw" },
  });
  const { TaskId } = json.Response;
  await send(emulator, { service: "redis", action: "DescribeTaskInfo", body: { TaskId } });
  expect((await requests(emulator)).map(({ account, write }) => ({ account, write }))).toEqual([
    { account: { region, instanceId: "crs-5a4p1234" }, write: true },
    { account: { region, instanceId: "crs-5a4p1234" }, write: false },
  ]);
});

test("the calls of Huawei Cloud, with the names of their actions", async () => {
  const admin = await adminToken(emulator);
  await login(emulator, "alice", "Alice@123x");
  const password = "Alice@124x";
  await changeOnEngine(emulator, "alice", { password }, admin);
  await engine(emulator, "accounts", { token: admin });
  await engine(emulator, "accounts/alice", { token: admin });
  await engine(emulator, "account-locks", { token: admin });
  await changeOnControlPlane(emulator, "alice", { password }, { Authorization: `Bear ${admin}` });
  const alice = {
    region: "cn-north-4",
    projectId,
    engineId: "engine-1",
    accountName: "alice",
  };
  const { accountName: _, ...engineOnly } = alice;
  const log = await requests(emulator);
  expect(log.map(({ service, action, write }) => [service, action, write])).toEqual([
    ["iam", "CreateToken", false],
    ["cse", "ExchangeToken", false],
    ["cse", "Login", false],
    ["cse", "ChangeAccountPassword", true],
    ["cse", "ListAccounts", false],
    ["cse", "DescribeAccount", false],
    ["cse", "ListAccountLocks", false],
    ["iam", "CreateToken", false],
    ["cse", "ChangeAccountPassword", true],
  ]);
  expect(log.map(({ account }) => account)).toEqual([
    null,
    engineOnly,
    alice,
    alice,
    engineOnly,
    alice,
    engineOnly,
    null,
    alice,
  ]);
});

test("a refused request says with which code, an unsigned one too", async () => {
  const call = { service: "redis", action: "ModifyInstancePassword" } as const;
  const body = { InstanceId: "crs-5a4p1234", OldPassword: "wrong_pw1", Password: "4569New_pw" };
  await send(emulator, { ...call, body });
  await send(emulator, { ...call, body, secretKey: "another" });
  await send(emulator, { ...call, body: "{" });
  await login(emulator, "alice", "Wrong@1234x");
  expect((await requests(emulator)).map(({ outcome, write }) => [outcome, write])).toEqual([
    ["error:InvalidParameterValue.PasswordRuleError", true],
    ["error:AuthFailure.SignatureFailure", true],
    ["error:InvalidParameter", true],
    ["error:401202", false],
  ]);
});

test("holds no password and no key, whatever was sent", async () => {
  const secrets = ["SentPass1-", "SentOld1-", "Sent@Engine1", "Sent@Current1", "Sent@Login1"];
  const [password, old, engineNew, engineOld, loginPassword] = secrets;
  const admin = await adminToken(emulator);
  for (const action of ["ModifyInstancePassword", "ResetPassword", "NoSuchAction"])
    await send(emulator, {
      service: "redis",
      action,
      body: { InstanceId: "crs-5a4p1234", OldPassword: old, Password: password },
    });
  const body = { password: engineNew, currentPassword: engineOld };
  await changeOnEngine(emulator, "alice", body, admin);
  await changeOnControlPlane(emulator, "alice", body, { Authorization: `Bear ${admin}` });
  await login(emulator, "alice", String(loginPassword));
  await post(emulator, "faults", { when: "before", what: "status:503" });
  await login(emulator, "alice", String(loginPassword));
  const { text } = await get(emulator, "requests");
  expect(JSON.parse(text)).toHaveLength(10);
  for (const secret of [...secrets, admin, "emulator-secret-key", "emulator-iam-password"])
    expect(text).not.toContain(secret);
});
