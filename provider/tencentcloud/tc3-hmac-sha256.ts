/**
 * Tencent Cloud's request signature, step by step in the vendor's words ("Signature v3"). Pure:
 * time and keys are arguments.
 *
 * Own code instead of the vendor's SDK, which signs a host without its port, follows redirects with
 * the password in the body, and drops the request id of a failed call.
 */
import { createHash, createHmac } from "node:crypto";

export const algorithm = "TC3-HMAC-SHA256";

export interface RequestToSign {
  /** Headers that are signed; `content-type` and `host` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte as it goes on the wire. */
  readonly payload: string;
}

export interface SigningKeyScope {
  /** UTC day of the timestamp, such as `2019-02-25`. */
  readonly date: string;
  /** The product's label, such as `cvm`. */
  readonly service: string;
}

/** The signed headers' names, lower case, in ASCII order, joined by `;`. */
export function signedHeaders(headers: RequestToSign["headers"]): string {
  return canonicalEntries(headers)
    .map(([name]) => name)
    .join(";");
}

export function canonicalRequest({ headers, payload }: RequestToSign): string {
  const canonicalHeaders = canonicalEntries(headers)
    .map(([name, value]) => `${name}:${value}\n`)
    .join("");
  return ["POST", "/", "", canonicalHeaders, signedHeaders(headers), sha256Hex(payload)].join("\n");
}

export function credentialScope({ date, service }: SigningKeyScope): string {
  return `${date}/${service}/tc3_request`;
}

/** @param timestamp Seconds since 1970, as in `X-TC-Timestamp`. */
export function stringToSign(timestamp: number, scope: SigningKeyScope, canonical: string): string {
  return [algorithm, timestamp, credentialScope(scope), sha256Hex(canonical)].join("\n");
}

export function signingKey(secretKey: string, { date, service }: SigningKeyScope): Buffer {
  const secretDate = hmac(`TC3${secretKey}`, date);
  const secretService = hmac(secretDate, service);
  return hmac(secretService, "tc3_request");
}

export function signature(key: Buffer, toSign: string): string {
  return hmac(key, toSign).toString("hex");
}

/** The value of the `Authorization` header. */
export function authorization(
  credential: { readonly secretId: string; readonly secretKey: string },
  service: string,
  timestamp: number,
  request: RequestToSign,
): string {
  const scope = { date: utcDate(timestamp), service };
  const toSign = stringToSign(timestamp, scope, canonicalRequest(request));
  return (
    `${algorithm} Credential=${credential.secretId}/${credentialScope(scope)}, ` +
    `SignedHeaders=${signedHeaders(request.headers)}, ` +
    `Signature=${signature(signingKey(credential.secretKey, scope), toSign)}`
  );
}

/** The day in UTC, not here: the vendor compares it with the timestamp. */
export function utcDate(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10);
}

/** Names **and values** in lower case, trimmed, in ASCII order of the names. */
function canonicalEntries(headers: RequestToSign["headers"]): [string, string][] {
  return Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().toLowerCase()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
