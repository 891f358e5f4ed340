import * as pulumi from "@pulumi/pulumi";
import type { AccountPassword, AccountPasswordArgs } from "../account-password";
import { AccountPasswordError } from "../errors";
import type { PasswordPolicy } from "./policy";
import { RotatingPassword } from "./rotating-password";
import type { RotatingPasswordArgs } from "./rotating-password";
import { argumentNames } from "./rotating-password-inputs";
import { Turn } from "./turn";

/**
 * A class of accounts of which one instance has several: `tencentcloud.MariadbAccountPassword`,
 * `tencentcloud.PostgresqlAccountPassword`, `tencentcloud.TcrServiceAccountPassword` or
 * `huaweicloud.ServicecombAccountPassword`.
 */
export interface AlternatingAccountClass<Args extends AccountPasswordArgs> {
  new (
    name: string,
    args: Args,
    opts?: pulumi.CustomResourceOptions,
  ): AccountPassword & NamedAccount;
  readonly policy: PasswordPolicy;
}

/** A Redis instance has no such name: it has one password. */
export type NamedAccount =
  { readonly userName: pulumi.Output<string> } | { readonly accountName: pulumi.Output<string> };

export interface AlternatingPasswordsArgs<Args extends AccountPasswordArgs> extends Omit<
  RotatingPasswordArgs,
  "policy" | "initial" | "initialGeneratedAt"
> {
  /** The class of both accounts; its `policy` is the passwords'. */
  type: AlternatingAccountClass<Args>;
  /**
   * The two accounts, as the class takes them, but without `password` and `candidates`; the first
   * one is active first. With `currentPassword` an account is adopted without a call, and keeps
   * that password until its first turn; take `currentPassword` out when both had theirs.
   *
   * Their order stays: an account in the other's place replaces it.
   */
  accounts: readonly [AlternatingAccount<NoInfer<Args>>, AlternatingAccount<NoInfer<Args>>];
}

/** One account, as its class takes it, without what this component supplies. */
export type AlternatingAccount<Args extends AccountPasswordArgs> = Omit<
  Args,
  "password" | "candidates"
>;

/**
 * Two existing accounts of one service, used in turn: each rotation sets a new password on the idle
 * one and makes it the active one. The other stays valid until the next rotation, so consumers have
 * that long to take up the new credentials, and none is cut off by a rotation.
 *
 * `keepers`, `rotateEvery`, `window`, `spread` and `compromisedBefore` say when the next account
 * has its turn; `length`, `consumers` and `excludeCharacters` shape the passwords. The first
 * `pulumi up` sets both accounts' passwords, but those with `currentPassword`.
 *
 * **`active` never names an account before the vendor has confirmed its password.** While that
 * fails or its outcome is unknown, `pulumi up` fails, `active` and the stack's outputs stay as they
 * were, and the next `pulumi up` tries again. So it does after a run that was killed. An account in
 * use is left alone until the other one is confirmed and a run has ended with it: if by then its
 * own turn is due, it is taken with the `pulumi up` after that, which a line says; the preview
 * shows `[unknown]` where that depends on the outcome. Turns that become due while one fails count
 * as one with it.
 *
 * A preview shows the reason (`<name>-turn`, `~ reason: "first" => "age 92 days > 90"`), and of the
 * account that changes its `turn`, its generator's `version` and its `password`.
 *
 * Limits: Consumers must take up the new credentials before the next rotation, and read them from
 * this component, not from an account. A run that ends after the confirmation but before it has
 * stored the stack's outputs (killed, or failed for another resource) leaves them with the former
 * account, which is valid until the next rotation: let one `pulumi up` end well before you rotate.
 * `compromisedBefore` looks at the last rotation, and each rotation replaces one of the two
 * passwords: after a leak rotate twice, by a keeper; an adopted password counts as made when it was
 * adopted. ServiceComb: set the passwords as an administrator. Accounts that change their own
 * passwords work, with `currentPassword`, one login for each. `destroy` leaves the accounts and
 * their passwords as they are. With `--target` name the whole pair, such as
 * `--target='**AlternatingPasswords$**::app-*'`: who waits for whom changes with each turn, and a
 * part of the pair may end in the engine's "Duplicate resource URN", without harm. `--replace` of
 * `<name>-turn` while the second account is active counts the next rotation as taken, which a line
 * says: rotate once more.
 *
 * It has seven children: `<name>-turn`, a `RotatingPassword` that decides when (its own password is
 * used nowhere), and as `<name>-0` and `<name>-1` for each account a `Turn`, which remembers its
 * turns, a `RotatingPassword` and the account.
 *
 * @example
 *
 * ```ts
 * import { AlternatingPasswords, tencentcloud } from "pulumi-account-passwords";
 *
 * const instanceId = "tdsql-fdpjf5zh";
 * const app = new AlternatingPasswords("app", {
 *   type: tencentcloud.MariadbAccountPassword,
 *   accounts: [
 *     { instanceId, userName: "app_a", host: "10.%" },
 *     { instanceId, userName: "app_b", host: "10.%" },
 *   ],
 *   rotateEvery: { days: 90 },
 * });
 * export const userName = app.active.userName;
 * export const password = app.active.password;
 * ```
 *
 * @throws {@link AccountPasswordError} `INVALID_ARGUMENT`: an argument is missing, malformed or not
 *   known. `DUPLICATE_ACCOUNT`: both accounts are the same. And what the accounts' class fails
 *   with.
 */
