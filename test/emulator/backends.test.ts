// The backends file, and what becomes of a password that a server takes late or not at all. Real servers: test/servers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as peers from "../../provider/optional-peers";
import { type BackendsFile, startEmulator } from "../../emulator";
import { kinds } from "../../emulator/account-record";
import { Accounts } from "../../emulator/accounts";
import { parseAccountsFile } from "../../emulator/accounts-file";
import { BackendError, Backends, parseBackendsFile } from "../../emulator/backends";
import type { Backend } from "../../emulator/backends/backend";
import { defaultAccounts } from "../../emulator/default-accounts";
import { closedPort } from "../servers";
import { get, post, sleep, start } from "./support/emulator";

const secret = "Zq9-kept-out-of-texts";
const { accounts } = parseAccountsFile(defaultAccounts);
const mariadb = { instanceId: "tdsql-fdpjf5zh", user: "root", password: secret };
const postgresql = { instanceId: "postgres-lnp6j617", user: "postgres", password: secret };
const redis = { instanceId: "crs-5a4p1234" };
const tcr = { registryId: "tcr-gijwqid7", htpasswdFile: "/nowhere/htpasswd" };

function textOf(file: unknown): string {
  try {
    parseBackendsFile(file, accounts);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("parseBackendsFile() takes one server of each kind, with and without its options", () => {
  const least = { tcr: [tcr], mariadb: [mariadb], postgresql: [postgresql], redis: [redis] };
  const place = { host: "localhost", port: 12345 };
  const most: BackendsFile = {
    tencentcloud: {
      ...least,
      mariadb: [{ ...mariadb, ...place, socketPath: "/run/mysqld/mysqld.sock" }],
      postgresql: [{ ...postgresql, port: 1, host: "/var/run/postgresql", database: "orders" }],
      redis: [{ ...redis, host: "::1", port: 65535, account: "app", user: "admin", password: "x" }],
    },
  };
  for (const file of [{ tencentcloud: least }, most])
    expect(parseBackendsFile(file, accounts).map(({ at, instance }) => [at, instance])).toEqual([
      ["tencentcloud.tcr[0]", "tcr-gijwqid7"],
      ["tencentcloud.mariadb[0]", "tdsql-fdpjf5zh"],
      ["tencentcloud.postgresql[0]", "postgres-lnp6j617"],
      ["tencentcloud.redis[0]", "crs-5a4p1234"],
    ]);
  expect(parseBackendsFile({}, accounts)).toEqual([]);
});

test.each([
  ["no object", [], /^backends: must be an object$/],
  ["another vendor", { huaweicloud: {} }, /^backends: unknown field "huaweicloud"; known: tenc/],
  ["another service", { tencentcloud: { mysql: [] } }, /^tencentcloud: unknown field "mysql"; /],
  ["no list", { tencentcloud: { redis: {} } }, /^tencentcloud\.redis: must be a list$/],
  [
    "an unknown field",
    { tencentcloud: { mariadb: [{ ...mariadb, ssl: true }] } },
    /^tencentcloud\.mariadb\[0\]: unknown field "ssl"; known: instanceId, /,
  ],
  [
    "a missing instance",
    { tencentcloud: { redis: [redis, {}] } },
    /^tencentcloud\.redis\[1\]: instanceId is missing$/,
  ],
  [
    "a missing user",
    { tencentcloud: { postgresql: [{ ...postgresql, user: undefined }] } },
    /^tencentcloud\.postgresql\[0\]: user is missing$/,
  ],
  [
    "a missing file",
    { tencentcloud: { tcr: [{ registryId: "tcr-gijwqid7" }] } },
    /^tencentcloud\.tcr\[0\]: htpasswdFile is missing$/,
  ],
  [
    "a password that is no text",
    { tencentcloud: { mariadb: [{ ...mariadb, password: [secret] }] } },
    /^tencentcloud\.mariadb\[0\]\.password: must be a text that is not empty$/,
  ],
  [
    "no port",
    { tencentcloud: { redis: [{ ...redis, port: 65536 }] } },
    /^tencentcloud\.redis\[0\]\.port: must be a port, 1 to 65535$/,
  ],
  [
    "the same instance twice",
    { tencentcloud: { redis: [redis, redis] } },
    /^tencentcloud\.redis\[1\]: the same instance as tencentcloud\.redis\[0\]$/,
  ],
  [
    "an instance that no account has",
    { tencentcloud: { redis: [{ instanceId: "crs-other" }] } },
    /^tencentcloud\.redis\[0\]: no account has this instanceId$/,
  ],
])("parseBackendsFile() refuses %s, says where, and shows no password", (_name, file, text) => {
  expect(textOf(file)).toMatch(text);
  expect(textOf(file)).not.toContain(secret);
});

test.each([
  "db.example.com",
  "10.0.0.5",
  "0.0.0.0",
  "127.0.0.1.example.com",
  "127.0.0.1@example.com",
  "localhost.example.com",
  "",
  "run/postgresql",
])("a rehearsal never reaches another machine: %j is refused", (host) => {
  for (const [list, server] of Object.entries({ mariadb, postgresql, redis }))
    expect(textOf({ tencentcloud: { [list]: [{ ...server, host }] } })).toMatch(
      new RegExp(`^tencentcloud\\.${list}\\[0\\]\\.host: must be a loopback address: `),
    );
});

describe("a driver that is not installed", () => {
  afterEach(() => jest.restoreAllMocks());

  test("stops the start where it is needed, and the text names the package to install", async () => {
    const { loadPeer } = peers;
    jest
      .spyOn(peers, "loadPeer")
      .mockImplementation((name) => (name === "mysql2" ? undefined : loadPeer(name)));
    expect(textOf({ tencentcloud: { redis: [redis] } })).toBe("");
    const text = "tencentcloud.mariadb[0]: needs the package mysql2: npm install --save-dev mysql2";
    expect(textOf({ tencentcloud: { mariadb: [mariadb] } })).toBe(text);
    const folder = mkdtempSync(join(tmpdir(), "backends-"));
    const backends = join(folder, "backends.json");
    writeFileSync(backends, JSON.stringify({ tencentcloud: { mariadb: [mariadb] } }));
    await expect(startEmulator({ backends })).rejects.toThrow(`${backends}: ${text}`);
    rmSync(folder, { recursive: true });
  });
});

describe("a change", () => {
  /** What the server was told, in its order. */
  let told: string[];
  let lines: string[];

  function accountsBehind(setPassword: Backend["setPassword"]) {
    told = [];
    lines = [];
    const listed = {
      list: "mariadb",
      instance: "tdsql-fdpjf5zh",
      at: "tencentcloud.mariadb[0]",
      backend: { setPassword },
    } as const;
    const backends = new Backends([listed], (line) => lines.push(line));
    const all = new Accounts(parseAccountsFile(defaultAccounts), undefined, undefined, backends);
    return { all, account: all.of(kinds.mariadb)[0]! };
  }

  test("of an account waits for the one before it", async () => {
    const { all, account } = accountsBehind(async (_account, password) => {
      await sleep(password === "First-1" ? 100 : 0);
      told.push(password);
    });
    const first = all.setPassword(account, "First-1");
    const second = all.setPassword(account, "Second-1");
    await Promise.all([first, second]);
    expect(told).toEqual(["First-1", "Second-1"]);
    expect(account.record.password).toBe("Second-1");
  });

  test("is recorded when the server has taken it, which idle() waits for", async () => {
    const { all, account } = accountsBehind(async () => sleep(50));
    const change = all.setPassword(account, "First-1");
    await sleep(10);
    expect(account.record.password).toBe("abcd8765_.");
    await all.idle();
    expect(account.record.password).toBe("First-1");
    await change;
  });

  test("that a server refuses changes nothing, is told without a password, and stops no later one", async () => {
    const { all, account } = accountsBehind(async (_account, password) => {
      if (password !== "First-1") return;
      throw Object.assign(new Error(`refused: ${password}`), { code: `not a code: ${password}` });
    });
    const before = structuredClone(account.record);
    const error = await all.setPassword(account, "First-1").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BackendError);
    expect(account.record).toEqual(before);
    expect(lines).toEqual([
      "pulumi-account-passwords emulator: tencentcloud.mariadb[0]: the password of tdsql-fdpjf5zh app 10.% was not set: Error",
    ]);
    expect(String(error) + (error as Error).stack).not.toContain("First-1");
    await all.setPassword(account, "Second-1");
    expect(account.record.password).toBe("Second-1");
  });

  test("of another field, or of another instance, is none of the server's", async () => {
    const { all, account } = accountsBehind(async (_account, password) => {
      told.push(password);
    });
    const { instanceId, userName, host } = account.record;
    await all.patch({
      accounts: [
        {
          kind: kinds.mariadb,
          at: "",
          fields: { instanceId: instanceId!, userName: userName!, host: host!, deleted: true },
        },
      ],
    });
    await all.setPassword(all.of(kinds.tcr)[0]!, "First-1");
    expect(told).toEqual([]);
  });
});

test("where no server listens, a change from outside is refused, and the record stays", async () => {
  const port = await closedPort();
  const emulator = await start({
    backends: {
      tencentcloud: {
        mariadb: [{ ...mariadb, port }],
        postgresql: [{ ...postgresql, port }],
        redis: [{ ...redis, port }],
        tcr: [tcr],
      },
    },
  });
  const before = (await get(emulator, "accounts")).json;
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const texts = [];
  for (const list of ["mariadb", "postgresql", "redis", "tcr"] as const) {
    const { password: _, ...identity } = defaultAccounts.tencentcloud![list]![0]!;
    const changed = { tencentcloud: { [list]: [{ ...identity, password: "New-pass-1" }] } };
    const { status, text } = await post(emulator, "accounts", changed);
    expect(status).toBe(502);
    texts.push(text);
  }
  const lines = stderr.mock.calls.map(([line]) => String(line));
  jest.restoreAllMocks();
  expect((await get(emulator, "accounts")).json).toEqual(before);
  expect(lines.map((line) => line.replace(/^.*: /, ""))).toEqual([
    "ECONNREFUSED\n",
    "ECONNREFUSED\n",
    "ECONNREFUSED\n",
    "ENOENT\n",
  ]);
  for (const text of [...texts, ...lines])
    expect(text).not.toMatch(/New-pass-1|Zq9|OldPass|abcd8765|1234Qwer|zy45Old/);
});
