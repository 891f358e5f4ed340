// The emulator with real servers behind it: what a vendor's call sets is what the server's plain client logs in with.
import { renameSync } from "node:fs";
import { connect } from "node:net";
import { type AccountsFile, type BackendsFile, type Emulator } from "../../emulator";
import type { PasswordPolicy } from "../../provider/password/policy";
import { commonCodes } from "../../provider/tencentcloud/error-codes";
import { get, post, sleep, start, until } from "../emulator/support/emulator";
import { api, type ApiAnswer, type ApiCall } from "../emulator/support/tencentcloud";
import { mariadbPolicy, postgresqlPolicy, redisPolicy, tcrPolicy } from "../password/policies";
import { startTcpServer } from "../servers";
import { amount, randomNumbers, record } from "../torture";
import {
  type Login,
  mariadbAdmin,
  mariadbLogin,
  psqlAdmin,
  psqlLogin,
  redisAdmin,
  redisLogin,
  registryLogin,
} from "./clients";
import { describeWithServers, type ServerKind } from "./find-servers";
import { startMariadb } from "./mariadb";
import { startPostgresql } from "./postgresql";
import { hardPasswords } from "./passwords";
import { startRedis } from "./redis";
import { startRegistry } from "./registry";

jest.setTimeout(amount("logins", 50).timeoutMs);

const first = "Old-pass-1";
/** How long a task or a reset takes here: longer than a call and two logins. */
const slowMs = 1500;

/** One account of one server. */
interface Subject {
  readonly backends: BackendsFile;
  readonly accounts: AccountsFile;
  /** With the server's plain client. */
  login(password: string): Promise<Login>;
  /** The vendor's call that sets the password. */
  change(password: string, live: string): ApiCall;
  /** Takes the server away, and brings it back. */
  down(): Promise<void>;
  up(): Promise<void>;
}

interface Suite {
  readonly name: string;
  readonly kind: ServerKind;
  readonly list: "tcr" | "mariadb" | "postgresql" | "redis";
  readonly policy: PasswordPolicy;
  /** How long the vendor takes is a field of the account: the change comes after the answer. */
  readonly later?: "resetMs" | "taskMs";
  start(): Promise<Subject>;
}

