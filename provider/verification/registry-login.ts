import { send } from "../http";
import type { HttpAnswer } from "../http";
import { isLoopbackHost } from "../loopback";
import { certificateCheck, tlsOf } from "./tls";
import { accepted, addressOf, inconclusive, refused } from "./verification";
import type { Verdict, Verify } from "./verification";

const registryPort = 443;

/**
 * One login at a container registry, as `docker login` does it (Docker Registry HTTP API V2, "API
 * version check", and "Token authentication"): `GET /v2/` says how, the answer is the password or a
 * token for it.
 *
 * @param onlyLoopback A rehearsal: the credential goes nowhere else.
 */
export async function logInToRegistry(
  userName: string,
  password: string,
  verify: Verify,
  { timeoutMs, onlyLoopback }: { timeoutMs: number; onlyLoopback: boolean },
): Promise<Verdict> {
  const { port = registryPort } = verify;
  const server = addressOf(verify, port);
  const tls = tlsOf(verify);
  const api = `${tls === undefined ? "http" : "https"}://${server}/v2/`;
  const basic = `Basic ${Buffer.from(`${userName}:${password}`).toString("base64")}`;
  const { serverName: _registrysOwn, ...forOthers } = tls ?? {};
  const get = (url: string, authorization?: string) =>
    send({
      method: "GET",
      url,
      headers: authorization === undefined ? {} : { Authorization: authorization },
      timeoutMs,
      certificateCheck: tls && certificateCheck(url === api ? tls : forOthers),
    });

  const first = await get(api);
  if (statusOf(first) === 200) return inconclusive(`${server} answers without asking for a login`);
  const challenge = challengeOf(first);
  if (statusOf(first) !== 401 || challenge === undefined)
    return inconclusive(`there is no login at ${server}${why(first)}`);
  if (challenge.scheme === "basic") return verdict(server, await get(api, basic));

  const { realm = "", service } = challenge.parameters;
  // Without the challenge's scope, as `docker login`: nothing is to be pulled.
  const url = tokenUrl(realm, { service, account: userName });
  if (url === undefined)
    return inconclusive(`${server} names no token service that could be sent a password`);
  if (onlyLoopback && !isLoopbackHost(url.host))
    return inconclusive(
      `${server} names the token service ${url.host}, and a rehearsal logs in on this machine only`,
    );
  const answer = await get(url.href, basic);
  if (statusOf(answer) !== 200) return verdict(url.host, answer);
  const token = tokenOf(answer);
  if (token === undefined) return inconclusive(`${url.host} answered without a token`);
  if (isAnonymous(token))
    return inconclusive(`${url.host} gave a token for nobody, as it does without a password`);
  const last = await get(api, `Bearer ${token}`);
  // The token service has looked at the password; what the registry makes of its token is another matter.
  return statusOf(last) === 200
    ? accepted
    : inconclusive(`${server} does not take the token of ${url.host}${why(last)}`);
}

function verdict(server: string, answer: HttpAnswer): Verdict {
  switch (statusOf(answer)) {
    case 200:
      return accepted;
    case 401:
      return refused(`${server} refused it (HTTP status 401)`);
    default:
      return inconclusive(`there is no login at ${server}${why(answer)}`);
  }
}

function statusOf(answer: HttpAnswer): number | undefined {
  return answer.kind === "response" ? answer.status : undefined;
}

function why(answer: HttpAnswer): string {
  return answer.kind === "response" ? ` (HTTP status ${answer.status})` : `: ${answer.says}`;
}

interface Challenge {
  readonly scheme: "basic" | "bearer";
  readonly parameters: Readonly<Partial<Record<string, string>>>;
}

/** `Bearer realm="https://…",service="…"` (RFC 9110, section 11.6.1; one challenge). */
function challengeOf(answer: HttpAnswer): Challenge | undefined {
  if (answer.kind !== "response") return undefined;
  const header = answer.header("Www-Authenticate");
  const scheme = /^(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase();
  if (scheme !== "basic" && scheme !== "bearer") return undefined;
  const pairs = [...header.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  const parameters = Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), value.replace(/\\(.)/g, "$1")]),
  );
  return { scheme, parameters };
}

/** The password goes to no service in clear, except on this machine. */
function tokenUrl(
  realm: string,
  parameters: Readonly<Record<string, string | undefined>>,
): URL | undefined {
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const isSafe =
    url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.host));
  if (!isSafe || url.username !== "" || url.password !== "") return undefined;
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** An empty `sub` is a token for nobody (Docker Registry, "Token Authentication Implementation"). */
function isAnonymous(token: string): boolean {
  try {
    const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    return (JSON.parse(claims) as { sub?: unknown }).sub === "";
  } catch {
    return false;
  }
}

function tokenOf(answer: HttpAnswer): string | undefined {
  const json = answer.kind === "response" ? answer.json : undefined;
  const { token, access_token: accessToken = token } = Object(json) as Record<string, unknown>;
  return typeof accessToken === "string" && accessToken !== "" ? accessToken : undefined;
}
