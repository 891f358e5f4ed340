import {
  type AccountField,
  type AccountKind,
  accountKinds,
  type AccountRecord,
  type AccountsFile,
  bareName,
  type ServicecombGeneration,
} from "./account-record";
import { actionsOf } from "./actions";
import { checkField, fieldTypes, FileError, list, noOtherKeys, object } from "./fields";

/** Fields of one account; `null` takes a field back to its default. */
export type AccountPatch = { [F in AccountField]?: AccountRecord[F] | null };

export interface ListedAccount<Fields> {
  readonly kind: AccountKind;
  /** Where it stands, such as `tencentcloud.redis[0]`. */
  readonly at: string;
  readonly fields: Fields;
}

export interface ParsedAccounts<Fields> {
  readonly generation?: ServicecombGeneration;
  readonly accounts: readonly ListedAccount<Fields>[];
}

/** The accounts of a file, each with its password and listed once. */
export function parseAccountsFile(json: unknown): ParsedAccounts<AccountRecord> {
  const parsed = parseAccountPatches(json);
  const seen = new Map<string, string>();
  for (const { kind, at, fields } of parsed.accounts) {
    if (fields.password === undefined) throw new FileError(`${at}: password is missing`);
    const key = JSON.stringify([
      kind.list,
      ...[...kind.identity, ...kind.place].map((field) => fields[field] ?? ""),
    ]);
    const first = seen.get(key);
    if (first !== undefined) throw new FileError(`${at}: the same account as ${first}`);
    seen.set(key, at);
    const empty = Object.keys(fields).find((field) => fields[field as AccountField] === null);
    if (empty !== undefined) throw new FileError(`${at}.${empty}: must not be null`);
  }
  return parsed as ParsedAccounts<AccountRecord>;
}

/** The same form with any part of each account's fields. */
export function parseAccountPatches(json: unknown): ParsedAccounts<AccountPatch> {
  const file = object(json, "accounts");
  noOtherKeys(file, ["tencentcloud", "huaweicloud"], "accounts");
  const vendors: Record<string, Record<string, unknown>> = {};
  for (const vendor of ["tencentcloud", "huaweicloud"] as const) {
    vendors[vendor] = file[vendor] === undefined ? {} : object(file[vendor], vendor);
    const lists = accountKinds.filter((kind) => kind.vendor === vendor).map((kind) => kind.list);
    noOtherKeys(
      vendors[vendor],
      vendor === "huaweicloud" ? [...lists, "servicecombGeneration"] : lists,
      vendor,
    );
  }
  const generation = parseGeneration(vendors["huaweicloud"]?.["servicecombGeneration"]);
  const accounts = accountKinds.flatMap((kind) => {
    const listed = vendors[kind.vendor]?.[kind.list] ?? [];
    return list(listed, `${kind.vendor}.${kind.list}`).map(({ at, json: fields }) => ({
      kind,
      at,
      fields: parseFields(kind, fields, at),
    }));
  });
  return generation === undefined ? { accounts } : { generation, accounts };
}

function parseGeneration(value: unknown): ServicecombGeneration | undefined {
  if (value === undefined || value === "v2" || value === "2025-06") return value;
  throw new FileError('huaweicloud.servicecombGeneration: must be "v2" or "2025-06"');
}

function parseFields(kind: AccountKind, json: unknown, at: string): AccountPatch {
  const fields = object(json, at);
  const names = [...kind.identity, ...kind.place];
  noOtherKeys(fields, [...names, ...Object.keys(kind.fields)], at);
  for (const name of kind.identity)
    if (fields[name] === undefined) throw new FileError(`${at}: ${name} is missing`);
  for (const name of names)
    if (fields[name] !== undefined) checkField(fieldTypes.text, fields[name], `${at}.${name}`);
  for (const [name, type] of Object.entries(kind.fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (value !== null || name === "password") checkField(fieldTypes[type], value, `${at}.${name}`);
  }
  const unknownAction = ((fields["deny"] ?? []) as string[]).find(
    (action) => !actionsOf(kind.service).includes(action),
  );
  if (unknownAction !== undefined)
    throw new FileError(`${at}.deny: no such action; known: ${actionsOf(kind.service).join(", ")}`);
  const parsed = { ...fields } as AccountPatch;
  if (kind.list === "tcr") parsed.accountName = bareName(String(parsed.accountName));
  return parsed;
}

/** The accounts in the file's form. */
export function formatAccountsFile(
  accounts: readonly { readonly kind: AccountKind; readonly record: AccountRecord }[],
  generation: ServicecombGeneration | undefined,
): AccountsFile {
  const recordsOf = (list: AccountKind["list"]): AccountRecord[] =>
    accounts.filter(({ kind }) => kind.list === list).map(({ record }) => ({ ...record }));
  return {
    tencentcloud: {
      tcr: recordsOf("tcr"),
      mariadb: recordsOf("mariadb"),
      postgresql: recordsOf("postgresql"),
      redis: recordsOf("redis"),
    },
    huaweicloud: {
      ...(generation === undefined ? {} : { servicecombGeneration: generation }),
      servicecomb: recordsOf("servicecomb"),
    },
  };
}
