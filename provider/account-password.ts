/** What the five resource classes have in common. It never imports the provider, only names it. */
import * as pulumi from "@pulumi/pulumi";
import type { AccountService } from "./account-service";
import { argumentsOf } from "./check-inputs";
import { refusePlainSecrets } from "./configuration-secrets";
import { declareOnce } from "./declared-accounts";
import { AccountPasswordError } from "./errors";
import { RotatingPassword } from "./password/rotating-password";
import { providerLiteral } from "./provider-literal";
import { withoutStackTraces } from "./stack-traces";
import { outputNames, secretNames } from "./state";

/** Arguments of every account password. */
export interface AccountPasswordArgs {
  /**
   * The password that the account is to have: a secret text, or a `RotatingPassword`. A change
   * updates in place. Given a `RotatingPassword` as a whole, its version shows in previews, and
   * what it has drawn before is at hand when a change was interrupted.
   */
  password: pulumi.Input<string> | RotatingPassword;
  /**
   * The password that is live before the first change; secret. The same as `password`: the account
   * is adopted without a call. Otherwise it is the old password where the vendor's call needs one.
   * It is not checked against the policy, and neither is a `password` that is the same. Take it out
   * after the first change.
   *
   * @default None
   */
  currentPassword?: pulumi.Input<string> | undefined;
  /**
   * Which credentials are used: those of `TENCENTCLOUD_<PROFILE>_SECRET_ID` and so on, or of that
   * profile in the vendor's files; at Huawei Cloud `HW_<PROFILE>_AUTH_TOKEN` and so on. A change
   * updates in place, without a call.
   *
   * @default The credentials without a profile
   */
  profile?: pulumi.Input<string> | undefined;
  /**
   * Budget of one operation in whole seconds, waits for rate limit and task included; one attempt
   * takes at most 30. A change updates in place, without a call. (`customTimeouts` has no effect on
   * dynamic resources.)
   *
   * @default 120; for Redis 600
   */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** The password of one existing account. */
export abstract class AccountPassword extends pulumi.CustomResource {
  /**
   * The live password: the one that the vendor confirmed last, or that was adopted; secret.
   * Consumers read this one. Absent after a first change whose outcome is unknown.
   */
  declare readonly password: pulumi.Output<string>;
  declare readonly currentPassword: pulumi.Output<string | undefined>;
  declare readonly profile: pulumi.Output<string | undefined>;
  declare readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /** The `version` of the `RotatingPassword` that `password` came from. */
  declare readonly passwordVersion: pulumi.Output<number | undefined>;
  /** `"confirmed"` by the vendor, `"adopted"` without a call, or `"unknown"`. */
  declare readonly status: pulumi.Output<"confirmed" | "adopted" | "unknown">;
  /** While unknown: every value that may be live since the last confirmation, newest first; secret. */
  declare readonly pendingPasswords: pulumi.Output<string[] | undefined>;
  /** While unknown: since when. ISO time, UTC. */
  declare readonly unknownSince: pulumi.Output<string | undefined>;
  /** While unknown: the vendor's task that was still open. */
  declare readonly taskId: pulumi.Output<string | undefined>;
  /** When a wrong password was counted last, where wrong ones lock the account. ISO time, UTC. */
  declare readonly triedAt: pulumi.Output<string | undefined>;
  /** Whose password was tried then, where it was the login account's and not the account's own. */
  declare readonly triedAccount: pulumi.Output<string | undefined>;
  /** Passwords that were refused since the last confirmed change; secret. */
  declare readonly refusedPasswords: pulumi.Output<string[] | undefined>;
  /** The same three of earlier tries with other accounts' passwords, newest first; `""`: its own. */
  declare readonly earlierTriedAt: pulumi.Output<string[] | undefined>;
  declare readonly earlierTriedAccounts: pulumi.Output<string[] | undefined>;
  /** Secret. */
  declare readonly earlierRefusedPasswords: pulumi.Output<string[][] | undefined>;
  /** No run has tried the `currentPassword` that was given last: the next one begins with it. */
  declare readonly currentPasswordUntried: pulumi.Output<boolean | undefined>;
  /** When the vendor confirmed the password. ISO time, UTC; `""` while adopted. */
  declare readonly changedAt: pulumi.Output<string>;
  /** The vendor's id of the request that was confirmed; `""` when it gave none. */
  declare readonly requestId: pulumi.Output<string>;
  /** 0 when adopted; each confirmed change adds 1. */
  declare readonly revision: pulumi.Output<number>;
  /**
   * What `refresh` has found: `"none"`, or why the next `up` sets the password again. Times in it
   * are the vendor's own texts.
   *
   * - `changed outside on …`
   * - `account modified outside on …, perhaps the password`: the vendor's time moves for other edits,
   *   too
   * - `outcome unknown since …`
   * - `instance not found`
   */
  declare readonly drift: pulumi.Output<string>;
  /** The host that the change was sent to. */
  declare readonly endpoint: pulumi.Output<string>;
  /**
   * When the vendor says that the account (for PostgreSQL and Redis its password) was modified
   * last, in the vendor's own form: as the first `refresh` after the last confirmed change saw it.
   * A `refresh` that sees another time says so in `drift`. Absent before the first one, and where
   * the vendor gives no time or the credentials may not read it.
   */
  declare readonly vendorModifiedAt: pulumi.Output<string | undefined>;

