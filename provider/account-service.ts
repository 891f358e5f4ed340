/** What a kind of account is: its identity, its rules, and the calls that its vendor offers for it. */
import type { Deadline } from "./deadline";
import type { Answer } from "./outcome";
import type { PasswordPolicy } from "./password/policy";
import type { Endpoint, Settings } from "./settings";
import type { TriedPasswords } from "./tried-passwords";
import type { Verifier } from "./verification/verification";

/** The resolved identity arguments of one account. */
export type Account<Identity extends string = string> = Readonly<Record<Identity, string>>;

/** What a call needs beside the account. */
export interface CallContext {
  readonly settings: Settings;
  readonly profile: string | undefined;
  readonly deadline: Deadline;
}

/** What `refresh` may learn of an account. */
export type Presence =
  /** `modifiedAt`: when it was modified last, as the vendor writes it, where that is known. */
  | { readonly kind: "present"; readonly modifiedAt?: string }
  /** The instance is there, and a complete listing of it lacks the account. */
  | { readonly kind: "accountGone" }
  /** A wrong key, region or profile looks the same as a deleted instance. */
  | { readonly kind: "instanceNotFound" }
  /** Nobody can say, or was asked; `says` is worth a warning. */
  | { readonly kind: "unreadable"; readonly says?: string };

/**
 * What the vendor's modification time is of: the password alone, or the whole account, which other
 * edits modify too.
 */
export type ModificationTimeOf = "password" | "account";

/** How an argument beside the passwords is checked. */
export type ArgumentKind = "text" | "flag" | "seconds" | "number" | "texts" | "verify";

export interface AccountService<Identity extends string = string> {
  /** `<vendor>:<Class>`: the key in a state's `__provider`, so never changed. */
  readonly type: string;
  /** What the account is called in texts. */
  readonly noun: string;
  /** In the order of the id. A change replaces. */
  readonly identity: readonly Identity[];
  /** Identity arguments that may be left out, and where they come from then. */
  readonly places: Readonly<Partial<Record<Identity, { variable: string; key: string }>>>;
  /** The identity argument that names the instance: its calls go one after another. */
  readonly instanceArgument: Identity;
  /** The identity argument that the policy may forbid as a password. */
  readonly nameArgument?: Identity;
  /** Arguments of this kind of account only. */
  readonly ownArguments: Readonly<Record<string, ArgumentKind>>;
  readonly policy: PasswordPolicy;
  /** Budget of one operation where `timeoutSeconds` is not given. */
  readonly timeoutSeconds: number;
  /**
   * The vendor locks an account after a few wrong passwords: at most one wrong try in so many
   * seconds.
   */
  readonly secondsBetweenWrongTries?: number;

  /** Makes two spellings of one identity argument the same. */
  normalize?(argument: Identity, value: string): string;
  /** @throws `ENDPOINT_INVALID` */
  endpoint(account: Account<Identity>, settings: Settings): Endpoint;

  /**
   * Whether the vendor wants the old password for this account.
   *
   * Absent: never. It then _resets_ the password, and a repeat of the same value does no harm.
   */
  needsCurrent?(
    account: Account<Identity>,
    context: CallContext,
    given: { readonly currentPassword: boolean },
  ): Promise<Answer<boolean>>;
  /** Sets the password, once, and waits until the vendor has finished. */
  setPassword(
    account: Account<Identity>,
    change: { readonly password: string; readonly currentPassword?: string },
    context: CallContext,
  ): Promise<Answer<void>>;
  /** Sets the password without the old one, by another call of the vendor, where there is one. */
  resetPassword?(
    account: Account<Identity>,
    password: string,
    context: CallContext,
  ): Promise<Answer<void>>;
  /** Whether there can be a {@link login}. @default where there is one */
  canLogIn?(account: Account<Identity>, context: CallContext): boolean;
  /** Whether this password is the live one, asked by a login. A wrong one counts as a wrong try. */
  login?(account: Account<Identity>, password: string, context: CallContext): Promise<Answer<void>>;
  /**
   * The password with which this run logs in as that account itself, where it does: the live one,
   * as far as the user knows.
   */
  ownLogin?(account: Account<Identity>, context: CallContext): string | undefined;
  /** Whether this process has been let in as the account of that name on the same instance. */
  wasAccepted?(account: Account<Identity>, name: string): boolean;
  /** Takes note of what the state knows of an account, before any call. */
  noteState?(account: Account<Identity>, state: NotedState): void;
  /** What is worth a warning right after a change, such as an account that takes no login. */
  warnAfterChange?(account: Account<Identity>, context: CallContext): Promise<void>;
  /** How `verify` logs in as the account. */
  readonly verifier?: Verifier<Identity>;
  /** How a user helps when none of the known passwords is the live one. */
  readonly currentUnknownAdvice?: string;
  readonly modificationTimeOf: ModificationTimeOf;
  /** What `refresh` asks. Never a login. */
  lookUp(account: Account<Identity>, context: CallContext): Promise<Presence>;
}

export interface NotedState extends TriedPasswords {
  /** The password that was confirmed last. */
  readonly password?: string | undefined;
}

/** Checks a definition's types; the table of services holds them all alike. */
export function defineService<Identity extends string>(
  service: AccountService<Identity>,
): AccountService<Identity> {
  return service;
}

/** The identity arguments, each percent-encoded, joined by `/`. */
export function idOf(service: AccountService, account: Account): string {
  return service.identity.map((name) => encodeURIComponent(account[name] ?? "")).join("/");
}

/** The name that the account has on its instance. */
export function nameOf(service: AccountService, account: Account): string {
  return (service.nameArgument && account[service.nameArgument]) ?? idOf(service, account);
}

/** How texts name an account. */
export function describe(service: AccountService, account: Account): string {
  return `${service.noun} ${JSON.stringify(service.identity.map((name) => account[name]).join("/"))}`;
}
