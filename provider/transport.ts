/** What it means when there is no answer, or none that can be read. Alike for all vendors. */
import type { HttpAnswer } from "./http";
import type { Failure } from "./outcome";

/** The request never left, or nobody knows what became of it. */
export function notSent(answer: Exclude<HttpAnswer, { kind: "response" }>): Failure {
  if (answer.kind === "lost")
    return { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: answer.says };
  return {
    outcome: answer.permanent ? "refused" : "tryAgain",
    code: "NETWORK",
    says: answer.says,
  };
}

/** An answer that the API does not document: a proxy's page, a cut body, a redirect. */
export function undocumented(status: number, requestId = ""): Failure {
  return {
    outcome: "unknown",
    code: "OUTCOME_UNKNOWN",
    says: `the answer (HTTP status ${status}) is not one that the API documents`,
    httpStatus: status,
    vendor: { requestId },
  };
}

/** An error code or a request id, where it has the form of one: both are shown, whoever sent them. */
export function reference(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]{1,128}$/.test(value) ? value : "";
}

export const rateLimited: Failure = {
  outcome: "refused",
  code: "TIMEOUT",
  says: "its turn under the vendor's rate limit would come after timeoutSeconds",
};

export const noTime: Failure = {
  outcome: "refused",
  code: "TIMEOUT",
  says: "timeoutSeconds was over before the request could be sent",
};
