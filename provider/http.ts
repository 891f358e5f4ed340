/**
 * The only place where a request leaves, and the only file that knows axios. An error of axios
 * carries the request's body, so the new password: neither it nor an unparsed body ever leaves this
 * file.
 */
import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { AxiosError, AxiosStatic } from "axios";
import { assertEngineLives } from "./engine-watch";
import type { CertificateCheck } from "./verification/tls";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** For this request alone: which certificates are trusted, and for which name. */
  readonly certificateCheck?: CertificateCheck | undefined;
}

export type HttpAnswer =
  | {
      readonly kind: "response";
      readonly status: number;
      header(name: string): string;
      /** What the body says; absent when it is empty or no JSON. */
      readonly json?: unknown;
      /** There is a body, and it is no JSON: a proxy's page, half an answer. */
      readonly garbled?: true;
    }
  /** Not a byte of the request has left: no connection, or no trust in the other end. */
  | { readonly kind: "notSent"; readonly says: string; readonly permanent: boolean }
  /** The request may have arrived; the answer did not. */
  | { readonly kind: "lost"; readonly says: string };

const longestAnswerBytes = 4 * 1024 * 1024;

/** Sockets that our agents opened, and whether a request may have left over them yet. */
const mayHaveSent = new WeakMap<object, boolean>();

/**
 * A proxy's tunnel is no socket of ours: once it stands we cannot tell, and take it that it was
 * sent.
 */
function certainlyNotSent(request: http.ClientRequest | undefined): boolean {
  if (request === undefined) return false;
  const socket = request.socket as Socket | null;
  return socket === null || mayHaveSent.get(socket) === false;
}

function watch<S extends Duplex | null | undefined>(socket: S, ready: string): S {
  if (socket) {
    mayHaveSent.set(socket, false);
    socket.once(ready, () => mayHaveSent.set(socket, true));
  }
  return socket;
}

class WatchedHttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent["createConnection"]>) {
    return watch(super.createConnection(...args), "connect");
  }
}

class WatchedHttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent["createConnection"]>) {
    // Before this the other end has not proved who it is, and no request is written.
    return watch(super.createConnection(...args), "secureConnect");
  }
}

const httpAgent = new WatchedHttpAgent({ keepAlive: true });
const httpsAgent = new WatchedHttpsAgent({ keepAlive: true });

/** Sends one request, once. Proxies as in `HTTPS_PROXY` and `NO_PROXY`; no redirect is followed. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const axios = loadAxios();
  await assertEngineLives();
  try {
    const response = await axios.request<string>({
      method: request.method,
      url: request.url,
      headers: request.headers,
      data: request.body,
      httpAgent,
      httpsAgent:
        request.certificateCheck === undefined
          ? httpsAgent
          : new WatchedHttpsAgent(request.certificateCheck),
      // An emulator on this machine is never behind a proxy.
      ...(request.url.startsWith("http:") ? { proxy: false as const } : {}),
      signal: AbortSignal.timeout(Math.ceil(request.timeoutMs)),
      // A redirect would carry the password to another address.
      maxRedirects: 0,
      maxContentLength: longestAnswerBytes,
      responseType: "text",
      transformRequest: [(body: string) => body],
      transformResponse: [(body: string) => body],
      validateStatus: () => true,
    });
    if (isProxysOwn(request.url, response.request as http.ClientRequest)) {
      const says = `the proxy does not connect to the server (HTTP status ${response.status})`;
      return { kind: "notSent", permanent: response.status < 500, says };
    }
    const headers = response.headers as Record<string, unknown>;
    const json = parse(response.data);
    const garbled = json === undefined && String(response.data).trim() !== "";
    return {
      kind: "response",
      status: response.status,
      header: (name) => String(headers[name.toLowerCase()] ?? ""),
      ...(json === undefined ? {} : { json }),
      ...(garbled ? { garbled } : {}),
    };
  } catch (error) {
    return whatBecameOf(error as AxiosError, axios, new URL(request.url).host);
  }
}

/** Loaded at the first call: the process of the program imports these files too, and never calls. */
function loadAxios(): AxiosStatic {
  return (require("axios") as { default: AxiosStatic }).default;
}

function parse(body: unknown): unknown {
  try {
    return typeof body === "string" && body !== "" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

/** A proxy that makes no tunnel answers in the server's place, and gets nothing of the request. */
function isProxysOwn(url: string, { socket }: http.ClientRequest): boolean {
  return url.startsWith("https:") && socket instanceof Socket && !(socket instanceof TLSSocket);
}

/** Node's words for another end that cannot prove who it is: it is sent nothing, in a tunnel either. */
const untrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_)/;
/** The other end does not speak TLS, or not a version that we do. */
const noTls = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;

function whatBecameOf(error: AxiosError, axios: AxiosStatic, host: string): HttpAnswer {
  const code = error.code ?? "";
  const timedOut = axios.isCancel(error) || code === "ETIMEDOUT" || code === "ECONNABORTED";
  const { syscall } = (error.cause ?? error) as NodeJS.ErrnoException;
  const noConnection = syscall === "connect" || syscall === "getaddrinfo";
  if (untrusted.test(code)) {
    const says = `the server's TLS certificate is not trusted (${code}); a private CA goes into NODE_EXTRA_CA_CERTS`;
    return { kind: "notSent", permanent: true, says };
  }
  if (noConnection || certainlyNotSent(error.request as http.ClientRequest | undefined)) {
    const says = `no connection to ${host}${timedOut ? " in time" : inBrackets(code)}`;
    return { kind: "notSent", permanent: noTls.test(code), says };
  }
  const says = timedOut
    ? "no answer came in time"
    : `the connection broke before the answer${inBrackets(code)}`;
  return { kind: "lost", says };
}

function inBrackets(code: string): string {
  return code === "" ? "" : ` (${code})`;
}
