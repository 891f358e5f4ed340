import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { AccountRecord, AccountsFile } from "./account-record";
import { Accounts } from "./accounts";
import { type ParsedAccounts, parseAccountsFile } from "./accounts-file";
import { Backends, type BackendsFile, parseBackendsFile } from "./backends";
import { Clock } from "./clock";
import { defaultAccounts } from "./default-accounts";
import type { Emulation } from "./emulation";
import { emulatorEnvironment } from "./environment";
import { type Fault, FaultError, Faults } from "./faults";
import { FileError } from "./fields";
import { EngineTokens } from "./huaweicloud/engine-tokens";
import { IamTokens } from "./huaweicloud/iam";
import { LockOut } from "./huaweicloud/lock-out";
import { RateLimit } from "./rate-limit";
import { RequestLog } from "./request-log";
import { Schedule } from "./schedule";
import { emulatorServer } from "./server";
import { StateFile } from "./state-file";
import { Tasks } from "./tencentcloud/tasks";

export type { AccountRecord, AccountsFile } from "./account-record";
export type { BackendsFile } from "./backends";
export type { Fault } from "./faults";
export type { RequestLogEntry } from "./request-log";

export interface EmulatorOptions {
  /** Port on 127.0.0.1. @default 0, any that is free */
  readonly port?: number | undefined;
  /** The accounts, or the path of the accounts file. @default the quickstart's five */
  readonly accounts?: AccountsFile | string | undefined;
  /** The first faults, or the path of a file with them. @default none */
  readonly faults?: Fault | readonly Fault[] | string | undefined;
  /** Path of the file that keeps the accounts over restarts. @default none is kept */
  readonly state?: string | undefined;
  /**
   * The real servers behind emulated instances, or the path of a file with them: when the password
   * of an account changes, it changes there too. At the start nothing is set in them: they hold the
   * passwords that the accounts, or the state, say that they hold. @default none
   */
  readonly backends?: BackendsFile | string | undefined;
}

/** A running emulator. */
export interface Emulator {
  /** Base URL of everything that it serves. */
  readonly url: string;
  /** The variables that send a program to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Finishes what the vendors still had to do, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts an offline twin of the five password APIs, with IAM, engine tokens and the calls that
 * read. It listens on 127.0.0.1 only.
 *
 * @throws An error whose text says which file or option is wrong, and how.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulation = createEmulation(options);
  const server = emulatorServer(emulation);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    environment: emulatorEnvironment(url),
    close: async () => {
      emulation.postponed.cancel();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await emulation.changes.finish(); // a vendor's task does not end with its client
      await emulation.accounts.idle();
      await closed;
    },
  };
}

function createEmulation(options: EmulatorOptions): Emulation {
  const clock = new Clock();
  const faults = new Faults();
  if (options.faults !== undefined) loadFaults(faults, options.faults);
  const baseline = loadAccounts(options.accounts ?? defaultAccounts);
  const stateFile = options.state === undefined ? undefined : new StateFile(options.state);
  const state = stateFile && readState(stateFile);
  const known = [...baseline.accounts, ...(state?.accounts ?? [])];
  const backends = loadBackends(options.backends ?? {}, known);
  return {
    clock,
    accounts: new Accounts(baseline, stateFile, state, backends),
    faults,
    requests: new RequestLog(),
    rateLimit: new RateLimit(clock),
    tasks: new Tasks(),
    iamTokens: new IamTokens(clock),
    engineTokens: new EngineTokens(clock),
    lockOut: new LockOut(clock),
    changes: new Schedule(),
    postponed: new Schedule(),
  };
}

function loadAccounts(accounts: AccountsFile | string): ParsedAccounts<AccountRecord> {
  if (typeof accounts !== "string") return parseAccountsFile(accounts);
  return inFile(accounts, () => parseAccountsFile(readJson(accounts)));
}

function loadBackends(
  backends: BackendsFile | string,
  accounts: ParsedAccounts<AccountRecord>["accounts"],
): Backends {
  if (typeof backends !== "string") return new Backends(parseBackendsFile(backends, accounts));
  return inFile(backends, () => new Backends(parseBackendsFile(readJson(backends), accounts)));
}

function readState(stateFile: StateFile): ParsedAccounts<AccountRecord> | undefined {
  return inFile(stateFile.path, () => {
    const json = stateFile.read();
    return json === undefined ? undefined : parseAccountsFile(json);
  });
}

function loadFaults(faults: Faults, from: NonNullable<EmulatorOptions["faults"]>): void {
  if (typeof from === "string") inFile(from, () => faults.add(readJson(from)));
  else faults.add(from);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Names the file in what goes wrong with it. A parser's own text may quote a password: left out. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError || error instanceof FaultError)
      throw new Error(`${path}: ${error.message}`);
    if (error instanceof SyntaxError) throw new Error(`${path}: not JSON`);
    throw error;
  }
}
