/** Reading calls: repeated where the answer got lost, and paged to the end. */
import type { Presence } from "../account-service";
import { backoffMs } from "../deadline";
import type { Answer, Failure } from "../outcome";
import { done } from "../outcome";
import type { CallContext, TencentCloudRequest, TencentCloudResponse } from "./api";
import { callTencentCloud, permission } from "./api";
import { commonCodes } from "./error-codes";

export type ReadRequest = Omit<TencentCloudRequest, "codes"> &
  Partial<Pick<TencentCloudRequest, "codes">>;

const mostReads = 4;

/** A read may be repeated whatever became of it. */
export async function read(
  request: ReadRequest,
  context: CallContext,
): Promise<Answer<TencentCloudResponse>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await callTencentCloud({ codes: commonCodes, ...request }, context);
    const again = answer.outcome === "tryAgain" || answer.outcome === "unknown";
    if (!again || attempt + 1 >= mostReads) return answer;
    if (!(await context.deadline.wait(backoffMs(attempt)))) return answer;
  }
}

/** All items of a listing, page by page until a short one: no total is trusted. */
export async function readPages(
  request: ReadRequest,
  items: string,
  context: CallContext,
): Promise<Answer<readonly Item[]>> {
  const limit = 100;
  const all: Item[] = [];
  for (let offset = 0; ; offset += limit) {
    const body = { ...request.body, Limit: limit, Offset: offset };
    const answer = await read({ ...request, body }, context);
    if (answer.outcome !== "done") return answer;
    const page = itemsOf(answer.value, items);
    if (page === undefined) return unlisted;
    all.push(...page);
    if (page.length < limit) return done(all, answer.requestId);
  }
}

export type Item = Readonly<Record<string, unknown>>;

/** The items of an answer. `null` is how TCR says "none"; a field that is not there says nothing. */
export function itemsOf(response: TencentCloudResponse, name: string): Item[] | undefined {
  const items = response[name];
  if (items === null) return [];
  return Array.isArray(items) && items.every(isItem) ? items : undefined;
}

function isItem(value: unknown): value is Item {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export const unlisted: Failure = {
  outcome: "unknown",
  code: "API_ERROR",
  says: "the listing is not one that the API documents",
};

/** What a failed read means for `refresh`: nothing is known, so nothing changes. */
export function unreadable(failure: Failure, request: Pick<ReadRequest, "service" | "action">) {
  const reference = [failure.vendor?.vendorCode, failure.vendor?.requestId].filter(Boolean);
  const says =
    failure.code === "PERMISSION_DENIED"
      ? `the credentials lack the permission ${permission(request)}`
      : `${request.action}: ${failure.says}`;
  return {
    kind: "unreadable",
    says: reference.length === 0 ? says : `${says} (${reference.join(", ")})`,
  } as const satisfies Presence;
}

/** Whether a refusal may be a product's way to say that there is no such instance. */
export function mayBeNoInstance(failure: Failure): boolean {
  return failure.outcome === "refused" && ["NOT_FOUND", "API_ERROR"].includes(failure.code);
}

/**
 * What a listing of accounts that lacks the account, or was refused, means once it is known whether
 * the instance is visible.
 */
export function withoutAccount(
  listing: Answer<unknown>,
  request: Pick<ReadRequest, "service" | "action">,
  instanceVisible: boolean | undefined,
): Presence {
  if (!instanceVisible) return { kind: "instanceNotFound" };
  return listing.outcome === "done" ? { kind: "accountGone" } : unreadable(listing, request);
}
