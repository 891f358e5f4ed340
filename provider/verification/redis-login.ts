import { randomBytes } from "node:crypto";
import type * as redis from "redis";
import { loadPeer } from "../optional-peers";
import { certificateCheck, tlsOf } from "./tls";
import { accepted, addressOf, inBrackets, inconclusive, refused } from "./verification";
import type { Verdict, Verify } from "./verification";

const redisPort = 6379;

/** How servers refuse a password: since Redis 6, before it, and proxies that speak for them. */
const refusals = /^WRONGPASS\b|^(-?ERR )?(invalid|wrong|incorrect) password/i;
/** How they ask for one. */
const demands = /^NOAUTH\b|^ERR operation not permitted/i;

/**
 * One login (package `redis`): `AUTH`. A server that answers without is not asked: TencentDB takes
 * any password then (vendor's page 239/34590).
 */
export async function logInToRedis(
  _account: object,
  password: string,
  verify: Verify,
  timeoutMs: number,
): Promise<Verdict> {
  const { host = "", port = redisPort, userName, passwordPrefix = "" } = verify;
  const server = addressOf(verify, port);
  const driver = loadPeer<typeof redis>("redis");
  if (driver === undefined) return inconclusive("the package redis is not installed");
  const tls = tlsOf(verify);
  const client = driver.createClient({
    RESP: 2,
    socket: {
      host,
      port,
      ...(tls === undefined ? {} : { tls: true as const, ...certificateCheck(tls) }),
      connectTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      reconnectStrategy: false,
    },
    // The driver would send these before the login.
    disableClientInfo: true,
    commandOptions: { timeout: Math.ceil(timeoutMs) }, // it takes whole ones only
  });
  // A connection that breaks later than it is looked at.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const demand = await client.sendCommand(["PING"]).then(() => "", textOf);
    if (demand === "") return inconclusive(`${server} answers without asking for a password`);
    if (!demands.test(demand))
      return inconclusive(`there is no login at ${server}${wordOf(demand)}`);
    const authenticate = async (secret: string): Promise<unknown> =>
      client.sendCommand([
        "AUTH",
        ...(userName === undefined ? [] : [userName]),
        passwordPrefix + secret,
      ]);
    // A user without a password lets anybody in, and so does TencentDB without one.
    if ((await authenticate(randomBytes(16).toString("hex")).catch(textOf)) === "OK")
      return inconclusive(`${server} takes any password`);
    if ((await authenticate(password)) === "OK") return accepted;
    return inconclusive(`there is no login at ${server}`);
  } catch (error) {
    const text = textOf(error);
    if (refusals.test(text)) return refused(`${server} refused it${wordOf(text)}`);
    const { code } = error as { code?: unknown };
    return inconclusive(`there is no login at ${server}${inBrackets(code) || wordOf(text)}`);
  } finally {
    if (client.isOpen) client.destroy();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}

/** The error's code by Redis's own convention. The rest of its text may quote what was sent. */
function wordOf(text: string): string {
  const [word = ""] = text.split(" ", 1);
  return word === "ERR" ? "" : inBrackets(word);
}
