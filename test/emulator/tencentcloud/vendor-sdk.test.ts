// The vendor's own SDK takes the emulator for the cloud, without a change but the endpoint.
import { CommonClient } from "tencentcloud-sdk-nodejs-common";
import type { Emulator } from "../../../emulator";
import { opens, start, until } from "../support/emulator";
import { versions } from "../support/tencentcloud";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});

function call(
  service: keyof typeof versions,
  action: string,
  parameters: object,
  secretKey = "emulator-secret-key",
): Promise<any> {
  const client = new CommonClient(new URL(emulator.url).host, versions[service], {
    credential: { secretId: "AKIDemulator", secretKey },
    region: "ap-guangzhou",
    profile: {
      httpProfile: { protocol: "http://", endpoint: new URL(emulator.url).host },
    },
  });
  return client.request(action, parameters);
}

test("TCR: changes a password, which comes back, and lists the account", async () => {
  const answer = await call("tcr", "ModifyServiceAccountPassword", {
    RegistryId: "tcr-gijwqid7",
    Name: "robot",
    Random: false,
    Password: "NewPass123",
  });
  expect(answer).toEqual({ Password: "NewPass123", RequestId: expect.any(String) });
  const account = { registryId: "tcr-gijwqid7", accountName: "robot" };
  const type = "tencentcloud:TcrServiceAccountPassword";
  expect(await opens(emulator, type, account, "NewPass123")).toBe(true);
  expect(await opens(emulator, type, account, "OldPass123")).toBe(false);

  const listing = await call("tcr", "DescribeServiceAccounts", { RegistryId: "tcr-gijwqid7" });
  expect(listing.ServiceAccounts.map(({ Name }: { Name: string }) => Name)).toEqual(["tcr$robot"]);
  const instances = await call("tcr", "DescribeInstances", { Registryids: ["tcr-gijwqid7"] });
  expect(instances.Registries[0]).toMatchObject({ RegistryId: "tcr-gijwqid7", Status: "Running" });
});

test("MariaDB: resets a password, and lists the account", async () => {
  const answer = await call("mariadb", "ResetAccountPassword", {
    InstanceId: "tdsql-fdpjf5zh",
    UserName: "app",
    Host: "10.%",
    Password: "efgh9876_.",
  });
  expect(answer).toEqual({ RequestId: expect.any(String) });
  const account = { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%" };
  const type = "tencentcloud:MariadbAccountPassword";
  expect(await opens(emulator, type, account, "efgh9876_.")).toBe(true);

  const listing = await call("mariadb", "DescribeAccounts", { InstanceId: "tdsql-fdpjf5zh" });
  expect(listing.Users[0]).toMatchObject({ UserName: "app", Host: "10.%" });
  const instances = await call("mariadb", "DescribeDBInstances", {
    InstanceIds: ["tdsql-fdpjf5zh"],
  });
  expect(instances.Instances[0]).toMatchObject({ InstanceId: "tdsql-fdpjf5zh", Status: 2 });
});

test("PostgreSQL: resets a password, told from MariaDB by DBInstanceId", async () => {
  const answer = await call("postgres", "ResetAccountPassword", {
    DBInstanceId: "postgres-lnp6j617",
    UserName: "app",
    Password: "5678Rewq()",
  });
  expect(answer).toEqual({ RequestId: expect.any(String) });
  const accounts = () =>
    call("postgres", "DescribeAccounts", { DBInstanceId: "postgres-lnp6j617" });
  expect((await accounts()).Details[0].Status).toBe(4);
  await until(accounts, ({ Details }) => Details[0].Status === 2);
  const account = { instanceId: "postgres-lnp6j617", userName: "app" };
  const type = "tencentcloud:PostgresqlAccountPassword";
  expect(await opens(emulator, type, account, "5678Rewq()")).toBe(true);

  const attribute = await call("postgres", "DescribeDBInstanceAttribute", {
    DBInstanceId: "postgres-lnp6j617",
  });
  expect(attribute.DBInstance.DBInstanceStatus).toBe("running");
});

test("Redis: starts a task, after which the new password is the live one", async () => {
  const { TaskId } = await call("redis", "ModifyInstancePassword", {
    InstanceId: "crs-5a4p1234",
    OldPassword: "zy45Old_pw",
    Password: "4569New_pw",
  });
  const status = async () => (await call("redis", "DescribeTaskInfo", { TaskId })).Status;
  await until(status, (now) => now === "succeed");
  const type = "tencentcloud:RedisInstancePassword";
  expect(await opens(emulator, type, { instanceId: "crs-5a4p1234" }, "4569New_pw")).toBe(true);

  const { InstanceSet } = await call("redis", "DescribeInstances", { InstanceId: "crs-5a4p1234" });
  expect(InstanceSet[0]).toMatchObject({ Status: 2, NoAuth: false });
  const { Accounts } = await call("redis", "DescribeInstanceAccount", {
    InstanceId: "crs-5a4p1234",
  });
  expect(Accounts[0]).toMatchObject({ AccountName: "root", Status: 2 });
});

test("a refusal reaches the caller as the SDK's exception with the vendor's code", async () => {
  const wrong = call("redis", "ModifyInstancePassword", {
    InstanceId: "crs-5a4p1234",
    OldPassword: "not the old one",
    Password: "4569New_pw",
  });
  await expect(wrong).rejects.toMatchObject({
    code: "InvalidParameterValue.PasswordRuleError",
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const forged = call("redis", "DescribeInstances", {}, "another key");
  await expect(forged).rejects.toMatchObject({ code: "AuthFailure.SignatureFailure" });
});
