/** What the state holds of an account's password, and how it is written. */
import type { Account, AccountService } from "./account-service";
import { toWire } from "./secret";
import type { TriedPasswords } from "./tried-passwords";
import type { Verification, Verify } from "./verification/verification";

/** Names of the inputs and outputs that are secret, of all services. */
export const secretNames = [
  "password",
  "currentPassword",
  "candidates",
  "pendingPasswords",
  "refusedPasswords",
  "earlierRefusedPasswords",
] as const;

/** Inputs as `check` returns them. */
export interface Inputs extends Readonly<Record<string, unknown>> {
  readonly password?: string;
  readonly currentPassword?: string;
  readonly candidates?: readonly string[];
  readonly profile?: string;
  readonly timeoutSeconds?: number;
  readonly resetWithoutCurrent?: boolean;
  readonly verify?: Verify;
  readonly drift?: string;
}

/** `confirmed` by the vendor, `adopted` without a call, or `unknown`. */
export type Status = "confirmed" | "adopted" | "unknown";

export interface Outputs extends Inputs, TriedPasswords {
  readonly status?: Status;
  readonly pendingPasswords?: readonly string[];
  readonly unknownSince?: string;
  readonly taskId?: string;
  /** No run has tried the `currentPassword` that was given last: it still comes first. */
  readonly currentPasswordUntried?: boolean;
  readonly changedAt?: string;
  readonly requestId?: string;
  readonly revision?: number;
  readonly endpoint?: string;
  /** The vendor's own text: see `drift.ts`. */
  readonly vendorModifiedAt?: string;
  readonly verification?: Verification;
  readonly verifiedAt?: string;
}

/** Outputs that are not inputs. */
const outputOnly = [
  "status",
  "pendingPasswords",
  "unknownSince",
  "taskId",
  "triedAt",
  "triedAccount",
  "refusedPasswords",
  "earlierTriedAt",
  "earlierTriedAccounts",
  "earlierRefusedPasswords",
  "currentPasswordUntried",
  "changedAt",
  "requestId",
  "revision",
  "endpoint",
  // As an input it would show in the preview of every rotation.
  "vendorModifiedAt",
  "verification",
  "verifiedAt",
] as const;

/** Outputs that the resource class declares beside its arguments. */
export const outputNames = [...outputOnly, "drift"] as const;

export const noDrift = "none";

export function wire(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return toWire(properties, secretNames);
}

export function accountOf(service: AccountService, properties: Inputs): Account {
  return Object.fromEntries(service.identity.map((name) => [name, String(properties[name] ?? "")]));
}

/**
 * The inputs within outputs. Where no password was ever confirmed, the one that was wanted last
 * stands among the pending ones.
 */
export function inputsOf(outputs: Outputs): Inputs {
  const inputs: Record<string, unknown> = { ...outputs };
  for (const name of outputOnly) delete inputs[name];
  inputs["password"] = outputs.password ?? outputs.pendingPasswords?.[0];
  return inputs;
}
