/**
 * A login as the account with its password: the proof that a vendor's answer is not.
 *
 * It proves one thing, that the server which `verify` names takes the password now. What keeps a
 * client from asking (no route, no trust in the certificate, too many connections) says nothing of
 * the password, and neither does a server that would let anybody in.
 */
import type { Account, CallContext } from "../account-service";
import type { OptionalPeer } from "../optional-peers";
import type { Settings } from "../settings";
import type { Tls } from "./tls";

/** What a login has shown. */
export type Verdict =
  | { readonly kind: "accepted" }
  /** `says`: who refused, as the beginning of a sentence. */
  | ({ readonly kind: "refused"; readonly says: string } & CountedTry)
  /** Nothing about the password. */
  | ({ readonly kind: "inconclusive"; readonly says: string } & CountedTry);

interface CountedTry {
  /** Where wrong passwords lock the account: this login may have been counted as one. */
  readonly mayCount?: true;
}

/** The last verdict that is worth remembering of the present password. */
export type Verification = Verdict["kind"];

/** `verify` as `check` has passed it. */
export interface Verify {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: boolean | Tls;
  readonly database?: string;
  readonly userName?: string;
  readonly passwordPrefix?: string;
  readonly onRefresh?: boolean;
  readonly timeoutSeconds?: number;
}

export type VerifyArgument = keyof Verify;

/** How the accounts of one service are logged in to. */
export interface Verifier<Identity extends string = string> {
  /** The npm package that does it, which the user installs. Absent: none is needed. */
  readonly driver?: OptionalPeer;
  /** Arguments of `verify` beside those that every one has. */
  readonly arguments: readonly VerifyArgument[];
  /** What is wrong although each argument is right; `undefined`: nothing. */
  problem?(account: Account<Identity>, verify: Verify, settings: Settings): string | undefined;
  /** Wrong passwords lock the account, so a refused login is not repeated. @default false */
  readonly onlyOnce?: boolean;
  /** Logs in, once, and never throws for what a server does. */
  logIn(
    account: Account<Identity>,
    password: string,
    verify: Verify,
    context: CallContext,
  ): Promise<Verdict>;
}

export const accepted: Verdict = { kind: "accepted" };

export function refused(says: string): Verdict {
  return { kind: "refused", says };
}

export function inconclusive(says: string): Verdict {
  return { kind: "inconclusive", says };
}

/** How texts name a server. */
export function addressOf({ host = "" }: Verify, port?: number): string {
  const inUrl = host.includes(":") ? `[${host}]` : host;
  return port === undefined ? inUrl : `${inUrl}:${port}`;
}

/** An error's code in brackets. Anything else of a driver's error may quote what was sent. */
export function inBrackets(code: unknown): string {
  return typeof code === "string" && /^[A-Z0-9_]{2,60}$/.test(code) ? ` (${code})` : "";
}