const suites: readonly Suite[] = [
  {
    name: "MariaDB",
    kind: "mariadb",
    list: "mariadb",
    policy: mariadbPolicy,
    start: async () => {
      const server = await startMariadb();
      // The mode in which a backslash is a character like any other: no client may take the default for granted.
      await mariadbAdmin(server, "SET GLOBAL sql_mode='NO_BACKSLASH_ESCAPES'");
      await mariadbAdmin(server, `CREATE USER app@'127.%' IDENTIFIED BY '${first}'`);
      const { host, port, admin } = server;
      const instanceId = "tdsql-1";
      return {
        backends: { tencentcloud: { mariadb: [{ instanceId, host, port, ...admin }] } },
        accounts: {
          tencentcloud: {
            mariadb: [{ instanceId, userName: "app", host: "127.%", password: first }],
          },
        },
        login: (password) => mariadbLogin(server, "app", password),
        change: (password) => ({
          service: "mariadb",
          action: "ResetAccountPassword",
          body: { InstanceId: instanceId, UserName: "app", Host: "127.%", Password: password },
        }),
        down: server.stop,
        up: server.start,
      };
    },
  },
  {
    name: "PostgreSQL",
    kind: "postgresql",
    list: "postgresql",
    policy: postgresqlPolicy,
    later: "resetMs",
    start: async () => {
      const server = await startPostgresql();
      await psqlAdmin(server, `CREATE ROLE "App" LOGIN PASSWORD '${first}'`);
      const { host, port, admin } = server;
      const instanceId = "postgres-1";
      return {
        backends: { tencentcloud: { postgresql: [{ instanceId, host, port, ...admin }] } },
        accounts: {
          tencentcloud: {
            postgresql: [{ instanceId, userName: "App", password: first, resetMs: 0 }],
          },
        },
        login: (password) => psqlLogin(server, "App", password),
        change: (password) => ({
          service: "postgres",
          action: "ResetAccountPassword",
          body: { DBInstanceId: instanceId, UserName: "App", Password: password },
        }),
        down: server.stop,
        up: server.start,
      };
    },
  },
  {
    name: "Redis",
    kind: "redis",
    list: "redis",
    policy: redisPolicy,
    later: "taskMs",
    start: async () => {
      const server = await startRedis({ password: first });
      const { host, port, admin } = server;
      const instanceId = "crs-1";
      return {
        backends: { tencentcloud: { redis: [{ instanceId, host, port, ...admin }] } },
        accounts: { tencentcloud: { redis: [{ instanceId, password: first, taskMs: 0 }] } },
        login: (password) => redisLogin(server, password),
        change: (password, live) => ({
          service: "redis",
          action: "ModifyInstancePassword",
          body: { InstanceId: instanceId, OldPassword: live, Password: password },
        }),
        down: server.stop,
        up: server.start,
      };
    },
  },
  {
    name: "the registry",
    kind: "registry",
    list: "tcr",
    policy: tcrPolicy,
    start: async () => {
      const server = await startRegistry({
        accounts: { tcr$other: "Other-pass-1", tcr$robot: first },
      });
      const { htpasswdFile } = server;
      const registryId = "tcr-1";
      return {
        backends: { tencentcloud: { tcr: [{ registryId, htpasswdFile }] } },
        accounts: {
          tencentcloud: { tcr: [{ registryId, accountName: "robot", password: first }] },
        },
        login: (password) => registryLogin(server, "tcr$robot", password),
        change: (password) => ({
          service: "tcr",
          action: "ModifyServiceAccountPassword",
          body: { RegistryId: registryId, Name: "robot", Random: false, Password: password },
        }),
        // The file is all that the emulator has of this server.
        down: async () => renameSync(htpasswdFile, `${htpasswdFile}.away`),
        up: async () => renameSync(`${htpasswdFile}.away`, htpasswdFile),
      };
    },
  },
];