export class AlternatingPasswords<Args extends AccountPasswordArgs = AccountPasswordArgs>
  extends pulumi.ComponentResource
{
  /** @internal */
  static readonly __pulumiType = "pulumi-account-passwords:password:AlternatingPasswords";

  /** The credentials to use: those that were confirmed last. */
  readonly active: {
    /** The account's `userName`; of TCR and ServiceComb the `accountName`. */
    readonly userName: pulumi.Output<string>;
    /** Secret. */
    readonly password: pulumi.Output<string>;
  };
  /** The account that has the next turn. What it was active with stays valid until then. */
  readonly standby: { readonly userName: pulumi.Output<string> };

  /** Whether the value is an `AlternatingPasswords`, also one of another copy of this package. */
  static override isInstance(value: unknown): value is AlternatingPasswords {
    return (
      pulumi.ComponentResource.isInstance(value) &&
      (value as { __pulumiType?: unknown }).__pulumiType === AlternatingPasswords.__pulumiType
    );
  }

  constructor(
    name: string,
    args: AlternatingPasswordsArgs<Args>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkArguments(name, args);
    super(AlternatingPasswords.__pulumiType, name, {}, opts);
    const { type, accounts, length, consumers, excludeCharacters, ...rotation } = args;
    const shape = { policy: type.policy, length, consumers, excludeCharacters };
    const child = { parent: this };

    const schedule = new RotatingPassword(
      `${name}-turn`,
      { ...rotation, policy: type.policy },
      child,
    );
    const declare = (index: 0 | 1): Member => {
      const account = accounts[index];
      const { currentPassword } = account as Partial<AccountPasswordArgs>;
      const turn = new Turn(
        `${name}-${index}`,
        {
          due: schedule.version.apply((due) => lastTurn(index, due)),
          // Whose turn it is waits for the other one, which waits for nobody: no two wait for each
          // other. At the beginning neither is in use, so neither waits.
          other: schedule.version.apply((due) =>
            due > 1 && lastTurn(index, due) === due
              ? progress(members[other(index)])
              : pulumi.output(undefined),
          ),
          account: userName(account as unknown as { userName: pulumi.Input<string> }),
        },
        child,
      );
      const generator = new RotatingPassword(
        `${name}-${index}`,
        {
          ...shape,
          keepers: { turn: turn.turn.apply(String) },
          ...(currentPassword === undefined ? {} : { initial: currentPassword }),
        },
        child,
      );
      const accountArgs = { ...account, password: generator } as unknown as Args;
      const resource = new type(`${name}-${index}`, accountArgs, child);
      const isVerified = (account as { verify?: unknown }).verify !== undefined;
      return { turn, generator, isVerified, account: resource, userName: userName(resource) };
    };
    const members = [declare(0), declare(1)] as const;

    const active = pulumi
      .all([members[0].turn.turn, members[1].turn.turn])
      .apply(([first, second]) => {
        const newest = first > second ? 0 : 1;
        return isFinished(members[newest]).apply((is) => (is ? newest : other(newest)));
      });
    this.active = {
      userName: active.apply((index) => members[index].userName),
      password: active.apply((index) => members[index].account.password),
    };
    this.standby = { userName: active.apply((index) => members[other(index)].userName) };
    this.registerOutputs({ active: this.active, standby: this.standby });
  }
}

