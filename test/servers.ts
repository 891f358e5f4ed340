// Real servers on this machine, as badly behaved as a test wants them. They end with the test file.
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer as createTcpServer } from "node:net";
import type { Certificate } from "./certificate";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** The requests that arrived as a whole, in their order. */
  readonly requests: readonly Received[];
  /** How many connections there have been. */
  readonly connections: () => number;
}

export interface Proxy {
  readonly port: number;
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** Requests that asked the proxy itself. */
  readonly requests: readonly string[];
  /** The `Proxy-Authorization` of each tunnel. */
  readonly authorizations: readonly (string | undefined)[];
}

// What a test waits for comes in milliseconds; on a machine that is busy otherwise that says nothing.
jest.setTimeout(30_000);

const started: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

afterAll(async () => {
  for (const { server, sockets } of started) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

export type Responder = (request: Received, response: ServerResponse) => void;

/** @param certificate Given: an https server. */
export async function startHttpServer(
  respond: Responder,
  certificate?: Certificate,
): Promise<HttpServer> {
  const requests: Received[] = [];
  const server = certificate === undefined ? createHttpServer() : createHttpsServer(certificate);
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(received);
      respond(received, response);
    });
  });
  server.on("tlsClientError", () => undefined);
  let connections = 0;
  server.on("connection", () => connections++);
  const port = await listen(server);
  const url = `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return { url, port, requests, connections: () => connections };
}

/** A server that speaks no protocol by itself. */
export function startTcpServer(connected: (socket: Socket) => void): Promise<number> {
  return listen(createTcpServer(connected));
}

/** @param status What it answers to a tunnel; 0: nothing at all. */
export async function startProxy(status = 200): Promise<Proxy> {
  const tunnels: string[] = [];
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request.url ?? "");
    response.end();
  });
  server.on("connect", (request, socket: Socket) => {
    const target = request.url ?? "";
    tunnels.push(target);
    authorizations.push(request.headers["proxy-authorization"]);
    socket.on("error", () => undefined);
    if (status === 0) return;
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: application/json\r\n\r\n{"proxy":true}`);
      return;
    }
    const { hostname, port } = new URL(`tcp://${target}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  return { port: await listen(server), tunnels, requests, authorizations };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  started.push({ server, sockets });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
