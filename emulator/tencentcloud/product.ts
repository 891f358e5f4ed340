import type { AccountKind, Identity } from "../account-record";
import type { Account } from "../accounts";
import type { Emulation } from "../emulation";
import type { ActionOf } from "../actions";
import type { Parameters, ParameterSpec } from "./parameters";

export type ProductName = "tcr" | "mariadb" | "postgres" | "redis";

/** One of the four products: its version and its actions. */
export interface Product {
  /** Label in the host name and in the credential scope. */
  readonly service: ProductName;
  readonly version: string;
  readonly kind: AccountKind;
  readonly actions: Readonly<Record<string, Action>>;
}

/** A product that has each action of its service, and no other. */
export interface ProductOf<Name extends ProductName> extends Product {
  readonly service: Name;
  readonly actions: Readonly<Record<ActionOf<Name>, Action>>;
}

export interface Action {
  /** Documented requests per second. */
  readonly perSecond: number;
  /** Whether it sets a password. */
  readonly write?: true;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Code of a missing permission. */
  readonly denied: string;
  /** The instances that the request names. */
  instances(parameters: Parameters, emulation: Emulation): readonly string[];
  /** What else of an account's identity the request names. */
  account?(parameters: Parameters): Identity;
  /** Does what the vendor does, and gives the fields of its answer. */
  answer(request: ActionRequest): object | Promise<object>;
}

export interface ActionRequest {
  readonly parameters: Parameters;
  readonly region: string;
  readonly emulation: Emulation;
  readonly taskFails: boolean;
}

/** The accounts of an instance as the credential sees it in that region: `undefined` if not at all. */
export function visibleInstance(
  kind: AccountKind,
  instance: string,
  { emulation, region }: Pick<ActionRequest, "emulation" | "region">,
): readonly Account[] | undefined {
  const accounts = emulation.accounts.ofInstance(kind, instance, { region });
  return accounts.length === 0 || isInstanceDeleted(accounts) ? undefined : accounts;
}

export function isInstanceDeleted(accounts: readonly Account[]): boolean {
  return accounts.some(({ record }) => record.instanceDeleted === true);
}

/** What the instance's status is, in the vendor's words. */
export function instanceStatus(accounts: readonly Account[], running: number): number;
export function instanceStatus(accounts: readonly Account[], running: string): string;
export function instanceStatus(
  accounts: readonly Account[],
  running: number | string,
): number | string {
  const said = accounts.find(({ record }) => record.instanceStatus !== undefined);
  return said?.record.instanceStatus ?? running;
}

/** The ids of the instances that are visible in that region, each once, in the order of the file. */
export function visibleInstances(
  kind: AccountKind,
  request: Pick<ActionRequest, "emulation" | "region">,
  everyRegion = false,
): string[] {
  const ids = request.emulation.accounts
    .of(kind)
    .filter(
      ({ record }) =>
        everyRegion || record.region === undefined || record.region === request.region,
    )
    .map(({ record }) => String(record[kind.instance]));
  return [...new Set(ids)].filter((id) => {
    const accounts = request.emulation.accounts.ofInstance(
      kind,
      id,
      everyRegion ? {} : { region: request.region },
    );
    return !isInstanceDeleted(accounts);
  });
}

/** A vendor's page of a list. */
export function page<Item>(items: readonly Item[], offset: number, limit: number): Item[] {
  return items.slice(offset, offset + limit);
}

/** Beijing time without a zone, such as `2026-08-21 14:05:00`, as three of the products write it. */
export function beijingTime(iso: string): string {
  return beijing(iso).slice(0, 19).replace("T", " ");
}

/** ISO 8601 with Beijing's offset, as TCR writes it. */
export function beijingIsoTime(iso: string): string {
  return `${beijing(iso).slice(0, 19)}+08:00`;
}

function beijing(iso: string): string {
  return new Date(Date.parse(iso) + 8 * 60 * 60 * 1000).toISOString();
}