interface Member {
  readonly turn: Turn;
  readonly generator: RotatingPassword;
  /** Whether it is logged in to after each change. */
  readonly isVerified: boolean;
  readonly account: AccountPassword;
  readonly userName: pulumi.Output<string>;
}

/** Known when the account's password is confirmed, in this run or in an earlier one. */
function progress({ turn, account, isVerified }: Member) {
  const { changedAt, verification } = account;
  // An output that the state does not have is unknown in every preview.
  const refused = isVerified ? verification.apply((login) => login === "refused") : false;
  return pulumi.output({ turn: turn.turn, changedAt, refused });
}

/**
 * Whether the account has the password of its last turn. A run that failed or was killed may have
 * left it without, and a later one may not touch it (`--target`): the engine then hands out what is
 * stored. An account that this run changes hands out nothing before it is confirmed.
 */
function isFinished({ turn, generator, account }: Member): pulumi.Output<boolean> {
  return pulumi
    .all([turn.turn, generator.keepers, generator.version, account.passwordVersion])
    .apply(([taken, keepers, drawn, has]) => {
      if (keepers?.["turn"] !== String(taken) || has !== drawn) return false;
      // A preview cannot know the status of what will be changed.
      if (pulumi.runtime.isDryRun()) return true;
      return pulumi
        .all([account.status, account.verification])
        .apply(([status, login]) => status !== "unknown" && login !== "refused");
    }) as pulumi.Output<boolean>;
}

function other(index: 0 | 1): 0 | 1 {
  return index === 0 ? 1 : 0;
}

function userName<T>(account: { readonly userName: T } | { readonly accountName: T }): T {
  return "userName" in account ? account.userName : account.accountName;
}

/** Odd turns are the first account's, even ones the second's. */
function lastTurn(index: 0 | 1, due: number): number {
  return due % 2 === 1 - index ? due : due - 1;
}

/** The policies of the classes with accounts that have names. */
const policies = [
  "tencentcloud:MariadbAccountPassword",
  "tencentcloud:PostgresqlAccountPassword",
  "tencentcloud:TcrServiceAccountPassword",
  "huaweicloud:ServicecombAccountPassword",
];

/** What this component supplies itself. */
const supplied = ["policy", "initial", "initialGeneratedAt"];

function checkArguments(name: string, given: object): void {
  const refuse = (why: string) =>
    new AccountPasswordError(
      "INVALID_ARGUMENT",
      `Cannot declare AlternatingPasswords ${JSON.stringify(name)}: ${why}`,
    );
  const args = (given ?? {}) as Record<string, unknown>;
  const known = [
    "type",
    "accounts",
    ...argumentNames.filter((argument) => !supplied.includes(argument)),
  ];
  const unknownName = Object.keys(args).find((argument) => !known.includes(argument));
  if (unknownName !== undefined)
    throw refuse(
      `there is no argument ${JSON.stringify(unknownName)}; there are ${known.join(", ")}`,
    );
  const policy = (args["type"] as { policy?: { name?: unknown } } | undefined)?.policy?.name;
  if (policy === "tencentcloud:RedisInstancePassword")
    throw refuse(
      "a Redis instance has one password, so there are no two accounts to use in turn; use tencentcloud.RedisInstancePassword with a RotatingPassword",
    );
  if (typeof args["type"] !== "function" || !policies.includes(policy as string))
    throw refuse(
      `type must be the class of the accounts: ${policies.join(", ").replaceAll(":", ".")}`,
    );
  const accounts: unknown = args["accounts"];
  if (!Array.isArray(accounts) || accounts.length !== 2 || accounts.some((one) => !isRecord(one)))
    throw refuse("accounts must be a list of two objects, the arguments of each account");
  for (const argument of ["password", "candidates"])
    if (accounts.some((account) => argument in (account as object)))
      throw refuse(
        `accounts must not have ${argument}, which is generated; the live password of an account is its currentPassword`,
      );
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
