import type { AccountsFile } from "../../emulator";
import { parseAccountPatches, parseAccountsFile } from "../../emulator/accounts-file";
import { defaultAccounts } from "../../emulator/default-accounts";

const secret = "Zq9-kept-out-of-texts";
const redis = { instanceId: "crs-1", password: secret };

function textOf(file: unknown, parse: (json: unknown) => unknown = parseAccountsFile): string {
  try {
    parse(file);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("takes the quickstart's five, each of another kind", () => {
  const { accounts } = parseAccountsFile(defaultAccounts);
  expect(accounts.map(({ kind }) => kind.list)).toEqual([
    "tcr",
    "mariadb",
    "postgresql",
    "redis",
    "servicecomb",
  ]);
});

test("takes every optional field", () => {
  const everyAccount = {
    region: "ap-guangzhou",
    createTime: "2025-01-01T00:00:00Z",
    modifiedTime: "2025-02-01T00:00:00Z",
    deleted: false,
    instanceDeleted: false,
    password: secret,
  };
  const file: AccountsFile = {
    tencentcloud: {
      tcr: [
        {
          ...everyAccount,
          registryId: "tcr-1",
          accountName: "tcr$robot",
          description: "of the build",
          disabled: true,
          expiresAt: 1,
          instanceStatus: "Running",
          deny: ["DescribeInstances"],
        },
      ],
      mariadb: [
        {
          ...everyAccount,
          instanceId: "tdsql-1",
          userName: "a",
          host: "%",
          description: "of the shop",
          instanceStatus: 2,
        },
      ],
      postgresql: [
        {
          ...everyAccount,
          instanceId: "postgres-1",
          userName: "a",
          status: 2,
          cam: true,
          instanceStatus: "running",
          passwordModifiedTime: "2025-02-01T00:00:00Z",
          resetMs: 0,
        },
      ],
      redis: [
        {
          ...everyAccount,
          ...redis,
          status: 2,
          noAuth: true,
          instanceStatus: 2,
          passwordModifiedTime: "2025-02-01T00:00:00Z",
          taskMs: 1000,
        },
      ],
    },
    huaweicloud: {
      servicecombGeneration: "2025-06",
      servicecomb: [
        {
          ...everyAccount,
          engineId: "engine-1",
          accountName: "alice",
          projectId: "p",
          roles: ["admin"],
          status: "inactive",
        },
      ],
    },
  };
  const { accounts, generation } = parseAccountsFile(file);
  expect(generation).toBe("2025-06");
  expect(accounts).toHaveLength(5);
  expect(accounts[0]?.fields.accountName).toBe("robot");
});

test.each([
  ["no object", [], /^accounts: must be an object$/],
  ["another vendor", { aws: {} }, /^accounts: unknown field "aws"; known: tencentcloud, /],
  ["another service", { tencentcloud: { cvm: [] } }, /^tencentcloud: unknown field "cvm"/],
  ["no list", { tencentcloud: { redis: {} } }, /^tencentcloud\.redis: must be a list$/],
  [
    "a missing identity",
    { tencentcloud: { redis: [redis, { password: secret }] } },
    /^tencentcloud\.redis\[1\]: instanceId is missing$/,
  ],
  [
    "a missing password",
    { tencentcloud: { redis: [{ instanceId: "crs-1" }] } },
    /^tencentcloud\.redis\[0\]: password is missing$/,
  ],
  [
    "an empty password",
    { tencentcloud: { redis: [{ ...redis, password: "" }] } },
    /^tencentcloud\.redis\[0\]\.password: must be a text that is not empty$/,
  ],
  [
    "a field of another kind",
    { tencentcloud: { redis: [{ ...redis, roles: [] }] } },
    /^tencentcloud\.redis\[0\]: unknown field "roles"; known: instanceId, region, password, /,
  ],
  [
    "a status of another type",
    { tencentcloud: { redis: [{ ...redis, instanceStatus: "running" }] } },
    /\.instanceStatus: must be a whole number$/,
  ],
  [
    "a time that is none",
    { tencentcloud: { redis: [{ ...redis, modifiedTime: "yesterday" }] } },
    /\.modifiedTime: must be an ISO time$/,
  ],
  [
    "a negative duration",
    { tencentcloud: { redis: [{ ...redis, taskMs: -1 }] } },
    /\.taskMs: must be milliseconds/,
  ],
  [
    "an action that does not exist",
    { tencentcloud: { redis: [{ ...redis, deny: ["ModfiyPassword"] }] } },
    /\.deny: no such action; known: ModifyInstancePassword, /,
  ],
  [
    "null",
    { tencentcloud: { redis: [{ ...redis, noAuth: null }] } },
    /^tencentcloud\.redis\[0\]\.noAuth: must not be null$/,
  ],
  [
    "the same account twice",
    { tencentcloud: { redis: [redis, redis] } },
    /^tencentcloud\.redis\[1\]: the same account as tencentcloud\.redis\[0\]$/,
  ],
  [
    "the same TCR account with and without prefix",
    {
      tencentcloud: {
        tcr: ["robot", "tcr$robot"].map((accountName) => ({
          registryId: "tcr-1",
          accountName,
          password: secret,
        })),
      },
    },
    /the same account as tencentcloud\.tcr\[0\]$/,
  ],
  [
    "another generation",
    { huaweicloud: { servicecombGeneration: "v1" } },
    /^huaweicloud\.servicecombGeneration: must be "v2" or "2025-06"$/,
  ],
])("refuses %s, says where, and shows no password", (_name, file, text) => {
  expect(textOf(file)).toMatch(text);
  expect(textOf(file)).not.toContain(secret);
});

test("the same instance in two regions is two accounts", () => {
  const regions = ["ap-guangzhou", "ap-beijing"].map((region) => ({ ...redis, region }));
  expect(parseAccountsFile({ tencentcloud: { redis: regions } }).accounts).toHaveLength(2);
});

test("parseAccountPatches() needs no password, and takes null for an optional field only", () => {
  const patch = (fields: object) => ({
    tencentcloud: { redis: [{ instanceId: "crs-1", ...fields }] },
  });
  expect(textOf(patch({ noAuth: null }), parseAccountPatches)).toBe("");
  expect(textOf(patch({ password: null }), parseAccountPatches)).toMatch(
    /password: must be a text/,
  );
});
