// The logins, at the real servers: what each of them calls a wrong password, and what says nothing of it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { logInToMariadb } from "../../provider/verification/mariadb-login";
import { logInToPostgresql } from "../../provider/verification/postgresql-login";
import { logInToRedis } from "../../provider/verification/redis-login";
import { logInToRegistry } from "../../provider/verification/registry-login";
import type { Verdict, Verify } from "../../provider/verification/verification";
import { selfSignedCertificate } from "../certificate";
import { mariadbAdmin, psqlAdmin, redisAdmin } from "../servers/clients";
import { describeWithServers } from "../servers/find-servers";
import { startMariadb } from "../servers/mariadb";
import { startPostgresql } from "../servers/postgresql";
import type { PrivateServer } from "../servers/private-server";
import { startRedis } from "../servers/redis";
import { startRegistry } from "../servers/registry";

const right = "Right-pass_1";
const wrong = "Wrong-pass_1";
const ms = 4999.5; // what is left of a time is seldom a whole number
const accepted = { kind: "accepted" };

function at({ host, port }: PrivateServer, more: Verify = {}): Verify {
  return { host, port, ...more };
}

function refused({ port }: PrivateServer, code: string): Verdict {
  return { kind: "refused", says: `127.0.0.1:${port} refused it (${code})` };
}

function says(text: string) {
  return { kind: "inconclusive", says: expect.stringContaining(text) as string };
}

/** Every way in which the certificate can be wrong, and the right ones. */
async function testTls(
  { folder, port, ca }: { folder: string; port: number; ca: string | undefined },
  logIn: (verify: Verify) => Promise<Verdict>,
): Promise<void> {
  const caFile = join(folder, "trusted.pem");
  const otherFile = join(folder, "other.pem");
  writeFileSync(caFile, ca ?? "");
  writeFileSync(otherFile, selfSignedCertificate().cert);
  const named = { caFile, serverName: "localhost" };
  expect(await logIn({ host: "127.0.0.1", port, tls: named })).toEqual(accepted);
  expect(await logIn({ host: "localhost", port, tls: { caFile } })).toEqual(accepted);
  const foreign: NonNullable<Verify["tls"]>[] = [
    true,
    { caFile: otherFile, serverName: "localhost" },
    { caFile, serverName: "db.example.com" },
  ];
  for (const tls of foreign)
    expect(await logIn({ host: "localhost", port, tls })).toEqual(says("no login at localhost"));
}

describeWithServers("MariaDB", ["mariadb"], () => {
  const logIn = (verify: Verify, password = right, user = "app") =>
    logInToMariadb({ userName: user }, password, verify, ms);

  test("takes the right password alone", async () => {
    const server = await startMariadb({ tls: true });
    await mariadbAdmin(server, `CREATE USER app@'%' IDENTIFIED BY '${right}'; CREATE DATABASE closed`); // prettier-ignore
    expect(await logIn(at(server))).toEqual(accepted);
    expect(await logIn(at(server), wrong)).toEqual(refused(server, "ER_ACCESS_DENIED_ERROR"));
    expect(await logIn(at(server), right, "nobody")).toEqual(refused(server, "ER_ACCESS_DENIED_ERROR")); // prettier-ignore
    for (const database of ["closed", "missing"])
      expect(await logIn(at(server, { database }))).toEqual(accepted);
    await testTls({ ...server, ca: server.ca }, logIn);

    await mariadbAdmin(server, `CREATE USER shared@'10.%' IDENTIFIED BY '${wrong}'; CREATE USER shared@'%' IDENTIFIED BY '${right}'`); // prettier-ignore
    await mariadbAdmin(server, `CREATE USER expired@'%' IDENTIFIED BY '${right}' PASSWORD EXPIRE`);
    expect(await logIn(at(server), right, "expired")).toEqual(accepted);
    const shared = (host: string) =>
      logInToMariadb({ userName: "shared", host }, right, at(server), ms);
    expect(await shared("%")).toEqual(accepted);
    expect(await shared("10.%")).toEqual(says("as another account of that name"));

    await mariadbAdmin(server, "SET GLOBAL max_connections = 10");
    await mariadbAdmin(server, "ALTER USER app@'%' WITH MAX_USER_CONNECTIONS 1 ACCOUNT LOCK");
    expect(await logIn(at(server))).toEqual(says("(ER_ACCOUNT_HAS_BEEN_LOCKED)"));
    await server.stop();
    expect(await logIn(at(server))).toEqual(says("(ECONNREFUSED)"));
  });

  test("that offers no TLS is sent nothing where TLS is wanted", async () => {
    const server = await startMariadb();
    await mariadbAdmin(server, `CREATE USER app@'%' IDENTIFIED BY '${right}'`);
    const verify = { host: "localhost", port: server.port, tls: true };
    expect(await logIn(verify)).toEqual(says("HANDSHAKE_NO_SSL_SUPPORT"));
  });
});

