/** The texts of a change that did not end well: what is true now, and what to do next. */
import type { ChangeResult } from "./change-password";
import { AccountPasswordError } from "./errors";
import type { ErrorCode } from "./errors";
import type { Failure } from "./outcome";
import type { Outputs } from "./state";
import type { TriedPasswords } from "./tried-passwords";
import { pause } from "./wrong-tries";

/** Whom a text is about. */
export interface Subject {
  /** How the account is called. */
  readonly name: string;
  /** Its name on its instance. */
  readonly accountName: string;
  /** The service's own words for `CURRENT_PASSWORD_UNKNOWN`. */
  readonly currentUnknownAdvice?: string | undefined;
}

/** Nothing happened, and nothing is unknown. */
export function changeFailed(
  subject: Subject,
  failure: Failure,
  olds: Outputs | undefined,
): AccountPasswordError {
  // A run that was killed could tell nobody what it has done.
  const sinceThen = "if an earlier run was killed, a newer one may be live";
  const truth =
    olds === undefined
      ? "this run changed nothing"
      : olds.changedAt === undefined || olds.changedAt === ""
        ? `this run changed nothing: the state's password is the adopted one; ${sinceThen}`
        : `this run changed nothing: the state's password is the one confirmed on ${olds.changedAt}; ${sinceThen}`;
  return explained(subject, failure, truth, failure.code);
}

/** What stopped the change before it began (no credentials, say), with the account that it is about. */
export function changeImpossible(
  subject: Subject,
  error: AccountPasswordError,
): AccountPasswordError {
  const why = error.text.charAt(0).toLowerCase() + error.text.slice(1);
  return new AccountPasswordError(
    error.code,
    `Cannot set the password of ${subject.name}: ${why}`,
    error.vendor,
  );
}

/** Something has to be remembered for the next run. */
export function changeUnsettled(
  subject: Subject,
  { failure, pendingPasswords, ...tried }: Extract<ChangeResult, { kind: "unsettled" }>,
  properties: Outputs,
  isCreate: boolean,
): AccountPasswordError {
  if (pendingPasswords.length === 0) {
    const { triedAccount } = failure;
    const truth =
      triedAccount !== undefined
        ? `what failed is the login as ${JSON.stringify(triedAccount)}, and the password of this account was not touched`
        : properties.password === undefined
          ? "this run changed nothing, and which password is live is not known"
          : "this run changed nothing, and the password in the state may not be the live one";
    return explained(subject, failure, truth, failure.code, notBefore(subject, failure, tried));
  }
  const several =
    pendingPasswords.length === 1
      ? "the new one"
      : `one of the ${pendingPasswords.length} new ones that were tried since`;
  const before =
    properties.password === undefined
      ? "or the one from before, which the state only knows if it was given as currentPassword"
      : "or the one confirmed before (output password), and all are kept in the state";
  const truth = `it is not known whether the change happened: live is ${several} (output pendingPasswords, readable by \`pulumi stack export --show-secrets\`) ${before}`;
  const code = failure.outcome === "unknown" ? "OUTCOME_UNKNOWN" : failure.code;
  const lingering = isCreate
    ? "; if the engine goes on warning of an interrupted creation, `pulumi refresh --clear-pending-creates` ends that"
    : "";
  return explained(subject, failure, truth, code, notBefore(subject, failure, tried) + lingering);
}

/** The server that `verify` names does not take the password. */
export function verificationRefused(
  { name }: Subject,
  says: string,
  { status }: Outputs,
  changedNow: boolean,
): AccountPasswordError {
  const [password, truth] = changedNow
    ? [
        "its new password",
        "the vendor has confirmed the change, the state has the new password, and the old one is gone",
      ]
    : status === "adopted"
      ? ["the password that it was adopted with", "nothing was changed"]
      : ["its password", "nothing was changed; the vendor had confirmed that password"];
  const ifWrong =
    status === "adopted"
      ? "give the live password if this one is wrong"
      : "change the password's generator, or its value, if somebody else has set another one";
  return new AccountPasswordError(
    "VERIFICATION_REFUSED",
    `Cannot log in as ${name} with ${password}: ${says}; ${truth}; check that verify names the account's own server, ${ifWrong}, and ${again}: as long as the password is the same it only logs in`,
  );
}

function explained(
  subject: Subject,
  failure: Failure,
  truth: string,
  code: ErrorCode,
  more = "",
): AccountPasswordError {
  return new AccountPasswordError(
    code,
    `Cannot set the password of ${subject.name}: ${failure.says}; ${truth}; ${nextStepOf(code, failure, subject)}${more}`,
    failure.vendor,
  );
}

function nextStepOf(
  code: ErrorCode,
  { toCorrect }: Failure,
  { currentUnknownAdvice }: Subject,
): string {
  if (code === "CURRENT_PASSWORD_UNKNOWN" && currentUnknownAdvice !== undefined)
    return `${currentUnknownAdvice}, and ${again}`;
  if (code === "AUTH_FAILED" && toCorrect !== undefined) return `correct ${toCorrect} and ${again}`;
  if (code === "ACCOUNT_LOCKED" && toCorrect !== undefined)
    return `correct ${toCorrect} meanwhile if it is wrong, and ${nextStep[code]}`;
  return nextStep[code] ?? again;
}

/** A run too soon after a wrong password would do nothing. */
function notBefore(
  { accountName }: Subject,
  failure: Failure,
  { triedAt, triedAccount = accountName }: TriedPasswords,
): string {
  const waiting = pause(Date.parse(triedAt ?? ""), triedAccount);
  return waiting === undefined || failure.says === waiting.says ? "" : `; ${waiting.says}`;
}

const again = "run `pulumi up` again";

const nextStep = {
  PASSWORD_REJECTED: "choose another password and run `pulumi up` again",
  AUTH_FAILED: "correct the credentials and run `pulumi up` again",
  CLOCK_SKEW: "set the clock of this machine and run `pulumi up` again",
  PERMISSION_DENIED:
    "grant the permission (the README lists them for each resource) and run `pulumi up` again",
  NOT_FOUND:
    "check the account's arguments, the region and whose credentials these are, and run `pulumi up` again",
  INSTANCE_UNAVAILABLE: "run `pulumi up` again when the instance is free",
  ACCOUNT_UNSUPPORTED: "let the account's own mechanism set its password, or change that first",
  THROTTLED:
    "run `pulumi up` again, with a lower ACCOUNT_PASSWORDS_RATE if other runs share the limit",
  NETWORK: "check the network, the proxy variables and the endpoint, and run `pulumi up` again",
  TIMEOUT: "raise timeoutSeconds and run `pulumi up` again",
  API_ERROR: "check the account's arguments, look the vendor's code up, and run `pulumi up` again",
  ACCOUNT_LOCKED: "run `pulumi up` again after that time",
  OUTCOME_UNKNOWN:
    "run `pulumi up` again: it finishes the change; until then do not change the password by other means",
} satisfies Partial<Record<ErrorCode, string>> as Partial<Record<ErrorCode, string>>;
