import type { Emulator } from "../../../emulator";
import { get, opens, post, start } from "../support/emulator";
import { api, type ApiAnswer, errorCode } from "../support/tencentcloud";

const type = "tencentcloud:TcrServiceAccountPassword";
const robot = { registryId: "tcr-gijwqid7", accountName: "robot" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

function change(body: object = {}) {
  return {
    service: "tcr",
    action: "ModifyServiceAccountPassword",
    body: {
      RegistryId: "tcr-gijwqid7",
      Name: "robot",
      Random: false,
      Password: "NewPass123",
      ...body,
    },
  } as const;
}

test.each(["robot", "tcr$robot"])("changes the password of %s and echoes it", async (Name) => {
  expect(await api(emulator, change({ Name }))).toEqual({
    Password: "NewPass123",
    RequestId: expect.any(String),
  });
  expect(await opens(emulator, type, robot, "NewPass123")).toBe(true);
  expect(await opens(emulator, type, { ...robot, accountName: "tcr$robot" }, "NewPass123")).toBe(
    true,
  );
  expect(await opens(emulator, type, robot, "OldPass123")).toBe(false);
});

test("Random draws 32 characters, another password each time", async () => {
  const passwords = new Set<string>();
  for (let count = 0; count < 3; count++) {
    const { Password } = await api(emulator, change({ Random: true, Password: undefined }));
    expect(Password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await opens(emulator, type, robot, Password)).toBe(true);
    passwords.add(Password);
  }
  expect(passwords.size).toBe(3);
});

test.each([
  ["Short1A", "InvalidParameter"],
  ["NewPass123NewPass1234", "InvalidParameter"],
  ["newpass123", "InvalidParameter"],
  ["NEWPASS123", "InvalidParameter"],
  ["NewPassword", "InvalidParameter"],
  [undefined, "InvalidParameter"],
  ["NewPass1", undefined],
  ["NewPass123NewPass123", undefined],
  ["NewPass123!", undefined],
])("the password %p gets %p", async (Password, code) => {
  expect(await errorCode(emulator, change({ Password }))).toBe(code);
  expect(await opens(emulator, type, robot, "OldPass123")).toBe(code !== undefined);
});

test.each([
  ["an unknown account", { Name: "nobody" }, "FailedOperation"],
  ["an unknown registry", { RegistryId: "tcr-none" }, "InvalidParameter"],
])("refuses %s", async (_name, body, code) => {
  expect(await errorCode(emulator, change(body))).toBe(code);
});

test.each([
  [{ deleted: true }, "FailedOperation"],
  [{ instanceDeleted: true }, "InvalidParameter"],
  [{ instanceStatus: "Isolate" }, "OperationDenied"],
  [{ disabled: true }, undefined],
  [{ expiresAt: 1 }, undefined],
])("an account that is %p gets %p", async (fields, code) => {
  await post(emulator, "accounts", { tencentcloud: { tcr: [{ ...robot, ...fields }] } });
  expect(await errorCode(emulator, change())).toBe(code);
  // A disabled or expired account takes the password, and logs nobody in.
  expect(await opens(emulator, type, robot, "NewPass123")).toBe(false);
});

describe("DescribeServiceAccounts", () => {
  const list = (body: object = {}) =>
    ({
      service: "tcr",
      action: "DescribeServiceAccounts",
      body: { RegistryId: "tcr-gijwqid7", ...body },
    }) as const;
  const names = (answer: ApiAnswer): string[] =>
    answer["ServiceAccounts"].map(({ Name }: { Name: string }) => Name);

  test("shows the account with its prefix, flags and times, never a password", async () => {
    const [account] = (await api(emulator, list()))["ServiceAccounts"];
    expect(account).toEqual({
      Name: "tcr$robot",
      Description: "",
      Disable: false,
      ExpiresAt: expect.any(Number),
      CreateTime: "2024-01-01T08:00:00+08:00",
      UpdateTime: "2024-01-01T08:00:00+08:00",
      Permissions: [],
    });
    await post(emulator, "accounts", {
      tencentcloud: { tcr: [{ ...robot, disabled: true, expiresAt: 1_700_000_000_000 }] },
    });
    expect((await api(emulator, list()))["ServiceAccounts"][0]).toMatchObject({
      Disable: true,
      ExpiresAt: 1_700_000_000_000,
    });
  });

  test("a change of the password moves UpdateTime", async () => {
    const updateTime = async () =>
      (await api(emulator, list()))["ServiceAccounts"][0].UpdateTime as string;
    const before = await updateTime();
    await api(emulator, change());
    const after = await updateTime();
    expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
    expect(Math.abs(Date.parse(after) - Date.now())).toBeLessThan(5000);
  });

  test.each([{ description: "of the build" }, { disabled: true }])(
    "another edit (%p) moves UpdateTime too",
    async (edit) => {
      const account = async () => (await api(emulator, list()))["ServiceAccounts"][0];
      const before = await account();
      await post(emulator, "accounts", { tencentcloud: { tcr: [{ ...robot, ...edit }] } });
      const after = await account();
      expect(Date.parse(after.UpdateTime)).toBeGreaterThan(Date.parse(before.UpdateTime));
      expect([after.Description, after.Disable]).toEqual([
        edit.description ?? "",
        edit.disabled ?? false,
      ]);
    },
  );

  test("ServiceAccounts is null where there are none, and an unknown registry is an error", async () => {
    const none = list({ Filters: [{ Name: "ServiceAccountName", Values: ["nobody"] }] });
    expect(await api(emulator, none)).toMatchObject({ ServiceAccounts: null, TotalCount: 0 });
    expect(await errorCode(emulator, list({ RegistryId: "tcr-none" }))).toBe("ResourceNotFound");
  });

  test("pages 250 accounts by 20 or by Limit, at most 100, all of them with All", async () => {
    const many = await start({
      accounts: {
        tencentcloud: {
          tcr: Array.from({ length: 250 }, (_, index) => ({
            registryId: "tcr-gijwqid7",
            accountName: `robot-${index}`,
            password: "OldPass123",
          })),
        },
      },
    });
    expect(names(await api(many, list()))).toHaveLength(20);
    expect(names(await api(many, list({ Limit: 1000 })))).toHaveLength(100);
    const last = await api(many, list({ Limit: 100, Offset: 200 }));
    expect(last["TotalCount"]).toBe(250);
    expect(names(last).at(-1)).toBe("tcr$robot-249");
    expect(names(await api(many, list({ All: true })))).toHaveLength(250);
    const filter = { Name: "ServiceAccountName", Values: ["tcr$robot-123", "robot-7"] };
    expect(names(await api(many, list({ Filters: [filter] })))).toEqual([
      "tcr$robot-7",
      "tcr$robot-123",
    ]);
  });

  test("lacks a deleted account", async () => {
    await post(emulator, "accounts", { tencentcloud: { tcr: [{ ...robot, deleted: true }] } });
    expect(await api(emulator, list())).toMatchObject({ ServiceAccounts: null, TotalCount: 0 });
  });
});

test("DescribeInstances lists the registries that are there", async () => {
  const list = (body: object) =>
    api(emulator, { service: "tcr", action: "DescribeInstances", body });
  expect(await list({})).toMatchObject({
    TotalCount: 1,
    Registries: [{ RegistryId: "tcr-gijwqid7", Status: "Running" }],
  });
  expect(await list({ Registryids: ["tcr-none"] })).toMatchObject({
    TotalCount: 0,
    Registries: [],
  });
  await post(emulator, "accounts", {
    tencentcloud: { tcr: [{ ...robot, instanceDeleted: true }] },
  });
  expect(await list({ Registryids: ["tcr-gijwqid7"] })).toMatchObject({ TotalCount: 0 });
  const { json } = await get(emulator, "accounts");
  expect(json.tencentcloud.tcr[0]).toEqual({
    ...robot,
    password: "OldPass123",
    instanceDeleted: true,
  });
});
