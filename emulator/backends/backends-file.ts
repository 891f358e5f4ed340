import type { AccountPatch, ListedAccount } from "../accounts-file";
import { checkField, FileError, list, noOtherKeys, object } from "../fields";
import type { Backend, BackendKind } from "./backend";
import { mariadb, type MariadbBackend } from "./mariadb";
import { postgresql, type PostgresqlBackend } from "./postgresql";
import { redis, type RedisBackend } from "./redis";
import { tcr, type TcrBackend } from "./tcr";

/**
 * The backends file: the real servers behind emulated instances, each instance listed once. All of
 * them are on this machine.
 */
export interface BackendsFile {
  tencentcloud?: {
    tcr?: TcrBackend[];
    mariadb?: MariadbBackend[];
    postgresql?: PostgresqlBackend[];
    redis?: RedisBackend[];
  };
}

/** The lists, by the names that the accounts file has for them, too. */
const kinds = { tcr, mariadb, postgresql, redis } as const;

type ListName = keyof typeof kinds;
const listNames = Object.keys(kinds) as readonly ListName[];

export interface ListedBackend {
  readonly list: ListName;
  /** The emulated instance. */
  readonly instance: string;
  /** Where it stands, such as `tencentcloud.mariadb[0]`. */
  readonly at: string;
  readonly backend: Backend;
}

/**
 * The servers of a file. Connects to none.
 *
 * @param accounts All that the emulator has: a server behind none of them is a slip.
 * @throws {@link FileError} What is wrong, and where; also a driver that is not installed.
 */
export function parseBackendsFile(
  json: unknown,
  accounts: readonly ListedAccount<AccountPatch>[],
): ListedBackend[] {
  const file = object(json, "backends");
  noOtherKeys(file, ["tencentcloud"], "backends");
  const lists =
    file["tencentcloud"] === undefined ? {} : object(file["tencentcloud"], "tencentcloud");
  noOtherKeys(lists, listNames, "tencentcloud");
  const backends = listNames.flatMap((name) =>
    list(lists[name] ?? [], `tencentcloud.${name}`).map((listed) => parseBackend(name, listed)),
  );
  const seen = new Map<string, string>();
  for (const { list, instance, at } of backends) {
    const key = JSON.stringify([list, instance]);
    const first = seen.get(key);
    if (first !== undefined) throw new FileError(`${at}: the same instance as ${first}`);
    seen.set(key, at);
    if (
      !accounts.some(({ kind, fields }) => kind.list === list && fields[kind.instance] === instance)
    )
      throw new FileError(`${at}: no account has this ${kinds[list].instance}`);
  }
  return backends;
}

function parseBackend(
  list: ListName,
  { at, json }: { readonly at: string; readonly json: unknown },
): ListedBackend {
  const kind = kinds[list] as unknown as BackendKind<Record<string, unknown>>;
  const settings = object(json, at);
  noOtherKeys(settings, Object.keys(kind.fields), at);
  for (const name of kind.required)
    if (settings[name] === undefined) throw new FileError(`${at}: ${name} is missing`);
  for (const [name, rule] of Object.entries(kind.fields))
    if (settings[name] !== undefined) checkField(rule, settings[name], `${at}.${name}`);
  return { list, instance: String(settings[kind.instance]), at, backend: open(kind, settings, at) };
}

/** Says for which server a driver is missing. */
function open<Settings extends object>(
  kind: BackendKind<Settings>,
  settings: Settings,
  at: string,
): Backend {
  try {
    return kind.open(settings);
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`${at}: ${error.message}`);
    throw error;
  }
}
