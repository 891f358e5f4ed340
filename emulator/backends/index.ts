import type { AccountKind, AccountRecord } from "../account-record";
import type { ListedBackend } from "./backends-file";
import { Refusal } from "./backend";

export { type BackendsFile, parseBackendsFile } from "./backends-file";

/** An account of the emulator, as far as a server needs to know it. */
interface Account {
  readonly kind: AccountKind;
  readonly record: AccountRecord;
}

/** A real server has not taken a password, or not said that it has. The text holds none. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

/**
 * The real servers behind the emulated instances. They are told of changes only: what they hold at
 * the start is what the accounts file, or the state, says that they hold.
 */
export class Backends {
  /** @param log Takes one line for each server that failed. @default standard error */
  constructor(
    readonly listed: readonly ListedBackend[] = [],
    readonly log: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  ) {}

  /**
   * Sets the password in the server behind the account's instance; without one there is nothing to
   * do.
   *
   * @param password `""`: none is needed any more.
   * @throws {@link BackendError} The password may be the old or the new one.
   */
  setPassword(account: Account, password: string): Promise<void> {
    return this.#ask(account, ({ backend }) => backend.setPassword(account.record, password));
  }

  /**
   * Whether that would go well now, for a vendor that answers before it has done it.
   *
   * @throws {@link BackendError} It would not.
   */
  check(account: Account): Promise<void> {
    return this.#ask(account, async ({ backend }) => backend.check?.(account.record));
  }

  async #ask(
    account: Account,
    ask: (listed: ListedBackend) => Promise<void> | undefined,
  ): Promise<void> {
    const { kind, record } = account;
    const behind = this.listed.find(
      ({ list, instance }) => list === kind.list && instance === record[kind.instance],
    );
    if (behind === undefined) return;
    try {
      await ask(behind);
    } catch (error) {
      const text = `${behind.at}: the password of ${nameOf(account)} was not set: ${reason(error)}`;
      this.log(`pulumi-account-passwords emulator: ${text}`);
      throw new BackendError(text);
    }
  }
}

/** Such as `tdsql-fdpjf5zh app 10.%`. */
function nameOf({ kind, record }: Account): string {
  return kind.identity.map((field) => record[field]).join(" ");
}

/** From named fields alone: a driver's own text may hold the password. */
function reason(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === "string" && /^\w+$/.test(code)) return code;
  return String(name);
}
