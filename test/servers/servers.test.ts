// The private servers themselves: what the tests that use them take for granted.
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  mariadbAdmin,
  mariadbLogin,
  psqlAdmin,
  psqlLogin,
  redisAdmin,
  redisLogin,
  registryLogin,
} from "./clients";
import { describeWithServers } from "./find-servers";
import { startMariadb } from "./mariadb";
import { startPostgresql } from "./postgresql";
import type { PrivateServer } from "./private-server";
import { startRedis } from "./redis";
import { startRegistry } from "./registry";

const password = "Old-pass-1";

async function isListening({ host, port }: PrivateServer): Promise<boolean> {
  const socket = connect(port, host);
  const open = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  socket.destroy();
  return open;
}

async function stopsAndStartsAgain(server: PrivateServer): Promise<void> {
  await server.stop();
  expect(await isListening(server)).toBe(false);
  await server.start();
  expect(await isListening(server)).toBe(true);
}

describeWithServers("MariaDB", ["mariadb"], () => {
  test("lets accounts in by their password, and keeps them over a restart", async () => {
    const server = await startMariadb({ tls: true });
    await mariadbAdmin(server, `CREATE USER app@'%' IDENTIFIED BY '${password}'`);
    await stopsAndStartsAgain(server);
    expect(await mariadbLogin(server, "app", password)).toBe("open");
    expect(await mariadbLogin(server, "app", "another")).toBe("refused");
    const tls = await mariadbAdmin(server, "SELECT @@have_ssl");
    expect(tls).toBe("YES");
  });
});

describeWithServers("PostgreSQL", ["postgresql"], () => {
  test("lets accounts in by their password, and keeps them over a restart", async () => {
    const server = await startPostgresql({ tls: true });
    await psqlAdmin(server, `CREATE ROLE app LOGIN PASSWORD '${password}'`);
    await stopsAndStartsAgain(server);
    expect(await psqlLogin(server, "app", password)).toBe("open");
    expect(await psqlLogin(server, "app", "another")).toBe("refused");
    const stored = await psqlAdmin(server, "SELECT rolpassword FROM pg_authid WHERE rolname='app'");
    expect(stored).toMatch(/^SCRAM-SHA-256\$/);
    // psql takes TLS where it is offered.
    expect(await psqlAdmin(server, "SELECT ssl FROM pg_stat_ssl WHERE pid=pg_backend_pid()")).toBe(
      "t",
    );
  });
});

describeWithServers("Redis", ["redis"], () => {
  test("lets accounts in by their password, in clear and with TLS", async () => {
    const server = await startRedis({ password, tls: true });
    await stopsAndStartsAgain(server);
    expect(await redisLogin(server, password)).toBe("open");
    expect(await redisLogin(server, "another")).toBe("refused");
    expect(await redisAdmin(server, "ACL", "WHOAMI")).toBe("admin");
    const { port, ca } = server.tls!;
    const socket = connectTls({ host: server.host, port, ca });
    await once(socket, "secureConnect");
    socket.destroy();
  });
});

describeWithServers("the registry", ["registry"], () => {
  test.each([false, true])("lets accounts in by their password (TLS: %j)", async (tls) => {
    const server = await startRegistry({ accounts: { tcr$robot: password }, tls });
    await stopsAndStartsAgain(server);
    expect(await registryLogin(server, "tcr$robot", password)).toBe("open");
    expect(await registryLogin(server, "tcr$robot", "another")).toBe("refused");
  });
});

describeWithServers("a client", ["mariadb", "postgresql", "redis", "registry"], () => {
  test("says neither yes nor no where no server answers", async () => {
    const [mariadb, postgresql, redis, registry] = await Promise.all([
      startMariadb(),
      startPostgresql(),
      startRedis({ password }),
      startRegistry({ accounts: {} }),
    ]);
    await Promise.all([mariadb, postgresql, redis, registry].map((server) => server.stop()));
    const neither = /neither open nor refused/;
    await expect(mariadbLogin(mariadb, "app", password)).rejects.toThrow(neither);
    await expect(psqlLogin(postgresql, "app", password)).rejects.toThrow(neither);
    await expect(redisLogin(redis, password)).rejects.toThrow(neither);
    await expect(registryLogin(registry, "tcr$robot", password)).rejects.toThrow(neither);
  });
});