  /**
   * With `verify`: what the last login with this password has shown. `"inconclusive"`: it could not
   * be tried, which says nothing of the password. While it is `"refused"` each `pulumi up` logs in
   * again, and fails with `VERIFICATION_REFUSED` if that is refused too.
   */
  declare readonly verification: pulumi.Output<"accepted" | "refused" | "inconclusive" | undefined>;
  /**
   * When a login was accepted last; ISO time, UTC. Before `changedAt`: with an earlier password. A
   * `refresh` whose login is accepted again does not move it.
   */
  declare readonly verifiedAt: pulumi.Output<string | undefined>;

  /** @internal */
  constructor(
    service: AccountService,
    name: string,
    args: AccountPasswordArgs,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    refuseImport(service, name, opts);
    refuseUnknownArguments(service, name, args);
    refusePlainSecrets();
    const declared = declareOnce(service, name, withPassword(service, args));
    // Named here, an output exists from the start, also of an argument that was not given.
    const outputs = Object.fromEntries(
      [...Object.keys(argumentsOf(service)), ...outputNames].map((output) => [output, undefined]),
    );
    const restoreStackTraces = withoutStackTraces();
    try {
      super(
        typeToken(service),
        name,
        { ...outputs, ...asSecrets(declared), __provider: providerLiteral(service.type) },
        pulumi.mergeOptions(opts, { additionalSecretOutputs: secretsOf(service) }),
      );
    } finally {
      restoreStackTraces();
    }
  }

  /** @internal */
  static isOf(service: AccountService, value: unknown): boolean {
    return (
      pulumi.CustomResource.isInstance(value) &&
      (value as { __pulumiType?: unknown }).__pulumiType === typeToken(service)
    );
  }
}

/** To the engine this is exactly a `pulumi.dynamic.Resource` of that module and type. */
function typeToken(service: AccountService): string {
  return `pulumi-nodejs:dynamic/${service.type}`;
}

function refuseImport(
  service: AccountService,
  name: string,
  opts: pulumi.CustomResourceOptions | undefined,
): void {
  if (opts?.import === undefined && opts?.id === undefined) return;
  throw new AccountPasswordError(
    "IMPORT_UNSUPPORTED",
    `Cannot import ${service.noun} password ${JSON.stringify(name)}: the engine cannot import dynamic resources, and no vendor tells a password; nothing was sent; take the option import (or id) out, and give the live password as currentPassword and as password`,
  );
}

function refuseUnknownArguments(service: AccountService, name: string, args: object): void {
  const known = argumentsOf(service);
  const unknown = Object.keys(args ?? {}).find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return;
  throw new AccountPasswordError(
    "INVALID_ARGUMENT",
    `Cannot declare ${service.noun} password ${JSON.stringify(name)}: there is no argument ${JSON.stringify(unknown)}; there are ${Object.keys(
      known,
    )
      .filter((key) => key !== "passwordVersion")
      .join(", ")}`,
  );
}

type Arguments = Record<string, pulumi.Input<unknown>>;

/** Takes a `RotatingPassword` apart: its value, its version, and what may be live after a kill. */
function withPassword(service: AccountService, args: AccountPasswordArgs): Arguments {
  const { password: given, ...others }: Arguments = { ...args };
  if (!RotatingPassword.isInstance(given)) return { ...others, password: given };
  return {
    ...others,
    password: given.result,
    passwordVersion: given.version,
    ...("candidates" in service.ownArguments
      ? { candidates: candidatesOf(given, others["candidates"]) }
      : {}),
  };
}

/** What the program names comes first: it knows more than the generator. */
function candidatesOf(generator: RotatingPassword, named: pulumi.Input<unknown>) {
  if (named === undefined) return generator.history;
  return pulumi
    .all([named as pulumi.Input<string[] | undefined>, generator.history])
    .apply(([first = [], history]) => [...new Set([first, history].flat())]);
}

/** The secret names that this kind of account has. */
function secretsOf(service: AccountService): string[] {
  const known = argumentsOf(service);
  const outputs: readonly string[] = outputNames;
  const locks = service.secondsBetweenWrongTries !== undefined;
  return secretNames.filter(
    (name) =>
      (Object.hasOwn(known, name) || outputs.includes(name)) &&
      // Every account's state lists these names.
      (locks || name !== "earlierRefusedPasswords"),
  );
}

function asSecrets(args: Arguments): Arguments {
  const secrets: Arguments = { ...args };
  for (const name of secretNames)
    if (secrets[name] !== undefined) secrets[name] = pulumi.secret(secrets[name]);
  return secrets;
}
