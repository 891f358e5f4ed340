import { createHash, createHmac } from "node:crypto";
import type { HttpRequest } from "../call";
import { tencentCloud } from "../credentials";
import { TencentCloudError } from "./envelope";

/**
 * The receiving side of TC3-HMAC-SHA256, from the vendor's page "Signature v3". Written apart from
 * the provider's signer on purpose: each checks the other.
 */
const algorithm = "TC3-HMAC-SHA256";
const toleranceSeconds = 5 * 60;

export interface Authorization {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
  /** Lower case, in the order of the header. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The parts of the `Authorization` header, or `undefined` where it has another form. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const match =
    /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header ?? "",
    );
  if (match === null) return undefined;
  const [, secretId = "", date = "", service = "", signedHeaders = "", signature = ""] = match;
  return { secretId, date, service, signedHeaders: signedHeaders.split(";"), signature };
}

/** Header names and values in lower case and trimmed, names in ASCII order. */
export function canonicalRequest(request: HttpRequest, signedHeaders: readonly string[]): string {
  const names = [...signedHeaders].sort();
  const headers = names.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().toLowerCase()}\n`,
  );
  return [
    request.method,
    request.path,
    request.query,
    headers.join(""),
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

export function stringToSign(
  canonical: string,
  scope: { readonly date: string; readonly service: string; readonly timestamp: string },
): string {
  const credentialScope = `${scope.date}/${scope.service}/tc3_request`;
  return [algorithm, scope.timestamp, credentialScope, sha256(canonical)].join("\n");
}

export function signingKey(secretKey: string, date: string, service: string): Buffer {
  const secretDate = hmac(`TC3${secretKey}`, date);
  const secretService = hmac(secretDate, service);
  return hmac(secretService, "tc3_request");
}

export function signatureOf(key: Buffer, text: string): string {
  return hmac(key, text).toString("hex");
}

/**
 * Throws what the vendor answers to a request whose signature, time or credential it refuses.
 *
 * @param nowSeconds The system's time: the emulator's own clock may be days ahead.
 */
export function verifySignature(
  request: HttpRequest,
  nowSeconds = Math.floor(Date.now() / 1000),
): Authorization {
  const authorization = parseAuthorization(request.headers["authorization"]);
  if (authorization === undefined)
    throw new TencentCloudError(
      "AuthFailure.InvalidAuthorization",
      "The Authorization header does not have the form of TC3-HMAC-SHA256.",
    );
  const { signedHeaders } = authorization;
  if (!signedHeaders.includes("content-type") || !signedHeaders.includes("host"))
    throw new TencentCloudError(
      "AuthFailure.InvalidAuthorization",
      "SignedHeaders must have content-type and host.",
    );
  const timestamp = request.headers["x-tc-timestamp"];
  if (timestamp === undefined || timestamp === "")
    throw new TencentCloudError("MissingParameter", "The header X-TC-Timestamp is missing.");
  if (!/^\d+$/.test(timestamp))
    throw new TencentCloudError("InvalidParameter", "X-TC-Timestamp must be seconds.");
  if (Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds)
    throw new TencentCloudError(
      "AuthFailure.SignatureExpire",
      "The signature has expired: X-TC-Timestamp must be within five minutes of the server's time.",
    );
  if (authorization.secretId !== tencentCloud.secretId)
    throw new TencentCloudError("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
  if (!isSigned(request, authorization, timestamp))
    throw new TencentCloudError(
      "AuthFailure.SignatureFailure",
      "The provided credentials could not be validated. Please check your signature is correct.",
    );
  // The accepted key is a permanent one: it has no token, so any token belongs to another key.
  if ((request.headers["x-tc-token"] ?? "") !== "")
    throw new TencentCloudError("AuthFailure.TokenFailure", "The token is not of this SecretId.");
  return authorization;
}

function isSigned(request: HttpRequest, authorization: Authorization, timestamp: string): boolean {
  const { date, service, signedHeaders, signature } = authorization;
  // The day of the scope is the UTC day of the time stamp, whatever day it is at the client.
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) return false;
  if (signedHeaders.some((name) => request.headers[name] === undefined)) return false;
  const key = signingKey(tencentCloud.secretKey, date, service);
  const host = request.headers["host"] ?? "";
  // The vendor's Node SDK signs the host without its port, though it sends the port.
  return [host, host.replace(/:\d+$/, "")].some((signedHost) => {
    const signed = { ...request, headers: { ...request.headers, host: signedHost } };
    const canonical = canonicalRequest(signed, signedHeaders);
    return signatureOf(key, stringToSign(canonical, { date, service, timestamp })) === signature;
  });
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
