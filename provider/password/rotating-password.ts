import * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "../errors";
import { providerLiteral } from "../provider-literal";
import { withoutStackTraces } from "../stack-traces";
import { PasswordPolicy } from "./policy";
import { secretNames, unknownArguments } from "./rotating-password-inputs";

/** How long a password stays. */
export interface RotateEvery {
  /** Days of 24 hours, a whole number from 1 to 36500. */
  days: pulumi.Input<number>;
}

export interface RotatingPasswordArgs {
  /**
   * The rules that the password follows: the static `policy` of the account's class, such as
   * `tencentcloud.RedisInstancePassword.policy`. No other object is accepted. A change takes effect
   * with the next rotation; it rotates nothing by itself.
   */
  policy: PasswordPolicy;
  /**
   * Characters, within the policy's strictest limits (8 to 20 for TCR, 8 to 30 for Redis, 8 to 32
   * for the others). A change takes effect with the next rotation; it rotates nothing by itself.
   *
   * @default The smaller of 24 and the policy's maximum
   */
  length?: pulumi.Input<number> | undefined;
  /**
   * Any texts. A change of one of them, a new one or one that is gone rotates. In a preview in
   * which one of them is not known yet, `version` and `reason` are shown as unknown.
   *
   * @default None
   */
  keepers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * Rotates with the first `pulumi up` after so much time since the last generation; of an adopted
   * password without `initialGeneratedAt`, since its adoption. A change counts from the same
   * moment, so it rotates only if the password is already older than the new limit.
   *
   * @default Never by age
   */
  rotateEvery?: pulumi.Input<RotateEvery> | undefined;
  /**
   * An existing password, stored as a secret: the result until the first rotation, as version 0. It
   * is not validated against the policy. Only a new resource looks at it; after the first rotation
   * take it out of the program.
   *
   * @default None: the first password is generated
   */
  initial?: pulumi.Input<string> | undefined;
  /**
   * When `initial` was made: an ISO time in UTC, such as `"2026-01-31T12:00:00Z"`, or a date; not
   * in the future. May be given later, as long as `initial` is in force.
   *
   * @default Unknown: `generatedAt` is `""`
   */
  initialGeneratedAt?: pulumi.Input<string> | undefined;
}

/**
 * A generated password that rotates on its own terms, for one or more accounts.
 *
 * It calls no vendor. Each new password is in the state before any account is touched, and the last
 * ten before it stay there, so that no interrupted change of an account loses the live one. Give it
 * to an account as a whole (`password: generated`), and let consumers read the account's
 * `password`, which is the live one, never `generated.result`.
 *
 * No change of an argument **replaces** it. `keepers` and `rotateEvery` rotate, the other arguments
 * only shape the next password. A change that rotates nothing shows no update; the outputs then
 * keep their older `nextRotation` until the next rotation. Deleting it forgets the password; the
 * accounts keep theirs.
 *
 * The environment variable `ACCOUNT_PASSWORDS_NOW` (an ISO time in UTC) sets the clock for tests
 * and rehearsals. With `pulumi up --plan` set it to the same moment for preview and update: a plan
 * pins `generatedAt`.
 *
 * @example
 *
 * ```ts
 * import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";
 *
 * const generated = new RotatingPassword("cache", {
 *   policy: tencentcloud.RedisInstancePassword.policy,
 *   rotateEvery: { days: 90 },
 *   keepers: { leftTheTeam: "2026-03" },
 * });
 * const cache = new tencentcloud.RedisInstancePassword("cache", {
 *   region: "ap-guangzhou",
 *   instanceId: "crs-xjhsdj12",
 *   password: generated,
 * });
 * export const password = cache.password;
 * ```
 *
 * @throws {@link AccountPasswordError} `INVALID_ARGUMENT`: an argument is missing, malformed or not
 *   known (malformed ones are found in the preview). `IMPORT_UNSUPPORTED`: the options ask for an
 *   import.
 */
