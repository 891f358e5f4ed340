import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import type { HttpAnswer, HttpRequest } from "../provider/http";
import { send } from "../provider/http";
import { selfSignedCertificate } from "./certificate";
import { startCompiled } from "./compiled";
import type { Order, Reported } from "./http-child";
import type { HttpServer, Responder } from "./servers";
import { closedPort, startHttpServer, startProxy, startTcpServer } from "./servers";

const secret = "canary-Password-1!";

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { Authorization: `Bear ${secret}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ Password: secret });
  return { method: "POST", url, headers, body, timeoutMs: 20_000, ...more };
}

/** What was asked for must not come back: not even in what an inspector of objects finds. */
function expectNoSecretIn(answer: unknown): void {
  expect(inspect(answer, { depth: 20, showHidden: true })).not.toContain(secret);
}

describe("send() gives an answer as it came:", () => {
  test.each([200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 429, 500, 503])(
    "status %i",
    async (status) => {
      const elsewhere = await startHttpServer(json({ reached: true }));
      const server = await startHttpServer((_request, response) => {
        response.writeHead(status, { Location: elsewhere.url }).end();
      });
      expect(await send(post(server.url))).toMatchObject({ kind: "response", status });
      expect(elsewhere.requests).toEqual([]);
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each<[string, string | Buffer, unknown]>([
    ["an object", '{"Response":{"RequestId":"r-1"}}', { Response: { RequestId: "r-1" } }],
    ["a number", "1", 1],
    ["null", "null", null],
    ["JSON after a byte order mark", "\ufeff[1]", [1]],
  ])("%s as json", async (_what, body, value) => {
    const server = await startHttpServer((_request, response) => response.end(body));
    expect(await send(post(server.url))).toMatchObject({ kind: "response", json: value });
  });

  test.each([
    ["an empty body", ""],
    ["blanks", "  \n"],
    ["a page of HTML", `<html><body>${secret}</body></html>`],
    ["half a JSON text", `{"Response":{"Password":"${secret}"`],
    ["two JSON texts", "{}{}"],
  ])("%s without json", async (_what, body) => {
    const server = await startHttpServer((_request, response) => response.end(body));
    const answer = await send(post(server.url));
    expect(answer).toMatchObject({ kind: "response", status: 200 });
    expect(answer).not.toHaveProperty("json");
    expect("garbled" in answer).toBe(body.trim() !== "");
    expectNoSecretIn(answer);
  });

  test("a compressed body", async () => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync('{"a":1}'));
    });
    expect(await send(post(server.url))).toMatchObject({ json: { a: 1 } });
  });

  test("the half of a compressed body without json", async () => {
    const body = gzipSync(JSON.stringify({ echo: secret.repeat(100) }));
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(body.subarray(0, -20));
    });
    const answer = await send(post(server.url));
    expect(answer).not.toHaveProperty("json");
    expectNoSecretIn(answer);
  });

  test("headers by any spelling, and an absent one as nothing", async () => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "X-Request-Id": "r-1" }).end();
    });
    const answer = await response(send(post(server.url)));
    expect(answer.header("X-Request-ID")).toBe("r-1");
    expect(answer.header("x-request-id")).toBe("r-1");
    expect(answer.header("X-Subject-Token")).toBe("");
  });
});

describe("send() sends", () => {
  test("method, path, headers and body as they are", async () => {
    const server = await startHttpServer(json({}));
    const body = '{ "Password":"\\u00e9 \u00e9 \u4e2d", "b": 1 }\n';
    const host = "redis.example:8443";
    const headers = { "Content-Type": "application/json; charset=utf-8", Host: host };
    await send(post(`${server.url}/v3/p%2F1/accounts/a%20b/password`, { headers, body }));
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/v3/p%2F1/accounts/a%20b/password",
        headers: {
          "content-type": "application/json; charset=utf-8",
          host,
          "content-length": String(Buffer.byteLength(body)),
        },
        body,
      },
    ]);
  });

  test("a GET without a body", async () => {
    const server = await startHttpServer(json({}));
    await send({ method: "GET", url: server.url, headers: {}, timeoutMs: 10_000 });
    expect(server.requests).toMatchObject([{ method: "GET", body: "" }]);
  });

  test("no second header out of a header's value", async () => {
    const server = await startHttpServer(json({}));
    await send(post(server.url, { headers: { "X-Auth-Token": "token\r\nX-Evil: 1" } }));
    for (const { headers } of server.requests) expect(headers).not.toHaveProperty("x-evil");
  });

  test("over the same connection again", async () => {
    const server = await startHttpServer(json({}));
    for (let count = 0; count < 3; count++) await send(post(server.url));
    expect(server.requests).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  test("to the address itself where it is plain http, whatever the proxy variables say", async () => {
    const proxy = await startProxy();
    const server = await startHttpServer(json({}));
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"];
    try {
      for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
      expect(await send(post(server.url))).toMatchObject({ kind: "response", status: 200 });
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect([...proxy.requests, ...proxy.tunnels]).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});

describe("send() knows that nothing was sent when", () => {
  test.each(["http", "https"])("nobody listens (%s)", async (scheme) => {
    const answer = await send(post(`${scheme}://127.0.0.1:${await closedPort()}`));
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
    expect(answer).toHaveProperty("says", expect.stringContaining("ECONNREFUSED"));
    expectNoSecretIn(answer);
  });

  test("nobody listens at any address of a name", async () => {
    const answer = await send(post(`http://localhost:${await closedPort()}`));
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
  });

  test("the name does not exist", async () => {
    const answer = await send(post("https://no-such-host.invalid"));
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
    expectNoSecretIn(answer);
  });

  test("the other end has a certificate that nobody trusts", async () => {
    const server = await startHttpServer(json({}), selfSignedCertificate());
    const answer = await send(post(server.url));
    expect(answer).toMatchObject({ kind: "notSent", permanent: true });
    expect(answer).toHaveProperty("says", expect.stringContaining("NODE_EXTRA_CA_CERTS"));
    expect(server.requests).toEqual([]);
    expectNoSecretIn(answer);
  });

  test("the other end does not speak TLS", async () => {
    const port = await startTcpServer((socket) => void socket.end("HTTP/1.1 400 No\r\n\r\n"));
    const answer = await send(post(`https://127.0.0.1:${port}`));
    expect(answer).toMatchObject({ kind: "notSent" });
    expect(answer).toHaveProperty("says", expect.not.stringContaining("certificate"));
  });

  test("the connection is reset before TLS stands", async () => {
    const port = await startTcpServer((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    const answer = await send(post(`https://127.0.0.1:${port}`));
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
  });

  test("the time is over before the connection stands", async () => {
    const port = await startTcpServer((socket) => void socket.resume());
    const answer = await send(post(`https://127.0.0.1:${port}`, { timeoutMs: 300 }));
    expect(answer).toEqual({
      kind: "notSent",
      permanent: false,
      says: `no connection to 127.0.0.1:${port} in time`,
    });
  });
});

describe("send() does not know what became of the request when", () => {
  test("the connection is reset after it", async () => {
    const server = await startHttpServer((_request, response) => reset(response));
    const answer = await send(post(server.url));
    expect(answer).toMatchObject({ kind: "lost" });
    expectNoSecretIn(answer);
    expect(server.requests).toHaveLength(1); // and nothing is sent again by itself
  });

  test("the connection is reset in the middle of it", async () => {
    const port = await startTcpServer((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    const body = "x".repeat(16 * 1024 * 1024);
    const answer = await send(post(`http://127.0.0.1:${port}`, { body }));
    expect(answer).toMatchObject({ kind: "lost" });
  });

  test("a connection that was used before is reset", async () => {
    const server = await startHttpServer((_request, response) => {
      if (server.requests.length === 1) response.end("{}");
      else reset(response);
    });
    expect(await send(post(server.url))).toMatchObject({ kind: "response" });
    expect(await send(post(server.url))).toMatchObject({ kind: "lost" });
    expect(server.connections()).toBe(1);
  });

  test("no answer comes in time", async () => {
    const server = await startHttpServer(() => undefined);
    const answer = await send(post(server.url, { timeoutMs: 1500 }));
    expect(answer).toEqual({ kind: "lost", says: "no answer came in time" });
    expect(server.requests).toHaveLength(1);
  });

  test("only the first half of an answer comes in time", async () => {
    const server = await startHttpServer((_request, response) => void response.write('{"a":'));
    const answer = await send(post(server.url, { timeoutMs: 1500 }));
    expect(answer).toEqual({ kind: "lost", says: "no answer came in time" });
  });

  test.each<[string, Responder]>([
    ["closes without a word", (_request, response) => void response.socket?.end()],
    [
      "closes in the middle of an answer of known length",
      (_request, response) => {
        response.writeHead(200, { "Content-Length": 1000 }).write(`{"echo":"${secret}"`);
        setImmediate(() => response.destroy());
      },
    ],
    [
      "closes in the middle of a chunked answer",
      (_request, response) => {
        response.write(`{"echo":"${secret}"}`);
        setImmediate(() => response.destroy());
      },
    ],
    ["does not speak HTTP", (_request, response) => void response.socket?.end("SSH-2.0-x\r\n")],
  ])("the other end %s", async (_what, respond) => {
    const server = await startHttpServer(respond);
    const answer = await send(post(server.url));
    expect(answer).toMatchObject({ kind: "lost" });
    expectNoSecretIn(answer);
  });

  test("the answer never ends", async () => {
    const server = await startHttpServer((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, " ");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    const answer = await send(post(server.url, { timeoutMs: 60_000 }));
    expect(answer).toMatchObject({ kind: "lost", says: expect.not.stringContaining("in time") });
  });

  test("the answer is small on the wire, and huge when unpacked", async () => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" });
      response.end(gzipSync(Buffer.alloc(5 * 1024 * 1024, " ")));
    });
    expect(await send(post(server.url))).toMatchObject({ kind: "lost" });
  });
});

test("send() takes an answer of a megabyte", async () => {
  const server = await startHttpServer(json({ text: "x".repeat(1024 * 1024) }));
  expect(await send(post(server.url))).toMatchObject({ kind: "response", status: 200 });
});

describe("send() over TLS that is trusted by NODE_EXTRA_CA_CERTS", () => {
  const certificate = selfSignedCertificate();
  const folder = mkdtempSync(join(tmpdir(), "account-passwords-http-"));
  let child: ChildProcess;
  let server: HttpServer;

  beforeAll(async () => {
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, certificate.cert);
    child = startCompiled("http-child", [], { NODE_EXTRA_CA_CERTS: ca });
    server = await startHttpServer(json({ reached: true }), certificate);
    await inChild(post(server.url));
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  async function inChild(request: HttpRequest, env: Order["env"] = {}): Promise<Reported> {
    const answer = once(child, "message");
    child.send({ request, env } satisfies Order);
    const [reported] = (await answer) as [Reported];
    expectNoSecretIn(reported);
    return reported;
  }

  test("reaches the server, over one connection", async () => {
    const before = server.connections();
    const answer = await inChild(post(server.url));
    expect(answer).toMatchObject({ kind: "response", status: 200, json: { reached: true } });
    expect(server.requests.at(-1)?.body).toBe(JSON.stringify({ Password: secret }));
    expect(server.connections()).toBe(before);
  });

  test("does not know what became of a request that was answered by a reset", async () => {
    const resetting = await startHttpServer((_request, response) => reset(response), certificate);
    expect(await inChild(post(resetting.url))).toMatchObject({ kind: "lost" });
    expect(resetting.requests).toHaveLength(1);
  });

  test("does not know what became of a request that was not answered in time", async () => {
    const hanging = await startHttpServer(() => undefined, certificate);
    const answer = await inChild(post(hanging.url, { timeoutMs: 1500 }));
    expect(answer).toEqual({ kind: "lost", says: "no answer came in time" });
    expect(hanging.requests).toHaveLength(1);
  });

  test("trusts a certificate for its own names only", async () => {
    const answer = await inChild(post(server.url.replace("127.0.0.1", "127.0.0.2")));
    // Where this machine has no such address, nobody listens there: nothing is sent either.
    expect(answer).toMatchObject({ kind: "notSent" });
  });

  test.each(["HTTPS_PROXY", "https_proxy"])("goes through the proxy of %s", async (name) => {
    const proxy = await startProxy();
    const variable = { [name]: `http://user:canary-proxy@127.0.0.1:${proxy.port}` };
    const answer = await inChild(post(server.url), variable);
    expect(answer).toMatchObject({ kind: "response", status: 200, json: { reached: true } });
    expect(proxy.tunnels).toEqual([`127.0.0.1:${server.port}`]);
    expect(proxy.requests).toEqual([]);
    const [authorization = ""] = proxy.authorizations;
    expect(atob(authorization.replace("Basic ", ""))).toBe("user:canary-proxy");
  });

  test("leaves out the proxy for what stands in NO_PROXY", async () => {
    const proxy = await startProxy();
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const answer = await inChild(post(server.url), { HTTPS_PROXY, NO_PROXY: "127.0.0.1" });
    expect(answer).toMatchObject({ kind: "response", status: 200 });
    expect(proxy.tunnels).toEqual([]);
  });

  test("knows that nothing was sent when nobody listens at the proxy's address", async () => {
    const HTTPS_PROXY = `http://127.0.0.1:${await closedPort()}`;
    const answer = await inChild(post(server.url), { HTTPS_PROXY });
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
  });

  test.each([
    [403, true],
    [407, true],
    [502, false],
  ])("takes a proxy's own %i for no answer of the server", async (status, permanent) => {
    const proxy = await startProxy(status);
    const HTTPS_PROXY = `http://user:canary-proxy@127.0.0.1:${proxy.port}`;
    const before = server.requests.length;
    const answer = await inChild(post(server.url), { HTTPS_PROXY });
    expect(answer).toMatchObject({ kind: "notSent", permanent });
    expect(answer).toHaveProperty("says", expect.stringContaining(String(status)));
    expect(JSON.stringify(answer)).not.toContain("canary-proxy");
    expect(server.requests).toHaveLength(before);
  });

  test("knows that nothing was sent when the proxy makes no tunnel in time", async () => {
    const proxy = await startProxy(0);
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const answer = await inChild(post(server.url, { timeoutMs: 1500 }), { HTTPS_PROXY });
    expect(answer).toMatchObject({ kind: "notSent", permanent: false });
    expect(proxy.tunnels).toHaveLength(1);
  });

  test("knows that nothing was sent when nobody trusts the end of the tunnel", async () => {
    const proxy = await startProxy();
    const untrusted = await startHttpServer(json({}), selfSignedCertificate());
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const answer = await inChild(post(untrusted.url), { HTTPS_PROXY });
    expect(answer).toMatchObject({ kind: "notSent", permanent: true });
    expect(untrusted.requests).toEqual([]);
  });

  test("does not know what became of a request when the tunnel breaks after it", async () => {
    const proxy = await startProxy();
    const resetting = await startHttpServer((_request, response) => reset(response), certificate);
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    expect(await inChild(post(resetting.url), { HTTPS_PROXY })).toMatchObject({ kind: "lost" });
    expect(resetting.requests).toHaveLength(1);
  });

  test("a self-made certificate is one that Node accepts", async () => {
    const socket = connect({ host: "127.0.0.1", port: server.port, ca: certificate.cert });
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });
});

function json(value: unknown): Responder {
  return (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
  };
}

/** What a killed server, or a gateway that restarts, does to its connections. */
function reset(response: ServerResponse): void {
  // The socket below TLS: to reset that one itself is not possible.
  const socket = response.socket as unknown as { _parent?: { resetAndDestroy(): void } } | null;
  if (socket?._parent) socket._parent.resetAndDestroy();
  else response.socket?.resetAndDestroy();
}

async function response(
  answer: Promise<HttpAnswer>,
): Promise<Extract<HttpAnswer, { kind: "response" }>> {
  const found = await answer;
  if (found.kind !== "response") throw new Error(`no response: ${found.says}`);
  return found;
}
