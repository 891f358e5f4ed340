import { connect, isIP } from "node:net";
import type * as mysql2 from "mysql2/promise";
import { loadPeer } from "../optional-peers";
import { certificateCheck, tlsOf } from "./tls";
import { accepted, addressOf, inBrackets, inconclusive, refused } from "./verification";
import type { Verdict, Verify } from "./verification";

const mariadbPort = 3306;

/**
 * What a MariaDB server says once it has looked at the password (MariaDB Server's error codes 1044,
 * 1045, 1049, 1698, 1862, and MySQL's of the same numbers).
 */
const meanings: Readonly<Record<string, "refused" | "accepted">> = {
  ER_ACCESS_DENIED_ERROR: "refused",
  // Let in, but not into this database.
  ER_DBACCESS_DENIED_ERROR: "accepted",
  ER_BAD_DB_ERROR: "accepted",
  ER_MUST_CHANGE_PASSWORD_LOGIN: "accepted",
  ER_MUST_CHANGE_PASSWORD: "accepted",
};

/** MariaDB's own error numbers ("MariaDB Error Codes"). */
const mariadbsOwn: Readonly<Record<number, string>> = {
  4150: "ER_USER_IS_BLOCKED",
  4151: "ER_ACCOUNT_HAS_BEEN_LOCKED",
};

/** Both send the password to whoever has sent a key: without TLS that may be anybody. */
const refuse = () => () =>
  Promise.reject(
    Object.assign(new Error("not without TLS"), { code: "PASSWORD_ASKED_WITHOUT_TLS" }),
  );

/** Why this server's certificate could not be checked; `undefined`: it can. */
export function mariadbTlsProblem(verify: Verify): string | undefined {
  const tls = tlsOf(verify);
  const nameless = tls !== undefined && tls.serverName === undefined;
  // The driver knows no other name to look for in the certificate than the host's.
  return nameless && isIP(verify.host ?? "") !== 0
    ? "verify.host is an IP address: give verify.tls.serverName, the name in the server's certificate, or verify.tls: false"
    : undefined;
}

/** One login by the MySQL protocol (package `mysql2`). */
export async function logInToMariadb(
  { userName: user = "", host: accountHost }: { userName?: string; host?: string },
  password: string,
  verify: Verify,
  timeoutMs: number,
): Promise<Verdict> {
  const { host = "", port = mariadbPort, database } = verify;
  const server = addressOf(verify, port);
  const driver = loadPeer<typeof mysql2>("mysql2");
  if (driver === undefined) return inconclusive("the package mysql2 is not installed");
  const tls = tlsOf(verify);
  try {
    const connection = await driver.createConnection({
      // By this name the driver checks the certificate; the connection itself is made below.
      host: tls?.serverName ?? host,
      stream: () => connect(port, host),
      user,
      password,
      ...(database === undefined ? {} : { database }),
      ...(tls === undefined
        ? {}
        : { ssl: { ...certificateCheck(tls), rejectUnauthorized: true, verifyIdentity: true } }),
      connectTimeout: timeoutMs,
      ...(tls === undefined ? { authPlugins: { sha256_password: refuse, caching_sha2_password: refuse } } : {}), // prettier-ignore
    } as mysql2.ConnectionOptions);
    const [rows] = await connection.query("SELECT CURRENT_USER() AS account").finally(() => {
      connection.destroy();
    });
    const [{ account = "" } = {}] = rows as { account?: string }[];
    // Of several accounts of one name the server takes the one that fits this machine best.
    return accountHost === undefined || account === `${user}@${accountHost}`
      ? accepted
      : inconclusive(
          `${server} lets this machine in as another account of that name, of another host`,
        );
  } catch (error) {
    const { code: given = "", errno = 0 } = error as { code?: string; errno?: number };
    // The driver has MySQL's names for these numbers.
    const code = mariadbsOwn[errno] ?? given;
    const meaning = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
    if (meaning === "accepted") return accepted;
    if (meaning === "refused") return refused(`${server} refused it${inBrackets(code)}`);
    return inconclusive(`there is no login at ${server}${inBrackets(code)}`);
  }
}
