import type * as Pg from "pg";
import { isAbsolute } from "node:path";
import type { FieldRule } from "../fields";
import {
  type Backend,
  type BackendKind,
  hostRule,
  neededPeer,
  portRule,
  Refusal,
  textRule,
  timeLimitMs,
} from "./backend";

/** A PostgreSQL server. The account is the role `userName`. */
export interface PostgresqlBackend {
  /** The emulated instance. */
  readonly instanceId: string;
  /** A loopback address, or the folder of the server's socket. @default "127.0.0.1" */
  readonly host?: string;
  /** @default 5432 */
  readonly port?: number;
  /** Who may `ALTER ROLE … PASSWORD`, such as `"postgres"`. */
  readonly user: string;
  /** @default none is needed */
  readonly password?: string;
  /** To which it connects. @default "postgres" */
  readonly database?: string;
}

const [wantedHost, isHost] = hostRule;
const hostOrFolder: FieldRule = [
  `${wantedHost}; or the folder of a socket`,
  (value) => isHost(value) || (typeof value === "string" && isAbsolute(value)),
];

export const postgresql: BackendKind<PostgresqlBackend> = {
  instance: "instanceId",
  required: ["instanceId", "user"],
  fields: {
    instanceId: textRule,
    host: hostOrFolder,
    port: portRule,
    user: textRule,
    password: textRule,
    database: textRule,
  },
  open,
};

/**
 * The server itself makes what it keeps of the password (SCRAM, by its `password_encryption`), so
 * the statement holds it in clear: where `log_statement` is on, the server's log does, too.
 */
function open({ instanceId: _, ...settings }: PostgresqlBackend): Backend {
  const { Client } = neededPeer<typeof Pg>("pg");
  const connected = async (work: (client: Pg.Client) => Promise<void>) => {
    const client = new Client({
      host: "127.0.0.1",
      port: 5432,
      database: "postgres",
      ...settings,
      ssl: false,
      connectionTimeoutMillis: timeLimitMs,
      query_timeout: timeLimitMs,
    });
    client.on("error", () => undefined); // what breaks between two statements shows in the next one
    try {
      await client.connect();
      await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return {
    check: ({ userName = "" }) =>
      connected(async (client) => {
        const role = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [userName]);
        if (role.rowCount !== 1) throw new Refusal("there is no such role");
      }),
    setPassword: ({ userName = "" }, password) =>
      connected(async (client) => {
        const role = client.escapeIdentifier(userName);
        await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
      }),
  };
}
