/** One HTTP call of Huawei Cloud or of an engine, sent once, and its answer told apart. */
import type { CallContext } from "../account-service";
import { send } from "../http";
import type { HttpRequest } from "../http";
import type { Answer } from "../outcome";
import { done, meaningOf } from "../outcome";
import { takeTurn } from "../rate-limit";
import { noTime, notSent, rateLimited, reference, undocumented } from "../transport";
import { servicecombCodes } from "./error-codes";

/**
 * No limit is documented for these calls; the tightest of the other vendor is kept, so that a fleet
 * does not run into one.
 */
const perSecond = 20;

export interface HuaweiResponse {
  readonly json: unknown;
  header(name: string): string;
}

export async function callHuawei(
  request: Omit<HttpRequest, "timeoutMs">,
  /** Whose rate it counts against. */
  caller: string,
  context: Pick<CallContext, "deadline">,
): Promise<Answer<HuaweiResponse>> {
  const { origin } = new URL(request.url);
  if (!(await takeTurn(`${caller} ${origin}`, perSecond, context.deadline))) return rateLimited;
  const timeoutMs = context.deadline.attemptMs();
  if (timeoutMs <= 0) return noTime;
  const answer = await send({ ...request, timeoutMs });
  if (answer.kind !== "response") return notSent(answer);

  const requestId = reference(answer.header("X-Request-Id"));
  const vendorCode = errorCode(answer.json);
  if (answer.status >= 200 && answer.status < 300) {
    // A page in the answer's place, or an error in it: whoever said so may not be the vendor.
    if (answer.garbled || hasError(answer.json))
      return { ...undocumented(answer.status), vendor: { vendorCode, requestId } };
    return done({ json: answer.json, header: answer.header }, requestId);
  }
  if (vendorCode !== "") {
    const meaning = meaningOf(servicecombCodes, vendorCode);
    return { ...meaning, httpStatus: answer.status, vendor: { vendorCode, requestId } };
  }
  return undocumented(answer.status, requestId);
}

/** Control plane `error_code`, engine `errorCode`. Nothing else of the body is read. */
function errorCode(body: unknown): string {
  const code = errorOf(body);
  return reference(typeof code === "number" ? String(code) : code);
}

/** Whether there is one, of whatever form. */
function hasError(body: unknown): boolean {
  return errorOf(body) !== undefined;
}

function errorOf(body: unknown): unknown {
  if (body === null || typeof body !== "object") return undefined;
  const { error_code: snake, errorCode: camel } = body as Record<string, unknown>;
  return snake ?? camel ?? undefined;
}