for (const { name, kind, list, policy, later, ...suite } of suites)
  describeWithServers(`${name} behind the emulator`, [kind], () => {
    let subject: Subject;
    let emulator: Emulator;
    let live = first;
    let errorLines: string;

    beforeAll(async () => {
      subject = await suite.start();
      const { accounts, backends } = subject;
      emulator = await start({ accounts, backends });
    });

    beforeEach(() => {
      errorLines = "";
      jest.spyOn(process.stderr, "write").mockImplementation((text) => {
        errorLines += String(text);
        return true;
      });
    });
    afterEach(() => jest.restoreAllMocks());

    const recorded = async (): Promise<string> =>
      (await get(emulator, "accounts")).json.tencentcloud[list][0].password;

    /** Fields of the account, set from outside. */
    const patch = async (fields: object) => {
      const [account] = subject.accounts.tencentcloud![list]!;
      const { password: _, resetMs: __, taskMs: ___, ...identity } = account!;
      return post(emulator, "accounts", {
        tencentcloud: { [list]: [{ ...identity, ...fields }] },
      });
    };

    /** One vendor's call, past the rate limit. */
    const call = async (password: string): Promise<ApiAnswer> => {
      await post(emulator, "clock", { advanceSeconds: 2 });
      return api(emulator, subject.change(password, live));
    };

    /** Sets it by the vendor's call, and waits until the vendor has done it. */
    const change = async (password: string) => {
      expect((await call(password)).Error).toBeUndefined();
      await until(recorded, (now) => now === password);
      live = password;
    };

    const logins = async (...passwords: string[]) =>
      Promise.all(passwords.map((password) => subject.login(password)));

    test("every password of the policy logs in after its change, and the one before it no more", async () => {
      const { seed, enough } = amount("logins", 50);
      let done = 0;
      for (const password of hardPasswords(policy, randomNumbers(seed))) {
        const before = live;
        await change(password);
        expect([password, await logins(password, before)]).toEqual([password, ["open", "refused"]]);
        if (enough(++done)) break;
      }
      record("logins", { [name]: done });
      expect(errorLines).toBe("");
    });

    test(
      later === undefined
        ? "the answer comes after the change"
        : "the change comes after the answer, when the vendor has done it",
      async () => {
        const before = live;
        if (later === undefined) {
          await call("Synchron-1");
          expect(await logins("Synchron-1", before)).toEqual(["open", "refused"]);
        } else {
          await patch({ [later]: slowMs });
          await call("Synchron-1");
          expect(await logins("Synchron-1", before)).toEqual(["refused", "open"]);
          await until(recorded, (password) => password === "Synchron-1");
          expect(await logins("Synchron-1", before)).toEqual(["open", "refused"]);
          await patch({ [later]: 0 });
        }
        live = "Synchron-1";
      },
    );

    test("a late effect comes late to the server, and an effect without an answer comes", async () => {
      const before = live;
      await post(emulator, "faults", [{ when: "before", what: `lateEffect:${slowMs}` }]);
      await expect(call("Late-pass-1")).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(await logins("Late-pass-1", before)).toEqual(["refused", "open"]);
      await until(recorded, (password) => password === "Late-pass-1");
      live = "Late-pass-1";
      await post(emulator, "faults", [{ when: "after", what: "reset" }]);
      await expect(call("Unheard-1")).rejects.toMatchObject({ code: "ECONNRESET" });
      await until(recorded, (password) => password === "Unheard-1");
      expect(await logins("Unheard-1", "Late-pass-1", before)).toEqual([
        "open",
        "refused",
        "refused",
      ]);
      live = "Unheard-1";
    });

    test("a change outside of the vendor is one in the server, whatever the password", async () => {
      for (const password of ['it\'s \\ "out" -- ; $$ \\', "\\' OR '1'='1", "Outside-1"]) {
        const before = live;
        expect((await patch({ password })).status).toBe(200);
        expect([password, await logins(password, before)]).toEqual([password, ["open", "refused"]]);
        live = password;
      }
    });

    test("of changes at once, the recorded one logs in", async () => {
      const passwords = Array.from({ length: 8 }, (_, n) => `At-once-${n}`);
      await Promise.all(passwords.map((password) => patch({ password })));
      live = await recorded();
      const open = passwords.filter((password) => password === live);
      expect(open).toHaveLength(1);
      for (const password of passwords)
        expect([password, await logins(password)]).toEqual([
          password,
          [password === live ? "open" : "refused"],
        ]);
    });

    test("a server that is down: the outcome is unknown, the record stays; then it goes on", async () => {
      const before = live;
      await subject.down();
      try {
        const { Error: error, TaskId: task } = await call("Down-pass-1");
        if (list === "redis") {
          const status = await until(
            async () =>
              (
                await api(emulator, {
                  service: "redis",
                  action: "DescribeTaskInfo",
                  body: { TaskId: task },
                })
              )["Status"],
            (now) => now !== "preparing" && now !== "running",
          );
          expect(status).toBe("failed");
        } else {
          expect(commonCodes[error!.Code]).toMatchObject({ outcome: "unknown" });
        }
        expect(await recorded()).toBe(before);
        const outside = await patch({ password: "Down-pass-2" });
        expect(outside).toMatchObject({
          status: 502,
          json: { error: expect.stringMatching(/was not set: \w+$/) },
        });
        expect(await recorded()).toBe(before);
        const line = new RegExp(
          `^pulumi-account-passwords emulator: tencentcloud\\.${list}\\[0\\]: .* was not set: (ECONNREFUSED|ENOENT)$`,
        );
        const lines = errorLines.trimEnd().split("\n");
        expect(lines).toHaveLength(2);
        for (const each of lines) expect(each).toMatch(line);
        expect(errorLines + outside.text + error?.Message).not.toMatch(/Down-pass|Root-of-tests/);
      } finally {
        await subject.up();
      }
      await change("Up-again-1");
      expect(await logins("Up-again-1", "Down-pass-1")).toEqual(["open", "refused"]);
    });

    test("a reset of the emulator takes the server back; a start sets nothing", async () => {
      expect((await post(emulator, "reset")).status).toBe(200);
      expect(await logins(first, live)).toEqual(["open", "refused"]);
      live = first;
      const elsewhere = structuredClone(subject.accounts);
      elsewhere.tencentcloud![list]![0]!.password = "Elsewhere-1";
      await start({ accounts: elsewhere, backends: subject.backends });
      await sleep(200);
      expect(await logins(first, "Elsewhere-1")).toEqual(["open", "refused"]);
    });

    test("what the vendor has begun is done before the emulator ends", async () => {
      if (later !== undefined) await patch({ [later]: 60_000 });
      await call("At-the-end-1");
      await emulator.close();
      expect(await logins("At-the-end-1", live)).toEqual(["open", "refused"]);
    });
  });

