import type { Emulator } from "../../../emulator";
import { opens, post, start } from "../support/emulator";
import { api, errorCode } from "../support/tencentcloud";

const type = "tencentcloud:MariadbAccountPassword";
const app = { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

function reset(body: object = {}) {
  return {
    service: "mariadb",
    action: "ResetAccountPassword",
    body: {
      InstanceId: "tdsql-fdpjf5zh",
      UserName: "app",
      Host: "10.%",
      Password: "efgh9876_.",
      ...body,
    },
  } as const;
}

test("resets the password of one user and host, and repeats it without complaint", async () => {
  const two = await start({
    accounts: {
      tencentcloud: {
        mariadb: [
          { ...app, password: "abcd8765_." },
          { ...app, host: "%", password: "ijkl5432_." },
        ],
      },
    },
  });
  expect(await api(two, reset())).toEqual({ RequestId: expect.any(String) });
  expect(await errorCode(two, reset())).toBeUndefined();
  expect(await opens(two, type, app, "efgh9876_.")).toBe(true);
  expect(await opens(two, type, app, "abcd8765_.")).toBe(false);
  expect(await opens(two, type, { ...app, host: "%" }, "ijkl5432_.")).toBe(true);
});

test.each([
  ["abc12", "InvalidParameter.GenericParameterError"],
  ["a".repeat(33), "InvalidParameter.GenericParameterError"],
  ["", "InvalidParameter.GenericParameterError"],
  ["abcd;8765", "InvalidParameter.CharacterError"],
  ["abcd'8765", "InvalidParameter.CharacterError"],
  ['abcd"8765', "InvalidParameter.CharacterError"],
  ["abcd 8765", "InvalidParameter.CharacterError"],
  ["abcdä8765", "InvalidParameter.CharacterError"],
  [undefined, "MissingParameter"],
  ["abcdef", undefined],
  ["a".repeat(32), undefined],
])("the password %p gets %p", async (Password, code) => {
  expect(await errorCode(emulator, reset({ Password }))).toBe(code);
  expect(await opens(emulator, type, app, "abcd8765_.")).toBe(code !== undefined);
});

test.each([
  ["an unknown user", { UserName: "nobody" }, "FailedOperation.ResetPasswordFailed"],
  ["another host", { Host: "%" }, "FailedOperation.ResetPasswordFailed"],
  ["an unknown instance", { InstanceId: "tdsql-none" }, "InvalidParameter.GenericParameterError"],
  ["an encrypted password", { EncryptedPassword: "x" }, "InvalidParameter.GenericParameterError"],
])("refuses %s", async (_name, body, code) => {
  expect(await errorCode(emulator, reset(body))).toBe(code);
  expect(await opens(emulator, type, app, "abcd8765_.")).toBe(true);
});

test.each([
  [{ instanceStatus: 1 }, "ResourceUnavailable.InstanceHasBeenLocked"],
  [{ instanceStatus: -1 }, "ResourceUnavailable.InstanceStatusAbnormal"],
  [{ instanceStatus: -2 }, "ResourceUnavailable.InstanceAlreadyDeleted"],
  [{ instanceDeleted: true }, "ResourceUnavailable.InstanceAlreadyDeleted"],
  [{ deleted: true }, "FailedOperation.ResetPasswordFailed"],
  [{ instanceStatus: 2 }, undefined],
])("an account with %p gets %p", async (fields, code) => {
  await post(emulator, "accounts", { tencentcloud: { mariadb: [{ ...app, ...fields }] } });
  expect(await errorCode(emulator, reset())).toBe(code);
});

test("DescribeAccounts lists 150 accounts at once; a reset or an edit moves UpdateTime", async () => {
  const many = await start({
    accounts: {
      tencentcloud: {
        mariadb: Array.from({ length: 150 }, (_, index) => ({
          ...app,
          userName: `app${index}`,
          password: "abcd8765_.",
        })),
      },
    },
  });
  const list = async () =>
    (
      await api(many, {
        service: "mariadb",
        action: "DescribeAccounts",
        body: { InstanceId: "tdsql-fdpjf5zh" },
      })
    )["Users"];
  const before = await list();
  expect(before).toHaveLength(150);
  expect(before[149]).toMatchObject({
    UserName: "app149",
    Host: "10.%",
    CreateTime: "2024-01-01 08:00:00",
    UpdateTime: "2024-01-01 08:00:00",
  });
  await api(many, reset({ UserName: "app149" }));
  const after = await list();
  expect(after[149].CreateTime).toBe("2024-01-01 08:00:00");
  expect(after[149].UpdateTime > "2026").toBe(true);
  expect(after[148]).toEqual(before[148]);
  const edited = { instanceId: "tdsql-fdpjf5zh", userName: "app148", host: "10.%" };
  await post(many, "accounts", {
    tencentcloud: { mariadb: [{ ...edited, description: "of the shop" }] },
  });
  const [last] = (await list()).slice(148);
  expect(last.Description).toBe("of the shop");
  expect(last.UpdateTime > "2026").toBe(true);
});

test("DescribeDBInstances lists the instances that are there, with their status", async () => {
  const list = (InstanceIds: string[]) =>
    api(emulator, { service: "mariadb", action: "DescribeDBInstances", body: { InstanceIds } });
  expect(await list(["tdsql-fdpjf5zh"])).toMatchObject({
    TotalCount: 1,
    Instances: [{ InstanceId: "tdsql-fdpjf5zh", Status: 2, Locker: 0 }],
  });
  expect(await list(["tdsql-none"])).toMatchObject({ TotalCount: 0, Instances: [] });
  await post(emulator, "accounts", {
    tencentcloud: { mariadb: [{ ...app, instanceDeleted: true }] },
  });
  expect(await list(["tdsql-fdpjf5zh"])).toMatchObject({ TotalCount: 0 });
});
