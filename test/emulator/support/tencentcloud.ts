// Calls of API 3.0, signed by the provider's signer: the emulator's verifier is another implementation.
import type { Emulator } from "../../../emulator";
import { authorization } from "../../../provider/tencentcloud/tc3-hmac-sha256";
import { http, type Response } from "./http";

export const versions = {
  tcr: "2019-09-24",
  mariadb: "2017-03-12",
  postgres: "2017-03-12",
  redis: "2018-04-12",
} as const;

export interface ApiCall {
  readonly service: keyof typeof versions;
  readonly action: string;
  readonly body?: unknown;
  readonly secretId?: string;
  readonly secretKey?: string;
  /** Seconds. */
  readonly timestamp?: number;
  /** Instead of, or beside, those that are sent; an empty one is left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signed beside content-type and host, with the values that are sent. */
  readonly alsoSigned?: readonly string[];
  /** What is signed instead of what is sent. */
  readonly signed?: {
    readonly host?: string;
    readonly payload?: string;
    readonly service?: string;
  };
  readonly timeoutMs?: number;
}

export interface ApiAnswer {
  readonly RequestId: string;
  readonly Error?: { readonly Code: string; readonly Message: string };
  readonly [field: string]: any;
}

export async function send(emulator: Emulator, call: ApiCall): Promise<Response> {
  const { service, action, body = {}, alsoSigned = [], signed = {} } = call;
  const { secretId = "AKIDemulator", secretKey = "emulator-secret-key" } = call;
  const timestamp = call.timestamp ?? Math.floor(Date.now() / 1000);
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    Host: new URL(emulator.url).host,
    "X-TC-Action": action,
    "X-TC-Version": versions[service],
    "X-TC-Timestamp": String(timestamp),
    "X-TC-Region": "ap-guangzhou",
    ...call.headers,
  };
  for (const [name, value] of Object.entries(headers)) if (value === "") delete headers[name];
  const toSign: Record<string, string> = {
    "Content-Type": headers["Content-Type"] ?? "",
    Host: signed.host ?? headers["Host"] ?? "",
  };
  for (const name of alsoSigned) toSign[name] = headers[name] ?? "";
  headers["Authorization"] ??= authorization(
    { secretId, secretKey },
    signed.service ?? service,
    timestamp,
    { headers: toSign, payload: signed.payload ?? payload },
  );
  const { timeoutMs = 10_000 } = call;
  return http(`${emulator.url}/`, { method: "POST", headers, body: payload, timeoutMs });
}

/** The content of the envelope. */
export async function api(emulator: Emulator, call: ApiCall): Promise<ApiAnswer> {
  const { status, json } = await send(emulator, call);
  if (status !== 200 || json?.Response?.RequestId === undefined)
    throw new Error(`not an envelope: ${status} ${JSON.stringify(json)}`);
  return json.Response as ApiAnswer;
}

/** The error code, or `undefined` where the call succeeds. */
export async function errorCode(emulator: Emulator, call: ApiCall): Promise<string | undefined> {
  return (await api(emulator, call)).Error?.Code;
}
