import {
  type AccountField,
  type AccountKind,
  accountKinds,
  type AccountRecord,
  type AccountsFile,
  bareName,
  type Identity,
  type ServicecombGeneration,
} from "./account-record";
import {
  type AccountPatch,
  formatAccountsFile,
  type ListedAccount,
  type ParsedAccounts,
} from "./accounts-file";
import type { StateFile } from "./state-file";

export interface Account {
  readonly kind: AccountKind;
  /** Changed in place. */
  readonly record: AccountRecord;
  /** How many changes of the password are on their way: a Redis task, a PostgreSQL reset. */
  changing: number;
}

/** Fields that say something of the emulator or of the instance: setting them changes no account. */
const notOfTheAccount: readonly AccountField[] = [
  "deny",
  "instanceDeleted",
  "instanceStatus",
  "resetMs",
  "taskMs",
];

const longAgo = "2024-01-01T00:00:00.000Z";

/** Every account with its live password. Each change is in the state file before it is answered. */
export class Accounts {
  #accounts: Account[] = [];
  #generation: ServicecombGeneration | undefined;

  /**
   * @param baseline What `reset` goes back to.
   * @param state Where the accounts are kept over restarts. What stands there wins over the
   *   baseline; accounts that only the baseline has are added.
   */
  constructor(
    readonly baseline: ParsedAccounts<AccountRecord>,
    readonly stateFile?: StateFile,
    state?: ParsedAccounts<AccountRecord>,
  ) {
    this.#load(state ?? baseline);
    if (state !== undefined) {
      for (const listed of baseline.accounts)
        if (this.find(listed.kind, identityOf(listed)) === undefined)
          this.#accounts.push(account(listed));
      this.#generation = baseline.generation ?? state.generation;
    }
    this.save();
  }

  get generation(): ServicecombGeneration {
    return this.#generation ?? "v2";
  }

  /** Back to the accounts file. */
  reset(): void {
    this.#load(this.baseline);
    this.save();
  }

  /** The accounts of one kind, as listed; deleted ones too. */
  of(kind: AccountKind): Account[] {
    return this.#accounts.filter((account) => account.kind === kind);
  }

  /** The accounts of an instance that is visible from there; deleted ones too. */
  ofInstance(kind: AccountKind, instance: string, place: Identity): Account[] {
    return this.of(kind).filter(
      ({ record }) => record[kind.instance] === instance && isVisible(kind, record, place),
    );
  }

  /** The account of these identity arguments. A part of the place that is left out fits any. */
  find(kind: AccountKind, identity: Identity): Account | undefined {
    return this.of(kind).find(
      ({ record }) =>
        kind.identity.every((field) => record[field] === named(kind, field, identity)) &&
        isVisible(kind, record, identity),
    );
  }

  /** Sets the password as the vendor does. */
  setPassword(account: Account, password: string): void {
    account.record.password = password;
    this.#modified(account, true);
    this.save();
  }

  /**
   * Changes made outside of any API, all or none.
   *
   * @returns What was not found, such as `tencentcloud.redis[0]`.
   */
  patch(patches: ParsedAccounts<AccountPatch>): string | undefined {
    const changes = patches.accounts.map((listed) => ({
      ...listed,
      account: this.find(listed.kind, identityOf(listed)),
    }));
    const missing = changes.find(({ account }) => account === undefined);
    if (missing !== undefined) return missing.at;
    for (const { account, kind, fields } of changes) {
      if (account === undefined) continue;
      const changed = (Object.keys(fields) as AccountField[]).filter(
        (field) => field in kind.fields && fields[field] !== undefined,
      );
      if (changed.some((field) => !notOfTheAccount.includes(field)))
        this.#modified(account, changed.includes("password"));
      for (const field of changed) {
        if (fields[field] === null) delete account.record[field];
        else Object.assign(account.record, { [field]: fields[field] });
      }
    }
    this.#generation = patches.generation ?? this.#generation;
    this.save();
    return undefined;
  }

  toFile(): AccountsFile {
    return formatAccountsFile(this.#accounts, this.#generation);
  }

  save(): void {
    this.stateFile?.write(this.toFile());
  }

  #load(parsed: ParsedAccounts<AccountRecord>): void {
    this.#accounts = parsed.accounts.map(account);
    this.#generation = parsed.generation;
  }

  /** Moves the modification time by a second at least: the vendors' time stamps show no less. */
  #modified({ kind, record }: Account, password: boolean): void {
    const before = Math.floor(Date.parse(modifiedTime(record)) / 1000);
    const seconds = Math.max(Math.floor(Date.now() / 1000), before + 1);
    record.modifiedTime = new Date(seconds * 1000).toISOString();
    if (password && "passwordModifiedTime" in kind.fields)
      record.passwordModifiedTime = record.modifiedTime;
  }
}

/** ISO time. */
export function createTime(record: AccountRecord): string {
  return record.createTime ?? longAgo;
}

/** ISO time. */
export function modifiedTime(record: AccountRecord): string {
  return record.modifiedTime ?? createTime(record);
}

/** The kind of account that a resource's type names. */
export function kindOfType(type: unknown): AccountKind | undefined {
  return accountKinds.find((kind) => kind.type === type);
}

function account({ kind, fields }: ListedAccount<AccountRecord>): Account {
  return { kind, record: structuredClone(fields), changing: 0 };
}

function identityOf({ kind, fields }: ListedAccount<AccountPatch>): Identity {
  return Object.fromEntries(
    [...kind.identity, ...kind.place].map((field) => [field, fields[field]]),
  );
}

function named(kind: AccountKind, field: AccountField, identity: Identity): string | undefined {
  const name = identity[field];
  return kind.list === "tcr" && field === "accountName" && name !== undefined
    ? bareName(name)
    : name;
}

function isVisible(kind: AccountKind, record: AccountRecord, from: Identity): boolean {
  return kind.place.every(
    (field) =>
      from[field] === undefined || record[field] === undefined || record[field] === from[field],
  );
}
