import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logInToRegistry } from "../../provider/verification/registry-login";
import type { Verify } from "../../provider/verification/verification";
import { selfSignedCertificate } from "../certificate";
import { closedPort, type HttpServer, startHttpServer } from "../servers";

const password = "Registry-Pass-1";
const basic = `Basic ${Buffer.from(`tcr$robot:${password}`).toString("base64")}`;
const bearer = "Bearer token-1";

function logIn(verify: Verify, onlyLoopback = false) {
  return logInToRegistry("tcr$robot", password, verify, { timeoutMs: 5000, onlyLoopback });
}

function at({ port }: { port: number }, more: Verify = {}): Verify {
  return { host: "127.0.0.1", port, ...more };
}

/** A registry that asks in this way, and lets in who sends that. */
function registryWith(challenge: string, letsIn: string): Promise<HttpServer> {
  return startHttpServer(({ headers }, response) => {
    const status = headers.authorization === letsIn ? 200 : 401;
    response.writeHead(status, { "Www-Authenticate": challenge }).end();
  });
}

function tokenService(
  answer: (response: ServerResponse) => void = (response) =>
    response.end(JSON.stringify({ token: "token-1" })),
): Promise<HttpServer> {
  return startHttpServer(({ headers }, response) =>
    headers.authorization === basic ? answer(response) : response.writeHead(401).end(),
  );
}

function says(text: string | RegExp) {
  const matcher = typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text); // prettier-ignore
  return { kind: "inconclusive", says: matcher as string };
}

test("a registry that takes passwords", async () => {
  const registry = await registryWith('Basic realm="a registry"', basic);
  expect(await logIn(at(registry))).toEqual({ kind: "accepted" });
  expect(registry.requests.map(({ path }) => path)).toEqual(["/v2/", "/v2/"]);
  const other = await registryWith('Basic realm="a registry"', "nobody");
  const refused = { kind: "refused", says: `127.0.0.1:${other.port} refused it (HTTP status 401)` };
  expect(await logIn(at(other))).toEqual(refused);
});

describe("a registry with a token service", () => {
  test("gets a token for the password, and never the password", async () => {
    const service = await tokenService();
    const challenge = `Bearer realm="${service.url}/token",service="a \\"registry\\"",scope="repository:x:pull"`;
    const registry = await registryWith(challenge, bearer);
    expect(await logIn(at(registry), true)).toEqual({ kind: "accepted" });
    const path = service.requests[0]?.path ?? "";
    expect(Object.fromEntries(new URL(path, service.url).searchParams)).toEqual({
      service: 'a "registry"',
      account: "tcr$robot",
    });
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      bearer,
    ]);
  });

  test("is refused by the token service alone", async () => {
    const service = await tokenService((response) => response.writeHead(401).end());
    const registry = await registryWith(`Bearer realm="${service.url}"`, bearer);
    expect(await logIn(at(registry))).toMatchObject({ kind: "refused" });
    const wary = await registryWith(`Bearer realm="${(await tokenService()).url}"`, "nobody");
    expect(await logIn(at(wary))).toEqual(says("does not take the token"));
  });

  test.each([
    ["that says nothing", (response: ServerResponse) => response.end("{}"), "without a token"],
    ["that gives a token for nobody", (response: ServerResponse) => response.end(JSON.stringify({ token: `e30.${Buffer.from('{"sub":""}').toString("base64url")}.` })), "a token for nobody"], // prettier-ignore
    ["that forbids it", (response: ServerResponse) => response.writeHead(403).end(), "status 403"],
    ["that redirects", (response: ServerResponse) => response.writeHead(302, { Location: "/" }).end(), "status 302"], // prettier-ignore
  ])("%s", async (_, answer, text) => {
    const service = await tokenService(answer);
    const registry = await registryWith(`Bearer realm="${service.url}"`, bearer);
    expect(await logIn(at(registry))).toEqual(says(text));
  });

  test.each(["http://auth.example.com/token", "ftp://127.0.0.1/", "https://u:p@127.0.0.1/", "/token", ""])("of a wrong address gets nothing: %p", async (realm) => {
    const registry = await registryWith(`Bearer realm="${realm}"`, bearer);
    expect(await logIn(at(registry))).toEqual(says("no token service"));
  }); // prettier-ignore

  test("elsewhere gets nothing of a rehearsal", async () => {
    const registry = await registryWith('Bearer realm="https://auth.example.com/token"', bearer);
    expect(await logIn(at(registry), true)).toEqual(says("a rehearsal logs in on this machine"));
  });
});

test.each([
  ["asks for nothing", 200, "without asking for a login"],
  ["is no registry", 404, "HTTP status 404"],
  ["asks in an unknown way", 401, "HTTP status 401"],
])("a server that %s", async (_, status, text) => {
  const server = await startHttpServer((_request, response) => response.writeHead(status).end());
  expect(await logIn(at(server))).toEqual(says(text));
});

test("nobody listens", async () => {
  expect(await logIn({ host: "127.0.0.1", port: await closedPort() })).toEqual(
    says("ECONNREFUSED"),
  );
});

test("the certificate is checked, by the file and the name that are given", async () => {
  const folder = mkdtempSync(join(tmpdir(), "registry-login-"));
  try {
    const [own, foreign] = [selfSignedCertificate(), selfSignedCertificate()];
    const [caFile, otherFile] = [join(folder, "ca.pem"), join(folder, "other.pem")];
    writeFileSync(caFile, own.cert);
    writeFileSync(otherFile, foreign.cert);
    const registry = await startHttpServer(({ headers }, response) => {
      const status = headers.authorization === basic ? 200 : 401;
      response.writeHead(status, { "Www-Authenticate": "Basic" }).end();
    }, own);
    expect(await logIn(at(registry, { tls: { caFile } }))).toEqual({ kind: "accepted" });
    const named = { caFile, serverName: "localhost" };
    expect(await logIn(at(registry, { tls: named }))).toEqual({ kind: "accepted" });
    const untrusted = says(/certificate is not trusted \((DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/); // prettier-ignore
    expect(await logIn(at(registry, { tls: true }))).toEqual(untrusted);
    expect(await logIn(at(registry, { tls: { caFile: otherFile } }))).toEqual(untrusted);
    const misnamed = { caFile, serverName: "registry.example.com" };
    expect(await logIn(at(registry, { tls: misnamed }))).toEqual(untrusted);
    expect(registry.requests.filter(({ headers }) => headers.authorization)).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
