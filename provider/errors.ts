import { RunError } from "@pulumi/pulumi";

/**
 * The one error class of the package. Its text says which action failed, for which account, what is
 * true now and what to do next; its `code` is stable. No part of it ever comes from a request or a
 * response body: what a vendor said is reduced to its code and its request id.
 */
export type ErrorCode =
  /** An argument is missing, malformed or not known. */
  | "INVALID_ARGUMENT"
  /** The password breaks the documented rule. Found before any request. */
  | "PASSWORD_POLICY"
  /** The vendor refused the password. */
  | "PASSWORD_REJECTED"
  /** The same account is declared twice in one program. */
  | "DUPLICATE_ACCOUNT"
  /** `import` was asked for: the engine cannot import dynamic resources. */
  | "IMPORT_UNSUPPORTED"
  /** A secret key stands in the stack configuration in clear. */
  | "CONFIG_NOT_SECRET"
  /** No credentials, or an incomplete set of them. */
  | "CREDENTIALS_MISSING"
  /** An endpoint is malformed, or plain `http` and not loopback. */
  | "ENDPOINT_INVALID"
  /** The stack moved between a loopback endpoint and another. */
  | "ENDPOINT_CHANGED"
  /** The engine saves nothing between steps, so an interrupted change could not be recovered. */
  | "CHECKPOINTS_SKIPPED"
  /** The vendor does not accept the credentials. */
  | "AUTH_FAILED"
  /** The local clock is off by more than the vendor tolerates. */
  | "CLOCK_SKEW"
  /** The credentials lack a permission. */
  | "PERMISSION_DENIED"
  /** The account or the instance does not exist, or these credentials do not see it. */
  | "NOT_FOUND"
  /** The instance is locked, busy or in a state that allows no change. */
  | "INSTANCE_UNAVAILABLE"
  /** The account takes no password from this call. */
  | "ACCOUNT_UNSUPPORTED"
  /** The vendor's rate limit. */
  | "THROTTLED"
  /** The account is locked after wrong passwords, or must be left alone to avoid that. */
  | "ACCOUNT_LOCKED"
  /** No known password is the live one. */
  | "CURRENT_PASSWORD_UNKNOWN"
  /** The request was never sent. */
  | "NETWORK"
  /** The time was over before anything was sent. */
  | "TIMEOUT"
  /** The vendor refused for a reason of its own. */
  | "API_ERROR"
  /** A login with the password was refused, whatever the vendor says of the change. */
  | "VERIFICATION_REFUSED"
  /** The change may or may not have happened. */
  | "OUTCOME_UNKNOWN"
  /** The account was just adopted elsewhere with a password other than the one being forgotten. */
  | "ADOPTED_OTHER_PASSWORD"
  /** The run that asked for the change is gone. */
  | "ENGINE_GONE"
  /** The package itself is at fault. */
  | "INTERNAL";

/** What of a vendor's answer may be shown. */
export interface VendorAnswer {
  readonly vendorCode?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * A `RunError`, so that a program that fails with it prints the text alone: the text says where.
 * Without a stack, because the SDK prints it after the text, and a frame of the SDK
 * (`node_modules/@pulumi/output.ts`, two segments) sends the SDK's report of an error into an
 * endless loop on Node 20, in `util.inspect`.
 */
export class AccountPasswordError extends RunError {
  override readonly name = "AccountPasswordError";

  /**
   * @param code Stable; branch on it.
   * @param text Action, account, what is true now, next step. Never a value.
   */
  constructor(
    readonly code: ErrorCode,
    /** Without the reference at its end. */
    readonly text: string,
    readonly vendor: VendorAnswer = {},
  ) {
    super(`${text} (${reference(code, vendor)})`);
    this.stack = "";
  }
}

function reference(code: ErrorCode, { vendorCode, requestId }: VendorAnswer): string {
  return [code, vendorCode, requestId && `request ${requestId}`].filter(Boolean).join(", ");
}

/**
 * A change that has to be remembered although it failed: the engine stores the properties and calls
 * `update` again at the next `up`, whatever the program says.
 */
export class InitializationFailure extends Error {
  readonly reasons: string[];

  constructor(
    readonly error: AccountPasswordError,
    readonly id: string,
    /** Complete outputs, secrets wrapped, and `__provider`: the engine adds nothing. */
    readonly properties: Record<string, unknown>,
  ) {
    super(error.message);
    this.reasons = [error.message];
  }
}
