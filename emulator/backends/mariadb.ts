import type * as Mysql2 from "mysql2/promise";
import {
  type Backend,
  type BackendKind,
  hostRule,
  neededPeer,
  pathRule,
  portRule,
  textRule,
  timeLimitMs,
} from "./backend";

/** A MariaDB or MySQL server. The account is `'<userName>'@'<host>'` there too. */
export interface MariadbBackend {
  /** The emulated instance. */
  readonly instanceId: string;
  /** A loopback address. @default "127.0.0.1" */
  readonly host?: string;
  /** @default 3306 */
  readonly port?: number;
  /** Path of the server's socket, which wins over host and port. @default none */
  readonly socketPath?: string;
  /** Who may `ALTER USER`, such as `"root"`. */
  readonly user: string;
  /** @default none is needed */
  readonly password?: string;
}

export const mariadb: BackendKind<MariadbBackend> = {
  instance: "instanceId",
  required: ["instanceId", "user"],
  fields: {
    instanceId: textRule,
    host: hostRule,
    port: portRule,
    socketPath: pathRule,
    user: textRule,
    password: textRule,
  },
  open,
};

function open({ instanceId: _, host = "127.0.0.1", ...settings }: MariadbBackend): Backend {
  const mysql2 = neededPeer<typeof Mysql2>("mysql2");
  return {
    setPassword: async ({ userName = "", host: from = "" }, password) => {
      const connection = await mysql2.createConnection({
        host,
        ...settings,
        connectTimeout: timeLimitMs,
      });
      const run = (sql: string) => connection.query({ sql, timeout: timeLimitMs });
      try {
        // Whatever the server's default is: in this mode a backslash escapes, as `escape` takes for granted.
        await run("SET SESSION sql_mode = ''");
        const account = `${connection.escape(userName)}@${connection.escape(from)}`;
        await run(`ALTER USER ${account} IDENTIFIED BY ${connection.escape(password)}`);
        await connection.end();
      } finally {
        connection.destroy();
      }
    },
  };
}
