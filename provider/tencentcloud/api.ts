/** One call of Tencent Cloud API 3.0: signed, sent once, and its answer told apart. */
import type { Deadline } from "../deadline";
import type { Answer, CodeMeaning } from "../outcome";
import { done, meaningOf } from "../outcome";
import { send } from "../http";
import type { HttpAnswer } from "../http";
import { takeTurn } from "../rate-limit";
import type { Settings } from "../settings";
import { noTime, notSent, rateLimited, reference, undocumented } from "../transport";
import { credential, productEndpoint } from "./credentials";
import type { Credential } from "./credentials";
import { authorization } from "./tc3-hmac-sha256";

export interface TencentCloudRequest {
  /** The product's label: `tcr`, `mariadb`, `postgres`, `redis`. */
  readonly service: string;
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The documented limit of the action, in requests per second. */
  readonly perSecond: number;
  /** What the documented error codes of this action mean. */
  readonly codes: Readonly<Record<string, CodeMeaning>>;
}

export interface CallContext {
  readonly settings: Settings;
  readonly profile: string | undefined;
  readonly deadline: Deadline;
}

/** What stands beside `RequestId` in a successful answer. */
export type TencentCloudResponse = Readonly<Record<string, unknown>>;

const contentType = "application/json; charset=utf-8";

/** @throws `CREDENTIALS_MISSING`, `ENDPOINT_INVALID`, `ENGINE_GONE`: nothing was sent. */
export async function callTencentCloud(
  request: TencentCloudRequest,
  context: CallContext,
): Promise<Answer<TencentCloudResponse>> {
  const { settings, deadline } = context;
  const { url, host } = productEndpoint(settings, request.service, request.region);
  const keys = await keysOf(context);
  const queue = [keys.secretId, url, request.service, request.action].join(" ");
  if (!(await takeTurn(queue, request.perSecond, deadline))) return rateLimited;

  const payload = JSON.stringify(request.body);
  const timestamp = Math.floor(Date.now() / 1000);
  const timeoutMs = deadline.attemptMs();
  if (timeoutMs <= 0) return noTime;
  const answer = await send({
    method: "POST",
    url,
    headers: {
      "Content-Type": contentType,
      Host: host,
      "X-TC-Action": request.action,
      "X-TC-Version": request.version,
      "X-TC-Region": request.region,
      "X-TC-Timestamp": String(timestamp),
      "X-TC-Language": "en-US",
      ...(keys.token === undefined ? {} : { "X-TC-Token": keys.token }),
      Authorization: authorization(keys, request.service, timestamp, {
        headers: { "content-type": contentType, host, "x-tc-action": request.action },
        payload,
      }),
    },
    body: payload,
    timeoutMs,
  });
  return understand(answer, request.codes);
}

const keysOfOperations = new WeakMap<CallContext, Credential>();

/**
 * The same keys for a whole operation: a file that is being rewritten while a change that the
 * vendor has accepted is waited for would else make an error of it.
 */
async function keysOf(context: CallContext): Promise<Credential> {
  const known = keysOfOperations.get(context);
  if (known !== undefined) return known;
  const keys = await credential(context.settings, context.profile);
  keysOfOperations.set(context, keys);
  return keys;
}

/**
 * Reads the envelope `{ Response: { Error?: { Code }, RequestId } }`. Business errors come with
 * status 200. A status other than that without an envelope, or a body that is none, says nothing
 * about what happened.
 */
export function understand(
  answer: HttpAnswer,
  codes: TencentCloudRequest["codes"],
): Answer<TencentCloudResponse> {
  if (answer.kind !== "response") return notSent(answer);
  const response = member(answer.json, "Response");
  const id = member(response, "RequestId");
  const requestId = reference(id);
  const error = member(response, "Error");
  const vendorCode = reference(member(error, "Code"));

  if (error !== undefined && vendorCode !== "")
    return { ...meaningOf(codes, vendorCode), vendor: { vendorCode, requestId } };
  const hasId = typeof id === "string" && id !== "";
  if (answer.status !== 200 || response === undefined || error !== undefined || !hasId)
    return undocumented(answer.status, requestId);
  return done(response as TencentCloudResponse, requestId);
}

function member(value: unknown, name: string): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return (value as Record<string, unknown>)[name] ?? undefined;
}

/** The permission behind an action, as CAM names it. */
export function permission(request: Pick<TencentCloudRequest, "service" | "action">): string {
  return `${request.service}:${request.action}`;
}
