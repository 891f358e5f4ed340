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
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "refused",
  // Let in, but not into this database.
  ER_DBACCESS_DENIED_ERROR: "accepted",
  ER_BAD_DB_ERROR: "accepted",
  ER_MUST_CHANGE_PASSWORD_LOGIN: "accepted",
};

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
  user: string,
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
    } as mysql2.ConnectionOptions);
    connection.destroy();
    return accepted;
  } catch (error) {
    const { code = "" } = error as { code?: string };
    const meaning = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
    if (meaning === "accepted") return accepted;
    if (meaning === "refused") return refused(`${server} refused it${inBrackets(code)}`);
    return inconclusive(`there is no login at ${server}${inBrackets(code)}`);
  }
}
