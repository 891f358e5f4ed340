import type { Emulator } from "../../../emulator";
import { opens, post, sleep, start, until } from "../support/emulator";
import { api, errorCode } from "../support/tencentcloud";

const type = "tencentcloud:PostgresqlAccountPassword";
const app = { instanceId: "postgres-lnp6j617", userName: "app" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await start({
    accounts: { tencentcloud: { postgresql: [{ ...app, password: "1234Qwer()" }] } },
  });
});
beforeEach(async () => {
  await post(emulator, "reset");
});

function reset(body: object = {}) {
  return {
    service: "postgres",
    action: "ResetAccountPassword",
    body: {
      DBInstanceId: "postgres-lnp6j617",
      UserName: "app",
      Password: "5678Rewq()",
      ...body,
    },
  } as const;
}

function list(body: object = {}) {
  return {
    service: "postgres",
    action: "DescribeAccounts",
    body: { DBInstanceId: "postgres-lnp6j617", ...body },
  } as const;
}

async function details(of: Emulator = emulator) {
  return (await api(of, list()))["Details"][0];
}

test("until the reset is done the account has status 4 and the old password logs in", async () => {
  await post(emulator, "accounts", { tencentcloud: { postgresql: [{ ...app, resetMs: 400 }] } });
  const before = await details();
  expect(before).toMatchObject({ Status: 2, PasswordUpdateTime: "0000-00-00 00:00:00" });
  expect(await api(emulator, reset())).toEqual({ RequestId: expect.any(String) });
  expect(await details()).toMatchObject({
    Status: 4,
    PasswordUpdateTime: before.PasswordUpdateTime,
  });
  expect(await opens(emulator, type, app, "1234Qwer()")).toBe(true);
  expect(await opens(emulator, type, app, "5678Rewq()")).toBe(false);
  const after = await until(details, ({ Status }) => Status === 2);
  expect(await opens(emulator, type, app, "5678Rewq()")).toBe(true);
  expect(await opens(emulator, type, app, "1234Qwer()")).toBe(false);
  expect(after.PasswordUpdateTime > "2026").toBe(true);
  expect(after.UpdateTime > before.UpdateTime).toBe(true);
});

test("a second reset meanwhile is accepted and wins", async () => {
  await api(emulator, reset());
  await api(emulator, reset({ Password: "9999Last()" }));
  await until(details, ({ Status }) => Status === 2);
  expect(await opens(emulator, type, app, "9999Last()")).toBe(true);
});

test.each([
  ["1Qwer()", "InvalidParameterValue.InvalidPasswordLengthError"],
  ["1234Qwer()".repeat(4), "InvalidParameterValue.InvalidPasswordLengthError"],
  ["1234qwer()", "InvalidParameterValue.InvalidPasswordValueError"],
  ["1234QWER()", "InvalidParameterValue.InvalidPasswordValueError"],
  ["abcdQwer()", "InvalidParameterValue.InvalidPasswordValueError"],
  ["1234Qwer56", "InvalidParameterValue.InvalidPasswordValueError"],
  ["/1234Qwer()", "InvalidParameterValue.InvalidPasswordValueError"],
  ['1234Qwer"', "InvalidParameterValue.InvalidPasswordValueError"],
  ["1234Qwerä()", "InvalidParameterValue.InvalidPasswordFormat"],
  ["1234Qwer;'", undefined],
])("the password %p gets %p", async (Password, code) => {
  expect(await errorCode(emulator, reset({ Password }))).toBe(code);
});

test.each([
  ["an unknown account", { UserName: "nobody" }, "InvalidParameterValue.AccountNotExistError"],
  [
    "an unknown instance",
    { DBInstanceId: "postgres-none" },
    "ResourceNotFound.InstanceNotFoundError",
  ],
  ["MariaDB's parameter", { InstanceId: "postgres-lnp6j617" }, "UnknownParameter"],
])("refuses %s", async (_name, body, code) => {
  expect(await errorCode(emulator, reset(body))).toBe(code);
});

test.each([
  [{ cam: true }, "FailedOperation.CheckAccountCAMCloseError"],
  [{ deleted: true }, "InvalidParameterValue.AccountNotExistError"],
  [{ instanceDeleted: true }, "ResourceNotFound.InstanceNotFoundError"],
  [{ instanceStatus: "isolated" }, "OperationDenied.InstanceStatusLimitError"],
])("an account with %p gets %p", async (fields, code) => {
  await post(emulator, "accounts", { tencentcloud: { postgresql: [{ ...app, ...fields }] } });
  expect(await errorCode(emulator, reset())).toBe(code);
  await sleep(200); // longer than a reset: it had no effect
  const { json } = await post(emulator, "login", { type, account: app, password: "5678Rewq()" });
  expect(json).toEqual({ ok: false });
});

describe("DescribeAccounts", () => {
  test("TotalCount is the number of rows in the answer; 250 accounts take three pages", async () => {
    const many = await start({
      accounts: {
        tencentcloud: {
          postgresql: Array.from({ length: 250 }, (_, index) => ({
            ...app,
            userName: `app${String(index).padStart(3, "0")}`,
            password: "1234Qwer()",
          })),
        },
      },
    });
    const page = (body: object) => api(many, list(body));
    expect((await page({}))["TotalCount"]).toBe(20);
    expect((await page({ Limit: 100 }))["TotalCount"]).toBe(100);
    const last = await page({ Limit: 100, Offset: 200 });
    expect(last["TotalCount"]).toBe(50);
    expect(last["Details"].at(-1).UserName).toBe("app249");
    const sorted = await page({ Limit: 1, OrderBy: "name", OrderByType: "desc" });
    expect(sorted["Details"][0].UserName).toBe("app249");
  });

  test.each([{ Limit: 0 }, { Limit: 101 }, { Offset: -1 }, { OrderBy: "password" }])(
    "refuses %p",
    async (body) => {
      expect(await errorCode(emulator, list(body))).toBe(
        "InvalidParameterValue.InvalidParameterValueError",
      );
    },
  );

  test("shows status, CAM and type of an account, and lacks a deleted one", async () => {
    const set = (fields: object) =>
      post(emulator, "accounts", { tencentcloud: { postgresql: [{ ...app, ...fields }] } });
    await set({ cam: true, status: 5 });
    expect(await details()).toMatchObject({
      UserName: "app",
      Status: 5,
      OpenCam: true,
      UserType: "normal",
    });
    expect(await opens(emulator, type, app, "1234Qwer()")).toBe(false); // locked
    await set({ deleted: true });
    expect(await details()).toBeUndefined();
  });
});

test("DescribeDBInstanceAttribute shows the instance's status, or that there is none", async () => {
  const attribute = (DBInstanceId: string) =>
    ({
      service: "postgres",
      action: "DescribeDBInstanceAttribute",
      body: { DBInstanceId },
    }) as const;
  expect((await api(emulator, attribute("postgres-lnp6j617")))["DBInstance"]).toMatchObject({
    DBInstanceId: "postgres-lnp6j617",
    DBInstanceStatus: "running",
  });
  expect(await errorCode(emulator, attribute("postgres-none"))).toBe(
    "ResourceNotFound.InstanceNotFoundError",
  );
});
