import * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "../errors";
import { providerLiteral } from "../provider-literal";
import { withoutStackTraces } from "../stack-traces";
import type { Consumer } from "./alphabet";
import { PasswordPolicy } from "./policy";
import { secretNames, unknownArguments } from "./rotating-password-inputs";

/** How long a password stays: exactly one of `days`, `weeks` and `months`. */
export interface RotateEvery {
  /** A whole number from 1 to 36500. */
  days?: pulumi.Input<number> | undefined;
  /** A whole number from 1 to 5200. */
  weeks?: pulumi.Input<number> | undefined;
  /**
   * A whole number from 1 to 1200. Where a month is too short its last day counts: a month after 31
   * January is 28 February.
   */
  months?: pulumi.Input<number> | undefined;
  /**
   * The day at which the calendar begins, such as `"2026-01-31"` (midnight in the window's time
   * zone, else UTC), or an ISO time in UTC. Rotations are then due at it and at each interval after
   * it, whenever the password was made; so they never drift, however late a run is.
   *
   * @default The time counts from the last generation, and a late run makes the next one later
   */
  anchor?: pulumi.Input<string> | undefined;
}

/** Hours in which a rotation by `rotateEvery` may happen. */
export interface RotationWindow {
  /**
   * Days of the week on which it begins: English names or their first three letters, such as
   * `["Saturday", "sun"]`.
   *
   * @default All
   */
  days?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Time of day at which it begins, such as `"02:00"`. */
  from: pulumi.Input<string>;
  /** Time of day at which it ends, up to `"24:00"`; if before `from`, on the next day. */
  to: pulumi.Input<string>;
  /** IANA name of the time zone, such as `"Asia/Shanghai"`. Days and months are counted there too. */
  timeZone: pulumi.Input<string>;
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
   * for the others), and at least so many that there are 80 bits of entropy (13 or 14). A change
   * takes effect with the next rotation; it rotates nothing by itself.
   *
   * @default The smaller of 24 and the policy's maximum
   */
  length?: pulumi.Input<number> | undefined;
  /**
   * Where the password is used as it is, neither quoted nor encoded; it then has only symbols that
   * mean nothing there. `"url"`: `scheme://user:password@host`; `"shell"`: an unquoted word;
   * `"env"`: `NAME=password` of an env file; `"jdbc"`: a parameter of a JDBC URL; `"yaml"`: a plain
   * scalar. A change takes effect with the next rotation.
   *
   * @default All symbols that the policy's strictest rule allows
   */
  consumers?: pulumi.Input<pulumi.Input<Consumer>[]> | undefined;
  /**
   * Characters that no password may have, such as `"O0l1"`. A change takes effect with the next
   * rotation. It is an error if too few are left: for the policy, or for 80 bits of entropy.
   *
   * @default None
   */
  excludeCharacters?: pulumi.Input<string> | undefined;
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
   * When a rotation by `rotateEvery` may happen: one that is due waits for the first `pulumi up`
   * within these hours. `keepers` and `compromisedBefore` do not wait.
   *
   * @default At any time
   */
  window?: pulumi.Input<RotationWindow> | undefined;
  /**
   * Makes rotations by `rotateEvery` later, by a part of so many hours that is always the same for
   * this resource's name: so a thousand passwords of one age do not rotate in one run. More than 0,
   * and less than `rotateEvery`; with a `window` make it longer than the time from one window to
   * the next, or all wait for the same one.
   *
   * @default None
   */
  spread?: pulumi.Input<{ hours: pulumi.Input<number> }> | undefined;
  /**
   * Rotates once if the password was generated before that moment or its age is unknown: an ISO
   * time in UTC, such as `"2026-01-31T12:00:00Z"`, or a date (its midnight, UTC); not in the
   * future.
   *
   * @default Never
   */
  compromisedBefore?: pulumi.Input<string> | undefined;
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
 * No change of an argument **replaces** it. `keepers`, `rotateEvery` and `compromisedBefore`
 * rotate, the other arguments only shape the next password or its time. A change that rotates
 * nothing shows no update; the outputs then keep their older `nextRotation` until the next
 * rotation. Deleting it forgets the password; the accounts keep theirs.
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
  declare readonly rotateEvery: pulumi.Output<pulumi.Unwrap<RotateEvery> | undefined>;
  declare readonly window: pulumi.Output<pulumi.Unwrap<RotationWindow> | undefined>;
  declare readonly spread: pulumi.Output<{ hours: number } | undefined>;
  declare readonly compromisedBefore: pulumi.Output<string | undefined>;
  declare readonly consumers: pulumi.Output<Consumer[] | undefined>;
  declare readonly excludeCharacters: pulumi.Output<string | undefined>;
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
  /** ISO time, UTC, from which on the password rotates by age or calendar. `""`: never. */
  declare readonly nextRotation: pulumi.Output<string>;
  /**
   * Why this password was made: `first`, `initial`, or the first that applies of `keeper "x"
   * changed`, `compromised before 2026-11-01`, `age 92 days > 90` and `calendar 2026-04-01`.
   */
  declare readonly reason: pulumi.Output<string>;
  /**
   * How hard the password is to guess: the binary logarithm of how many equally likely ones there
   * were, rounded down to a tenth. 0 for an adopted one, of which nobody can say.
   */
  declare readonly entropyBits: pulumi.Output<number>;
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
          window: args.window,
          spread: args.spread,
          // No provider is told the name of a resource.
          ...(args.spread === undefined ? {} : { spreadSeed: name }),
          compromisedBefore: args.compromisedBefore,
          consumers: args.consumers,
          excludeCharacters: args.excludeCharacters,
          initial: args.initial === undefined ? undefined : pulumi.secret(args.initial),
          initialGeneratedAt: args.initialGeneratedAt,
          result: undefined,
          history: undefined,
          generatedAt: undefined,
          nextRotation: undefined,
          reason: undefined,
          version: undefined,
          entropyBits: undefined,
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
  // The engine would never hear of it: a variable that is not set on one machine would rotate.
  const unset = Object.entries(given.keepers ?? {}).find(([, value]) => value === undefined);
  if (unset !== undefined)
    throw refuse(
      `keepers.${unset[0]} is undefined: a keeper that comes and goes rotates each time`,
    );
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