describeWithServers("Redis without an administrator", ["redis"], () => {
  test("the account sets its own password, takes it off and puts one on again", async () => {
    const server = await startRedis({ password: first });
    const { host, port } = server;
    const emulator = await start({
      accounts: { tencentcloud: { redis: [{ instanceId: "crs-1", password: first, taskMs: 0 }] } },
      backends: { tencentcloud: { redis: [{ instanceId: "crs-1", host, port }] } },
    });
    const reset = async (body: object) => {
      const action = "ResetPassword";
      await api(emulator, { service: "redis", action, body: { InstanceId: "crs-1", ...body } });
      await sleep(300);
    };
    const whatDefaultNeeds = async () =>
      (await redisAdmin(server, "ACL", "LIST"))
        .split("\n")
        .find((line) => /user default/.test(line));
    await reset({ Password: "Second-1" });
    expect(await redisLogin(server, "Second-1")).toBe("open");
    expect(await redisLogin(server, first)).toBe("refused");
    await reset({ NoAuth: true });
    expect(await whatDefaultNeeds()).toContain("nopass");
    await reset({ Password: "Third-1x" });
    expect(await whatDefaultNeeds()).not.toContain("nopass");
    expect(await redisLogin(server, "Third-1x")).toBe("open");
    expect(await redisLogin(server, "Second-1")).toBe("refused");
  });

  test("with `account` it is that account's password, and none is made", async () => {
    const server = await startRedis({ password: first });
    await redisAdmin(server, "ACL", "SETUSER", "app", "on", `>${first}`, "~*", "&*", "+@all");
    const { host, port, admin } = server;
    const emulator = await start({
      accounts: {
        tencentcloud: {
          redis: ["crs-1", "crs-2"].map((instanceId) => ({ instanceId, password: first })),
        },
      },
      backends: {
        tencentcloud: {
          redis: [
            { instanceId: "crs-1", host, port, account: "app" },
            { instanceId: "crs-2", host, port, ...admin, account: "nobody" },
          ],
        },
      },
    });
    const change = (instanceId: string) =>
      post(emulator, "accounts", {
        tencentcloud: { redis: [{ instanceId, password: "Second-1" }] },
      });
    expect((await change("crs-1")).status).toBe(200);
    expect(await redisLogin(server, "Second-1", "app")).toBe("open");
    expect(await redisLogin(server, first, "app")).toBe("refused");
    expect(await redisLogin(server, first)).toBe("open");
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await change("crs-2")).toMatchObject({
      status: 502,
      json: { error: expect.stringContaining("there is no such account") },
    });
    jest.restoreAllMocks();
  });
});

