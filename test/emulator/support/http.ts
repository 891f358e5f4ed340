// Requests as they go over the wire. Not `fetch`: it sets the Host header itself.
import { Agent, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body parsed, or `undefined` where it is not JSON. */
  readonly json: any;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Rejects with `code` ECONNRESET where the connection is reset, ETIMEDOUT where no answer comes. */
export function http(url: string, options: Request = {}): Promise<Response> {
  const { method = "GET", headers = {}, body, timeoutMs = 10_000 } = options;
  const payload = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method,
        headers: { ...headers, "Content-Length": Buffer.byteLength(payload) },
        agent: new Agent({ keepAlive: false }),
        timeout: timeoutMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, headers, text, json: parse(text) });
        });
      },
    );
    request.on("timeout", () =>
      request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
    );
    request.on("error", reject);
    request.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
