import type * as Redis from "redis";
import type { AccountRecord } from "../account-record";
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

/** A Redis server. What is set in it lasts until it ends: nothing is written to its files. */
export interface RedisBackend {
  /** The emulated instance. */
  readonly instanceId: string;
  /** A loopback address. @default "127.0.0.1" */
  readonly host?: string;
  /** @default 6379 */
  readonly port?: number;
  /** The account whose password it is. @default the one without a name (`requirepass`) */
  readonly account?: string;
  /** Who may set it. @default the account itself */
  readonly user?: string;
  /** @default with a user: none is needed; without one: the account's, as the emulator knows it */
  readonly password?: string;
}

export const redis: BackendKind<RedisBackend> = {
  instance: "instanceId",
  required: ["instanceId"],
  fields: {
    instanceId: textRule,
    host: hostRule,
    port: portRule,
    account: textRule,
    user: textRule,
    password: textRule,
  },
  open,
};

function open(settings: RedisBackend): Backend {
  const { host = "127.0.0.1", port = 6379, account } = settings;
  const { createClient } = neededPeer<typeof Redis>("redis");
  return {
    setPassword: async (record, password) => {
      const client = createClient({
        ...login(settings, record),
        socket: {
          host,
          port,
          connectTimeout: timeLimitMs,
          socketTimeout: timeLimitMs,
          reconnectStrategy: false,
        },
      });
      client.on("error", () => undefined); // the command that it breaks rejects
      try {
        await client.connect();
        if (account === undefined)
          await client.sendCommand(["CONFIG", "SET", "requirepass", password]);
        else {
          // `ACL SETUSER` would make one.
          if ((await client.sendCommand(["ACL", "GETUSER", account])) === null)
            throw new Refusal("there is no such account");
          const rule = password === "" ? "nopass" : `>${password}`;
          await client.sendCommand(["ACL", "SETUSER", account, "resetpass", rule]);
        }
      } catch (error) {
        throw redacted(error);
      } finally {
        if (client.isOpen) client.destroy();
      }
    },
  };
}

function login(
  { account, user, password }: RedisBackend,
  record: AccountRecord,
): { username?: string; password?: string } {
  const live = record.noAuth === true ? undefined : record.password;
  const username = user ?? account;
  const secret = password ?? (user === undefined ? live : undefined);
  return {
    ...(username !== undefined && { username }),
    ...(secret !== undefined && { password: secret }),
  };
}

/** A refusal by the server repeats what it refuses; its first word is the code. */
function redacted(error: unknown): unknown {
  const [code] = /^[A-Z]+(?= )/.exec((error as Error).message) ?? [];
  return code === undefined ? error : new Refusal(code);
}