describeWithServers("MariaDB that is slow", ["mariadb"], () => {
  test("a change that has begun is done before the emulator ends, whoever still listens", async () => {
    const server = await startMariadb();
    await mariadbAdmin(server, `CREATE USER app@'127.%' IDENTIFIED BY '${first}'`);
    let connected = 0;
    const port = await startTcpServer((client) => {
      connected++;
      const upstream = connect(server.port, server.host, () => {
        setTimeout(() => client.pipe(upstream).pipe(client), 500);
      });
    });
    const account = { instanceId: "tdsql-1", userName: "app", host: "127.%" };
    const emulator = await start({
      accounts: { tencentcloud: { mariadb: [{ ...account, password: first }] } },
      backends: {
        tencentcloud: { mariadb: [{ instanceId: "tdsql-1", port, ...server.admin }] },
      },
    });
    const change = { tencentcloud: { mariadb: [{ ...account, password: "Second-1" }] } };
    const lost = post(emulator, "accounts", change).catch((error: { code: string }) => error.code);
    while (connected === 0) await sleep(10);
    await emulator.close();
    expect(await lost).toBe("ECONNRESET");
    expect(await mariadbLogin(server, "app", "Second-1")).toBe("open");
  });
});

describeWithServers("an account that the server does not have", ["mariadb", "postgresql"], () => {
  test("is an unknown outcome, and stderr has the server's code", async () => {
    const [mariadb, postgresql] = await Promise.all([startMariadb(), startPostgresql()]);
    const emulator = await start({
      backends: {
        tencentcloud: {
          mariadb: [
            {
              instanceId: "tdsql-fdpjf5zh",
              socketPath: mariadb.socketPath,
              ...mariadb.admin,
            },
          ],
          postgresql: [
            {
              instanceId: "postgres-lnp6j617",
              host: postgresql.folder,
              port: postgresql.port,
              ...postgresql.admin,
            },
          ],
        },
      },
    });
    const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const calls: ApiCall[] = [
      {
        service: "mariadb",
        action: "ResetAccountPassword",
        body: {
          InstanceId: "tdsql-fdpjf5zh",
          UserName: "app",
          Host: "10.%",
          Password: "New-pass-1",
        },
      },
      {
        service: "postgres",
        action: "ResetAccountPassword",
        body: { DBInstanceId: "postgres-lnp6j617", UserName: "app", Password: "New-pass-1" },
      },
    ];
    const codes = [];
    for (const call of calls) codes.push((await api(emulator, call)).Error?.Code);
    const lines = stderr.mock.calls.map(([line]) => String(line));
    jest.restoreAllMocks();
    expect(codes).toEqual(["InternalError", "InternalError"]);
    expect(lines).toEqual([
      "pulumi-account-passwords emulator: tencentcloud.mariadb[0]: the password of tdsql-fdpjf5zh app 10.% was not set: ER_CANNOT_USER\n",
      "pulumi-account-passwords emulator: tencentcloud.postgresql[0]: the password of postgres-lnp6j617 app was not set: there is no such role\n",
    ]);
  });

  test("PostgreSQL: a reset that fails has not ended before a later one has", async () => {
    const server = await startPostgresql();
    await psqlAdmin(server, `CREATE ROLE app LOGIN PASSWORD '${first}'`);
    const { host, port, admin } = server;
    const instanceId = "postgres-1";
    const emulator = await start({
      accounts: {
        tencentcloud: {
          postgresql: [{ instanceId, userName: "app", password: first, resetMs: 300 }],
        },
      },
      backends: { tencentcloud: { postgresql: [{ instanceId, host, port, ...admin }] } },
    });
    const body = { DBInstanceId: instanceId };
    const reset = async (Password: string) => {
      const action = "ResetAccountPassword";
      const call = {
        service: "postgres",
        action,
        body: { ...body, UserName: "app", Password },
      } as const;
      expect((await api(emulator, call)).Error).toBeUndefined();
    };
    const status = async () =>
      (await api(emulator, { service: "postgres", action: "DescribeAccounts", body }))["Details"][0]
        .Status;
    const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    await reset("Lost-pass-1");
    await server.stop();
    while (stderr.mock.calls.length === 0) await sleep(50);
    jest.restoreAllMocks();
    expect(await status()).toBe(4);
    await server.start();
    await reset("Kept-pass-1");
    await until(status, (now) => now === 2);
    expect(await psqlLogin(server, "app", "Kept-pass-1")).toBe("open");
    expect(await psqlLogin(server, "app", "Lost-pass-1")).toBe("refused");
  });
});
