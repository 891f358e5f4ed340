/** Reading calls: repeated where the answer got lost, and paged to the end. */
import type { Presence } from "../account-service";
import { backoffMs } from "../deadline";
import { present } from "../drift";
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
    const page = itemsAnswer(await read({ ...request, body }, context), items);
    if (page.outcome !== "done") return page;
    all.push(...page.value);
    if (page.value.length < limit) return done(all, page.requestId);
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

/** How an account is looked for where only listings tell. */
export interface AccountSearch {
  /** The listing of the instance's accounts, whole. */
  readonly accounts: () => Promise<Answer<readonly Item[]>>;
  readonly accountsRequest: Pick<ReadRequest, "service" | "action">;
  /** The item's fields that name the account, all of them. */
  readonly nameFields: readonly string[];
  readonly isAccount: (item: Item) => boolean;
  /** When the account was modified last, as its item says it. */
  readonly modifiedAt: (item: Item) => unknown;
  /** The instance, if it is visible. */
  readonly instance: () => Promise<Answer<Item | undefined>>;
  readonly instanceRequest: Pick<ReadRequest, "service" | "action">;
  readonly statusField: string;
  /** Statuses of an instance that works: what another one lists proves nothing. */
  readonly workingStatuses: ReadonlySet<unknown>;
}

/**
 * Looks for an account. "Gone" drops a password from the state, so it takes everything: a visible
 * instance that works, and two complete listings of it that name all their items and lack the
 * account (one that is deleted between two pages shifts another out of sight).
 *
 * @param whenFound Gets the account's item.
 */
export async function lookForAccount(
  search: AccountSearch,
  whenFound: (item: Item) => void = () => undefined,
): Promise<Presence> {
  const first = await search.accounts();
  if (first.outcome !== "done" && !mayBeNoInstance(first))
    return unreadable(first, search.accountsRequest);
  const found = first.outcome === "done" ? first.value.find(search.isAccount) : undefined;
  if (found !== undefined) {
    whenFound(found);
    return present(search.modifiedAt(found));
  }

  const instance = await search.instance();
  if (instance.outcome !== "done")
    return mayBeNoInstance(instance)
      ? { kind: "instanceNotFound" }
      : unreadable(instance, search.instanceRequest);
  if (instance.value === undefined) return { kind: "instanceNotFound" };
  if (first.outcome !== "done") return unreadable(first, search.accountsRequest);
  const status = instance.value[search.statusField];
  if (!search.workingStatuses.has(status))
    return {
      kind: "unreadable",
      says: `the account is not listed, and the instance's status ${JSON.stringify(status)} is not one in which that proves anything`,
    };

  const second = await search.accounts();
  if (second.outcome !== "done") return unreadable(second, search.accountsRequest);
  const shifted = second.value.find(search.isAccount);
  if (shifted !== undefined) return present(search.modifiedAt(shifted));
  const isNamed = (item: Item) =>
    search.nameFields.every((field) => typeof item[field] === "string");
  if (![...first.value, ...second.value].every(isNamed))
    return unreadable(unlisted, search.accountsRequest);
  return { kind: "accountGone" };
}

/** Whether a refusal may be a product's way to say that there is no such instance. */
export function mayBeNoInstance(failure: Failure): boolean {
  return failure.outcome === "refused" && ["NOT_FOUND", "API_ERROR"].includes(failure.code);
}

/** The answer's items, or that it has none that could be read. */
export function itemsAnswer(
  answer: Answer<TencentCloudResponse>,
  name: string,
): Answer<readonly Item[]> {
  if (answer.outcome !== "done") return answer;
  const items = itemsOf(answer.value, name);
  return items === undefined ? unlisted : done(items, answer.requestId);
}