export class RotatingPassword extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/password:RotatingPassword";

  /** The policy's name. */
  declare readonly policy: pulumi.Output<string>;
  declare readonly length: pulumi.Output<number | undefined>;
  declare readonly keepers: pulumi.Output<Record<string, string> | undefined>;
  declare readonly rotateEvery: pulumi.Output<{ days: number } | undefined>;
  /** Secret. */
  declare readonly initial: pulumi.Output<string | undefined>;
  declare readonly initialGeneratedAt: pulumi.Output<string | undefined>;
  /** The password: a secret. Consumers read the account's `password` instead. */
  declare readonly result: pulumi.Output<string>;
  /** The password before this one: a secret. `undefined` before the first rotation. */
  readonly previous: pulumi.Output<string | undefined>;
  /** The passwords before this one, newest first, at most 10: a secret. */
  declare readonly history: pulumi.Output<string[]>;
  /** ISO time, UTC. `""` for an adopted password of unknown age. */
  declare readonly generatedAt: pulumi.Output<string>;
  /** ISO time, UTC, from which on the password rotates by age. `""`: never. */
  declare readonly nextRotation: pulumi.Output<string>;
  /** Why this password was made: `first`, `initial`, `keeper "x" changed` or `age 92 days > 90`. */
  declare readonly reason: pulumi.Output<string>;
  /** 0 for the adopted password, 1 for the first generated one; each rotation adds 1. */
  declare readonly version: pulumi.Output<number>;
  /** ISO time, UTC, at which `initial` was adopted. */
  declare readonly adoptedAt: pulumi.Output<string | undefined>;

  /** Whether the value is a `RotatingPassword`, also one of another copy of this package. */
  static override isInstance(value: unknown): value is RotatingPassword {
    return (
      pulumi.CustomResource.isInstance(value) &&
      (value as { __pulumiType?: unknown }).__pulumiType === RotatingPassword.__pulumiType
    );
  }

  constructor(name: string, args: RotatingPasswordArgs, opts?: pulumi.CustomResourceOptions) {
    refuseImport(name, opts);
    checkArguments(name, args);
    const restoreStackTraces = withoutStackTraces();
    try {
      super(
        RotatingPassword.__pulumiType,
        name,
        {
          // What is named here exists as an output from the start, also without a value.
          policy: args.policy.name,
          length: args.length,
          keepers: args.keepers,
          rotateEvery: args.rotateEvery,
          initial: args.initial === undefined ? undefined : pulumi.secret(args.initial),
          initialGeneratedAt: args.initialGeneratedAt,
          result: undefined,
          history: undefined,
          generatedAt: undefined,
          nextRotation: undefined,
          reason: undefined,
          version: undefined,
          adoptedAt: undefined,
          __provider: providerLiteral("password:RotatingPassword"),
        },
        pulumi.mergeOptions(opts, { additionalSecretOutputs: [...secretNames] }),
      );
    } finally {
      restoreStackTraces();
    }
    // Not left to the engine, which has no such output before the first rotation: a preview then
    // takes it for unknown, and every resource that uses it for changed.
    this.previous = this.history.apply((history) => history?.[0]);
  }
}

function refuseImport(name: string, opts: pulumi.CustomResourceOptions | undefined): void {
  if (opts?.import === undefined && opts?.id === undefined) return;
  throw new AccountPasswordError(
    "IMPORT_UNSUPPORTED",
    `Cannot import RotatingPassword ${JSON.stringify(name)}: the engine cannot import dynamic resources. Take the option import (or id) out, and give the existing password as initial`,
  );
}

function checkArguments(name: string, args: RotatingPasswordArgs): void {
  const refuse = (why: string) => {
    const text = `Cannot declare RotatingPassword ${JSON.stringify(name)}: ${why}`;
    return new AccountPasswordError("INVALID_ARGUMENT", text);
  };
  const given: Partial<RotatingPasswordArgs> = args ?? {};
  const unknown = unknownArguments(Object.keys(given))[0];
  if (unknown !== undefined) throw refuse(unknown);
  if (!isPolicy(given.policy))
    throw refuse(
      "policy must be one of this package's, such as tencentcloud.RedisInstancePassword.policy",
    );
}

/** Two copies of this package may be installed side by side: then `instanceof` is not enough. */
function isPolicy(value: unknown): value is PasswordPolicy {
  if (value instanceof PasswordPolicy) return true;
  const other = (value ?? {}) as Partial<Record<keyof PasswordPolicy, unknown>>;
  return typeof other.name === "string" && typeof other.violations === "function";
}
