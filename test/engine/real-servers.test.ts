// The proof is the login: passwords that the real engine sets by the emulated vendors in real servers, and what the
// servers' plain clients say of them.
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { createClient } from "redis";
import type { PasswordPolicy } from "../../provider/password/policy";
import { mariadbPolicy, postgresqlPolicy, redisPolicy, tcrPolicy } from "../password/policies";
import {
  type Login,
  mariadbAdmin,
  mariadbLogin,
  psqlAdmin,
  psqlLogin,
  redisAdmin,
  redisLogin,
  registryLogin,
} from "../servers/clients";
import { describeWithServers, serverKinds } from "../servers/find-servers";
import { type Mariadb, startMariadb } from "../servers/mariadb";
import { hardPasswords } from "../servers/passwords";
import { type Postgresql, startPostgresql } from "../servers/postgresql";
import { type Redis, startRedis } from "../servers/redis";
import { type Registry, startRegistry } from "../servers/registry";
import { amount, randomNumbers, record } from "../torture";
import { type BackendsFile, newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/** Accounts of each server that change in one run, and one more that is killed. */
const accounts = 50;
const killed = accounts;
const first = "Old-pass-1";
const { enough, seed, timeoutMs } = amount("logins", accounts);
jest.setTimeout(timeoutMs);

interface Kind {
  readonly name: string;
  readonly className: string;
  readonly policy: PasswordPolicy;
  /** Arguments of the resource. */
  readonly args: (n: number) => object;
  readonly verify: (n: number) => object;
  /** With the server's plain client. */
  readonly login: (n: number, password: string) => Promise<Login>;
}

let mariadb: Mariadb;
let postgresql: Postgresql;
let redis: Redis;
let registry: Registry;
let emulator: TestEmulator;

const instance = { mariadb: "tdsql-1", postgresql: "postgres-1", registry: "tcr-1" };
const each = Array.from({ length: accounts + 1 }, (_, n) => n);
/** Redis knows its first account by no name: it is the one of `requirepass`. */
const redisUser = (n: number) => (n === 0 ? undefined : `app${n}`);

const kinds: readonly Kind[] = [
  {
    name: "mariadb",
    className: "tencentcloud.MariadbAccountPassword",
    policy: mariadbPolicy,
    args: (n) => ({ instanceId: instance.mariadb, userName: `app${n}`, host: "%" }),
    verify: () => ({ host: mariadb.host, port: mariadb.port }),
    login: (n, password) => mariadbLogin(mariadb, `app${n}`, password),
  },
  {
    name: "postgresql",
    className: "tencentcloud.PostgresqlAccountPassword",
    policy: postgresqlPolicy,
    args: (n) => ({ instanceId: instance.postgresql, userName: `app${n}` }),
    verify: () => ({ host: postgresql.host, port: postgresql.port }),
    login: (n, password) => psqlLogin(postgresql, `app${n}`, password),
  },
  {
    name: "redis",
    className: "tencentcloud.RedisInstancePassword",
    policy: redisPolicy,
    args: (n) => ({ instanceId: `crs-${n}`, currentPassword: first }),
    verify: (n) => ({ host: redis.host, port: redis.port, userName: redisUser(n) }),
    login: (n, password) => redisLogin(redis, password, redisUser(n)),
  },
  {
    name: "registry",
    className: "tencentcloud.TcrServiceAccountPassword",
    policy: tcrPolicy,
    args: (n) => ({ registryId: instance.registry, accountName: `robot${n}` }),
    verify: () => ({ host: registry.host, port: registry.port }),
    login: (n, password) => registryLogin(registry, `tcr$robot${n}`, password),
  },
];

/** Even accounts have generated passwords, odd ones the hardest that their policy allows. */
const isGenerated = (n: number) => n % 2 === 0;

/** @param which Numbers of the accounts, of each kind. */
function program(which: readonly number[], release: number): string {
  const resources = kinds.flatMap(({ name, className, args, verify }) =>
    which.map((n) => {
      const id = JSON.stringify(`${name}${n}`);
      const password = isGenerated(n)
        ? `new RotatingPassword(${id}, { policy: ${className}.policy, keepers: { release: "${release}" } })`
        : `passwords.apply((all) => all[${id}]!)`;
      const plain = JSON.stringify({ ...args(n), verify: verify(n) });
      return `all[${id}] = new ${className}(${id}, { ...${plain}, password: ${password} });`;
    }),
  );
  return `import * as pulumi from "@pulumi/pulumi";
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const passwords = new pulumi.Config().requireSecretObject("passwords") as any;
const all: any = {};
${resources.join("\n")}
const outputs = (name: string) =>
  Object.fromEntries(Object.entries(all).map(([id, account]: any) => [id, account[name]]));
export const live = outputs("password");
export const verification = outputs("verification");
`;
}

type Outputs = Readonly<Record<"live" | "verification", Readonly<Record<string, string>>>>;

const outputsOf = async (stack: Stack) => (await stack.outputs()) as unknown as Outputs;

/** @returns What is wanted of the odd accounts. */
async function configure(
  stack: Stack,
  which: readonly number[],
  next: readonly Generator<string>[],
): Promise<Record<string, string>> {
  const wanted = Object.fromEntries(
    kinds.flatMap(({ name }, kind) =>
      which
        .filter((n) => !isGenerated(n))
        .map((n) => [`${name}${n}`, next[kind]!.next().value as string]),
    ),
  );
  await stack.config.set("passwords", JSON.stringify(wanted), { secret: true });
  return wanted;
}

/** Connections that are open before a change, and what they can do after it. */
async function openConnections(): Promise<() => Promise<string[]>> {
  const [user, password] = ["app0", first];
  const inMariadb = await createConnection({ ...place(mariadb), user, password });
  const inPostgresql = new Client({ ...place(postgresql), user, password, database: "postgres" });
  await inPostgresql.connect();
  const inRedis = createClient({ socket: { ...place(redis), reconnectStrategy: false }, password });
  await inRedis.connect();
  const said = (answer: Promise<unknown>) => answer.then(() => "works", () => "fails"); // prettier-ignore
  return async () => {
    const all = [
      await said(inMariadb.query("SELECT 1")),
      await said(inPostgresql.query("SELECT 1")),
      await said(inRedis.ping()),
    ];
    inMariadb.destroy();
    await inPostgresql.end();
    inRedis.destroy();
    return all;
  };
}

function place({ host, port }: { host: string; port: number }) {
  return { host, port };
}

describeWithServers("real servers", serverKinds, () => {
  beforeAll(async () => {
    const robots = Object.fromEntries(each.map((n) => [`tcr$robot${n}`, first]));
    [mariadb, postgresql, redis, registry] = await Promise.all([
      startMariadb(),
      startPostgresql(),
      startRedis({ password: first }),
      startRegistry({ accounts: robots }),
    ]);
    const statements = (statement: (name: string) => string) =>
      each.map((n) => `${statement(`app${n}`)};`).join("\n");
    await mariadbAdmin(mariadb, statements((name) => `CREATE USER ${name}@'%' IDENTIFIED BY '${first}'`)); // prettier-ignore
    await psqlAdmin(postgresql, statements((name) => `CREATE ROLE ${name} LOGIN PASSWORD '${first}'`)); // prettier-ignore
    for (const n of each.slice(1))
      await redisAdmin(redis, "ACL", "SETUSER", `app${n}`, "on", `>${first}`, "+@all");

    const backends: BackendsFile = {
      tencentcloud: {
        mariadb: [{ instanceId: instance.mariadb, ...place(mariadb), ...mariadb.admin }],
        postgresql: [
          { instanceId: instance.postgresql, ...place(postgresql), ...postgresql.admin },
        ],
        redis: each.map((n) => ({
          instanceId: `crs-${n}`,
          ...place(redis),
          ...redis.admin,
          ...(n === 0 ? {} : { account: `app${n}` }),
        })),
        tcr: [{ registryId: instance.registry, htpasswdFile: registry.htpasswdFile }],
      },
    };
    const [inMariadb, inPostgresql, inRedis, inRegistry] = kinds.map(({ args }) =>
      each.map((n) => {
        const { currentPassword: _, ...identity } = args(n) as { currentPassword?: string };
        return { ...identity, password: first };
      }),
    );
    emulator = await newEmulator({
      backends,
      accounts: {
        tencentcloud: {
          mariadb: inMariadb!,
          postgresql: inPostgresql!,
          redis: inRedis!,
          tcr: inRegistry!,
        },
      },
    });
  });

  test("what is set logs in, byte for byte, what was set before no more, and open connections go on", async () => {
    const which = each.slice(0, accounts);
    const next = kinds.map(({ policy }) => hardPasswords(policy, randomNumbers(seed)));
    const stack = await newStack({ env: emulator.environment });
    let before: Readonly<Record<string, string>> = {};
    const stillOpen = await openConnections();
    for (let release = 1; ; release++) {
      const wanted = await configure(stack, which, next);
      stack.setProgram(program(which, release));
      await stack.up({ timeoutMs: 300_000 });
      const { live, verification } = await outputsOf(stack);
      expect(live).toMatchObject(wanted);
      expect(new Set(Object.values(verification))).toEqual(new Set(["accepted"]));
      for (const { name, login } of kinds) {
        for (const n of which) {
          const id = `${name}${n}`;
          expect([id, await login(n, live[id]!)]).toEqual([id, "open"]);
          expect([id, await login(n, before[id] ?? first)]).toEqual([id, "refused"]);
        }
        record("logins", { [`${name} on the engine`]: which.length });
      }
      if (release === 1) expect(await stillOpen()).toEqual(["works", "works", "works"]);
      before = live;
      if (enough(release * accounts)) break;
    }
    expect((await stack.up()).changes).toMatchObject({ same: expect.any(Number) as number });
  });

  test("killed between the effect and the answer: after the recovery the password logs in", async () => {
    const stack = await newStack({ env: emulator.environment });
    await configure(stack, [killed], []);
    stack.setProgram(program([killed], 1));
    await stack.up();
    const before = (await outputsOf(stack)).live;

    await emulator.addFaults(
      ...(
        ["ResetAccountPassword", "ModifyServiceAccountPassword", "DescribeTaskInfo"] as const
      ).map((action) => ({ action, when: "after", what: "hang", times: 100 }) as const),
    );
    stack.setProgram(program([killed], 2));
    const run = stack.spawnUp();
    for (const { name, login } of kinds) {
      // The new one is live already.
      const deadline = Date.now() + 30_000;
      while ((await login(killed, before[`${name}${killed}`]!)) === "open")
        if (Date.now() > deadline) throw new Error(`${name} does not change:\n${run.text()}`);
    }
    await run.killAll();
    await stack.endProcesses();
    await emulator.clearFaults();
    await stack.cancel();
    await stack.up();
    const { live, verification } = await outputsOf(stack);
    for (const { name, login } of kinds) {
      const id = `${name}${killed}`;
      expect([id, verification[id], await login(killed, live[id]!)]).toEqual([id, "accepted", "open"]); // prettier-ignore
      expect([id, await login(killed, before[id]!)]).toEqual([id, "refused"]);
    }
  });

  test("a login that the server refuses: confirmed, and the next up only logs in", async () => {
    const stack = await newStack({ env: emulator.environment });
    await configure(stack, [killed], []);
    stack.setProgram(program([killed], 3));
    await stack.up();
    await mariadbAdmin(mariadb, `ALTER USER app${killed}@'%' IDENTIFIED BY 'Somebody-elses-1'`);
    const elsewhere = [`"port":${mariadb.port}`, `"port":${redis.port}`] as const;
    stack.setProgram(program([killed], 3).replaceAll(...elsewhere));
    await stack.up();
    expect((await outputsOf(stack)).verification).toMatchObject({
      [`mariadb${killed}`]: "inconclusive",
    });
    const written = (await emulator.writes()).length;
    stack.setProgram(
      program([killed], 3).replaceAll('"verify":{', '"verify":{"timeoutSeconds":1,'),
    );
    for (const refresh of [false, true]) {
      if (refresh) await stack.refresh();
      const { text } = await stack.up({ expect: "failure" });
      expect(text).toMatch(/refused it \(ER_ACCESS_DENIED_ERROR\).*VERIFICATION_REFUSED/);
      const { outputs } = await stack.resource(`MariadbAccountPassword::mariadb${killed}`);
      expect(outputs).toMatchObject({ status: "confirmed", verification: "refused", revision: 1 });
    }
    expect(await emulator.writes()).toHaveLength(written);
    const { live } = await outputsOf(stack);
    await mariadbAdmin(mariadb, `ALTER USER app${killed}@'%' IDENTIFIED BY '${live[`mariadb${killed}`]!.replace(/['\\]/g, "\\$&")}'`); // prettier-ignore
    await stack.up();
    expect((await outputsOf(stack)).verification).toMatchObject({
      [`mariadb${killed}`]: "accepted",
    });
    expect((await stack.preview()).text).not.toContain("to update");
    expect(await emulator.writes()).toHaveLength(written);
  });
});
