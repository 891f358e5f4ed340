import type { EventEmitter } from "node:events";
import type * as pg from "pg";
import { loadPeer } from "../optional-peers";
import { certificateCheck, tlsOf } from "./tls";
import { accepted, addressOf, inBrackets, inconclusive, refused } from "./verification";
import type { Verdict, Verify } from "./verification";

const postgresqlPort = 5432;

/**
 * What a PostgreSQL server says once it has looked at the password ("PostgreSQL Error Codes",
 * appendix A). `28000` is not among them: it is also what a rule of pg_hba.conf answers before.
 */
const meanings: Readonly<Record<string, "refused" | "accepted">> = {
  "28P01": "refused", // invalid_password
  "3D000": "accepted", // invalid_catalog_name: no such database
  "42501": "accepted", // insufficient_privilege: not into this database
};

/** One login (package `pg`), with SCRAM where the server asks for it. */
export async function logInToPostgresql(
  { userName: user = "" }: { userName?: string },
  password: string,
  verify: Verify,
  timeoutMs: number,
): Promise<Verdict> {
  const { host = "", port = postgresqlPort, database = "postgres" } = verify;
  const server = addressOf(verify, port);
  const driver = loadPeer<typeof pg>("pg");
  if (driver === undefined) return inconclusive("the package pg is not installed");
  const tls = tlsOf(verify);
  let [asked, inClear, proofDue] = [false, false, false];
  const client = new driver.Client({
    host,
    port,
    user,
    database,
    // Called when the server asks for it.
    password: () => {
      asked = true;
      if (inClear && tls === undefined)
        throw Object.assign(new Error("not without TLS"), { code: "PASSWORD_ASKED_WITHOUT_TLS" });
      return password;
    },
    ssl: tls === undefined ? false : certificateCheck(tls),
    connectionTimeoutMillis: timeoutMs,
    application_name: "pulumi-account-passwords",
  });
  // A connection that breaks later than it is looked at.
  client.on("error", () => undefined);
  const { connection } = client as unknown as { connection: EventEmitter };
  connection.once("authenticationCleartextPassword", () => (inClear = true));
  // With SCRAM the server proves that it knows the password, too.
  connection.once("authenticationSASL", () => (proofDue = true));
  connection.once("authenticationSASLFinal", () => (proofDue = false));
  try {
    await client.connect();
    if (proofDue) return inconclusive(`${server} did not prove that it knows the password`);
    if (asked) return accepted;
    return inconclusive(`${server} lets this account in without asking for a password`);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    const meaning = asked && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
    if (meaning === "accepted") return accepted;
    if (meaning === "refused") return refused(`${server} refused it${inBrackets(code)}`);
    return inconclusive(`there is no login at ${server}${inBrackets(code)}`);
  } finally {
    client.end().catch(() => undefined);
  }
}
