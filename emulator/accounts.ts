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
import { Backends } from "./backends";
import type { StateFile } from "./state-file";

export interface Account {
  readonly kind: AccountKind;
  /** Changed in place. */
  readonly record: AccountRecord;
  /** How many changes of the password have begun that take a while: Redis tasks, PostgreSQL resets. */
  begun: number;
  /** The last of them that has ended. */
  ended: number;
}

/** Whether a change of the password is on its way. */
export function isChanging({ begun, ended }: Account): boolean {
  return begun > ended;
}

/** Fields that say something of the emulator or of the instance: setting them changes no account. */
const notOfTheAccount: readonly AccountField[] = [
  "deny",
  "instanceDeleted",
  "instanceStatus",
  "resetMs",
  "taskMs",
];

/** Fields that say which password the account's server asks for. */
const ofTheLogin: readonly AccountField[] = ["password", "noAuth"];

const longAgo = "2024-01-01T00:00:00.000Z";

/**
 * Every account with its live password. Each change is in the real server, where there is one, and
 * then in the state file before it is answered.
 */
export class Accounts {
  #accounts: Account[] = [];
  #generation: ServicecombGeneration | undefined;
  readonly #turns = new Map<Account, Promise<void>>();

  /**
   * @param baseline What `reset` goes back to.
   * @param state Where the accounts are kept over restarts. What stands there wins over the
   *   baseline; accounts that only the baseline has are added.
   * @param backends The real servers.
   */
  constructor(
    readonly baseline: ParsedAccounts<AccountRecord>,
    readonly stateFile?: StateFile,
    state?: ParsedAccounts<AccountRecord>,
    readonly backends = new Backends(),
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

  /**
   * Back to the accounts file, and the real servers with it.
   *
   * @throws {@link BackendError} One of them failed: no account has gone back.
   */
  async reset(): Promise<void> {
    await this.idle();
    for (const listed of this.baseline.accounts) {
      const account = this.find(listed.kind, identityOf(listed));
      const password = loginPassword(listed.fields);
      if (account !== undefined && loginPassword(account.record) !== password)
        await this.backends.setPassword(account, password);
    }
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

  /**
   * Sets the password as the vendor does.
   *
   * @param noAuth Redis: no password is asked for any more.
   * @throws {@link BackendError} The real server failed: the account is as it was.
   */
  async setPassword(account: Account, password: string, noAuth = false): Promise<void> {
    const loginFields = "noAuth" in account.kind.fields ? { noAuth: noAuth || null } : {};
    await this.#change(account, { password, ...loginFields });
    this.save();
  }

  /**
   * Changes made outside of any API; none where one of the accounts is not there.
   *
   * @returns What was not found, such as `tencentcloud.redis[0]`.
   * @throws {@link BackendError} A real server failed: what stands before it is done, the rest not.
   */
  async patch(patches: ParsedAccounts<AccountPatch>): Promise<string | undefined> {
    const changes = patches.accounts.map((listed) => ({
      ...listed,
      account: this.find(listed.kind, identityOf(listed)),
    }));
    const missing = changes.find(({ account }) => account === undefined);
    if (missing !== undefined) return missing.at;
    try {
      for (const { account, fields } of changes)
        if (account !== undefined) await this.#change(account, fields);
      this.#generation = patches.generation ?? this.#generation;
    } finally {
      this.save();
    }
    return undefined;
  }

  /** When every change that has begun has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
  }

  toFile(): AccountsFile {
    return formatAccountsFile(this.#accounts, this.#generation);
  }

  save(): void {
    this.stateFile?.write(this.toFile());
  }

  /** One change of an account after the other, so that server and account agree on the last one. */
  #change(account: Account, fields: AccountPatch): Promise<void> {
    const before = this.#turns.get(account) ?? Promise.resolve();
    const change = async () => {
      const { kind, record } = account;
      const changed = (Object.keys(fields) as AccountField[]).filter(
        (field) => field in kind.fields && fields[field] !== undefined,
      );
      if (changed.some((field) => ofTheLogin.includes(field)))
        await this.backends.setPassword(account, loginPassword({ ...record, ...fields }));
      if (changed.some((field) => !notOfTheAccount.includes(field)))
        this.#modified(account, changed.includes("password"));
      for (const field of changed) {
        if (fields[field] === null) delete record[field];
        else Object.assign(record, { [field]: fields[field] });
      }
    };
    const turn = before.then(change, change);
    this.#turns.set(account, turn);
    return turn;
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
  return { kind, record: structuredClone(fields), begun: 0, ended: 0 };
}

/** What its server asks for; `""`: nothing. */
function loginPassword({ password, noAuth }: AccountPatch): string {
  return noAuth === true ? "" : (password ?? "");
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