describeWithServers("PostgreSQL", ["postgresql"], () => {
  const logIn = (verify: Verify, password = right, user = "app") =>
    logInToPostgresql({ userName: user }, password, verify, ms);

  test("takes the right password alone", async () => {
    const server = await startPostgresql({ tls: true });
    await psqlAdmin(server, `CREATE ROLE app LOGIN PASSWORD '${right}'; CREATE DATABASE closed; REVOKE CONNECT ON DATABASE closed FROM PUBLIC`); // prettier-ignore
    expect(await logIn(at(server))).toEqual(accepted);
    expect(await logIn(at(server), wrong)).toEqual(refused(server, "28P01"));
    expect(await logIn(at(server), right, "nobody")).toEqual(refused(server, "28P01"));
    for (const database of ["closed", "missing"]) {
      expect(await logIn(at(server, { database }))).toEqual(accepted);
      expect(await logIn(at(server, { database }), wrong)).toEqual(refused(server, "28P01"));
    }
    await testTls({ ...server, ca: server.ca }, logIn);

    await psqlAdmin(server, "ALTER ROLE app NOLOGIN");
    expect(await logIn(at(server))).toEqual(says("(28000)"));
    await server.stop();
    expect(await logIn(at(server))).toEqual(says("(ECONNREFUSED)"));
  });

  test("that asks for it in clear gets it with TLS only", async () => {
    const server = await startPostgresql({ tls: true });
    await psqlAdmin(server, `CREATE ROLE app LOGIN PASSWORD '${right}'`);
    const rules = join(server.folder, "data", "pg_hba.conf");
    writeFileSync(rules, "host all app 127.0.0.1/32 password\nhost all all 127.0.0.1/32 scram-sha-256\n"); // prettier-ignore
    await psqlAdmin(server, "SELECT pg_reload_conf()");
    expect(await logIn(at(server))).toEqual(says("(PASSWORD_ASKED_WITHOUT_TLS)"));
    const caFile = join(server.folder, "trusted.pem");
    writeFileSync(caFile, server.ca ?? "");
    expect(await logIn(at(server, { tls: { caFile, serverName: "localhost" } }))).toEqual(accepted);
  });

  test("that asks for no password proves nothing", async () => {
    const server = await startPostgresql();
    await psqlAdmin(server, `CREATE ROLE app LOGIN PASSWORD '${right}'`);
    const rules = join(server.folder, "data", "pg_hba.conf");
    writeFileSync(
      rules,
      "host all app 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n",
    );
    await psqlAdmin(server, "SELECT pg_reload_conf()");
    const says = `127.0.0.1:${server.port} lets this account in without asking for a password`;
    for (const password of [right, wrong])
      expect(await logIn(at(server), password)).toEqual({ kind: "inconclusive", says });
  });
});

describeWithServers("Redis", ["redis"], () => {
  const logIn = (verify: Verify, password = right) => logInToRedis({}, password, verify, ms);

  test("takes the right password alone", async () => {
    const server = await startRedis({ password: right, tls: true });
    expect(await logIn(at(server))).toEqual(accepted);
    expect(await logIn(at(server), wrong)).toEqual(refused(server, "WRONGPASS"));
    await testTls({ folder: server.folder, port: 0, ca: undefined, ...server.tls }, logIn);

    await redisAdmin(server, "ACL", "SETUSER", "reader", "on", "nopass", "resetpass", `>${right}`);
    expect(await logIn(at(server, { userName: "reader" }))).toEqual(accepted);
    expect(await logIn(at(server, { userName: "reader" }), wrong)).toEqual(refused(server, "WRONGPASS")); // prettier-ignore
    await redisAdmin(server, "ACL", "SETUSER", "anybody", "on", "nopass");
    expect(await logIn(at(server, { userName: "anybody" }))).toEqual(says("takes any password"));
    await redisAdmin(server, "CONFIG", "SET", "requirepass", `crs-1:${right}`);
    expect(await logIn(at(server, { passwordPrefix: "crs-1:" }))).toEqual(accepted);
    expect(await logIn(at(server))).toEqual(refused(server, "WRONGPASS"));

    await redisAdmin(server, "CONFIG", "SET", "requirepass", "");
    for (const password of [right, wrong])
      expect(await logIn(at(server), password)).toEqual(says("without asking for a password"));
    await server.stop();
    expect(await logIn(at(server))).toEqual(says("(ECONNREFUSED)"));
  });
});

describeWithServers("a registry", ["registry"], () => {
  const logIn = (verify: Verify, password = right) =>
    logInToRegistry("tcr$robot", password, verify, { timeoutMs: ms, onlyLoopback: true });

  test.each([false, true])("takes the right password alone (TLS: %p)", async (tls) => {
    const server = await startRegistry({ accounts: { tcr$robot: right }, tls });
    if (tls) return testTls({ ...server, ca: server.ca }, logIn);
    expect(await logIn(at(server))).toEqual(accepted);
    expect(await logIn(at(server), wrong)).toEqual(refused(server, "HTTP status 401"));
    await server.stop();
    expect(await logIn(at(server))).toEqual(says("there is no login at"));
  });
});
