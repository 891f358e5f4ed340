import type { AccountRecord } from "../account-record";
import { fieldTypes, FileError, type FieldRule } from "../fields";
import { loadPeer, type OptionalPeer } from "../../provider/optional-peers";
import { isLoopback } from "../../provider/loopback";

/** A real server behind one emulated instance. A connection is made for each change, and closed. */
export interface Backend {
  /**
   * Sets the password of an account, and resolves once the server has taken it.
   *
   * @param account As it is before the change.
   * @param password `""`: none is needed any more.
   */
  setPassword(account: AccountRecord, password: string): Promise<void>;
  /** Whether the server could set it now; rejects where it could not. */
  check?(account: AccountRecord): Promise<void>;
}

/** One kind of server: what the backends file says of it, and how a password is set in it. */
export interface BackendKind<Settings extends object> {
  /** The field that names the emulated instance. */
  readonly instance: keyof Settings;
  readonly required: readonly (keyof Settings)[];
  readonly fields: Readonly<Record<keyof Settings, FieldRule>>;
  /**
   * Loads the driver, connects to nothing yet.
   *
   * @throws {@link FileError} The driver is not installed.
   */
  open(settings: Settings): Backend;
}

/** How long a connection may take, and then a statement, in milliseconds. */
export const timeLimitMs = 5000;

export const hostRule: FieldRule = [
  "a loopback address: a rehearsal must not reach another machine",
  (value) => typeof value === "string" && (isLoopback(value) || value === "::1"),
];

export const portRule: FieldRule = [
  "a port, 1 to 65535",
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 65535,
];

export const pathRule: FieldRule = [
  "an absolute path",
  (value) => typeof value === "string" && value.startsWith("/"),
];

export const textRule: FieldRule = fieldTypes.text;

/** Why a server has not taken a password, in words that hold none. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** @throws {@link FileError} It is not installed: this package does not bring it. */
export function neededPeer<Module>(name: OptionalPeer): Module {
  const module = loadPeer<Module>(name);
  if (module === undefined)
    throw new FileError(`needs the package ${name}: npm install --save-dev ${name}`);
  return module;
}
