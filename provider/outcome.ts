/**
 * What an answer of a vendor means. Every call ends in one of five ways, and which one it is
 * decides what the state may say afterwards:
 *
 * - `done`: the vendor says that it happened.
 * - `refused`: it certainly did not happen, and a repeat would be refused too.
 * - `wrongOldPassword`: it certainly did not happen, since the old password is another one.
 * - `tryAgain`: it certainly did not happen, and a repeat may succeed.
 * - `unknown`: nobody can tell.
 */
import type { ErrorCode, VendorAnswer } from "./errors";

export type FailedOutcome = "refused" | "wrongOldPassword" | "tryAgain" | "unknown";

/** What one documented error code means. The tables of these stand in the vendors' `error-codes.ts`. */
export interface CodeMeaning {
  readonly outcome: FailedOutcome;
  readonly code: ErrorCode;
  /** The cause in words, as the middle of a sentence. */
  readonly says: string;
  /** How often the same value may be sent again. @default "budget": as long as there is time */
  readonly repeat?: "budget" | "few" | "never";
}

export interface Failure extends CodeMeaning {
  readonly vendor?: VendorAnswer;
  /**
   * The password that the vendor counted as a wrong try, where wrong tries lock an account. Empty:
   * one that may have been counted, and is not known to be wrong.
   */
  readonly triedPassword?: string;
  /** Whose password it was, or will be after a pause, where it is the login account's. */
  readonly triedAccount?: string;
  /** The variable, key or argument with which the user puts that right. */
  readonly toCorrect?: string;
  /** Where the status may say more than the body. */
  readonly httpStatus?: number;
  /** The vendor's task that was still open. */
  readonly taskId?: string;
}

export interface Done<T> {
  readonly outcome: "done";
  readonly requestId: string;
  readonly value: T;
}

export type Answer<T> = Done<T> | Failure;

export function done<T>(value: T, requestId = ""): Done<T> {
  return { outcome: "done", requestId, value };
}

/** The meaning of a vendor's error code. One that is not documented says nothing: unknown. */
export function meaningOf(
  codes: Readonly<Record<string, CodeMeaning>>,
  vendorCode: string,
): CodeMeaning {
  return (
    (Object.hasOwn(codes, vendorCode) ? codes[vendorCode] : undefined) ?? {
      outcome: "unknown",
      code: "OUTCOME_UNKNOWN",
      says: "the vendor answered with an error code that is not documented for this call",
      repeat: "few",
    }
  );
}
