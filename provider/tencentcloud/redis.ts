/**
 * The password of a TencentDB for Redis instance.
 *
 * `ModifyInstancePassword` 2018-04-12 wants the old password, and answers with a task: the new
 * password holds when that has succeeded. `ResetPassword` does the same without the old password.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPassword } from "../account-password";
import type { AccountPasswordArgs } from "../account-password";
import { defineService } from "../account-service";
import type { Account, CallContext, Presence } from "../account-service";
import { done } from "../outcome";
import type { Answer } from "../outcome";
import { present } from "../drift";
import { PasswordPolicy } from "../password/policy";
import { inform, warn } from "../report";
import { logInIsolated } from "../verification/isolated-login";
import type { RedisVerifyArgs } from "../verification/verify-args";
import { callTencentCloud } from "./api";
import { productEndpoint, regionSetting } from "./credentials";
import { redisCodes } from "./error-codes";
import { itemsOf, mayBeNoInstance, read, readPages, unreadable } from "./reading";

const symbols = "()~!@#$%^&*-+=_|{}[]:;<>,.?/";

/** Password rules of Redis `ModifyInstancePassword`. */
export const redisPolicy = new PasswordPolicy({
  name: "tencentcloud:RedisInstancePassword",
  loosest: {
    minLength: 8,
    maxLength: 30,
    minClasses: 2,
    symbols: symbols + "`",
    firstCharacter: "not /",
  },
  strictest: { minLength: 8, maxLength: 30, minClasses: 2, symbols, firstCharacter: "not /" },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 1,
    overrideSpecial: "!#%*-+=_:.?",
  },
  sources: [
    {
      source: "Redis API 2018-04-12, ModifyInstancePassword, page of 2024-12-04",
      says: "8 to 30 characters, two of lower case, upper case, digits and symbols such as ()~!@#$%^&*-+=_|{}[]:;<>,.?/, not starting with /",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, redis_models.d.ts, CreateInstances",
      says: "the same symbols and the backtick",
    },
  ],
});

export interface RedisInstancePasswordArgs extends AccountPasswordArgs {
  /**
   * Region, such as `"ap-guangzhou"`. A change **replaces**.
   *
   * @default What the state says, then `tencentcloud:region`, then `TENCENTCLOUD_REGION`.
   */
  region?: pulumi.Input<string> | undefined;
  /** Id of the instance, such as `"crs-5a4p1234"`. A change **replaces**. */
  instanceId: pulumi.Input<string>;
  /**
   * Whether to set the new password with the vendor's `ResetPassword` when no known password is the
   * live one. It needs that permission. With `false` the first change needs `currentPassword`.
   *
   * @default true
   */
  resetWithoutCurrent?: pulumi.Input<boolean> | undefined;
  /**
   * Passwords that may be live, likeliest first; secret. Set by itself when `password` is a
   * `RotatingPassword`.
   */
  candidates?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * After each change and on adoption, log in to a Redis server (`AUTH`), with the package `redis`
   * (you install it): see the outputs `verification` and `verifiedAt`. A change of it logs in
   * again, and changes nothing else.
   *
   * @default No login
   */
  verify?: pulumi.Input<RedisVerifyArgs> | undefined;
}

/**
 * The password of one existing TencentDB for Redis instance (of its default account).
 *
 * Calls Redis `ModifyInstancePassword` 2018-04-12 (20 requests per second; page of 2024-12-04),
 * which wants the old password, and waits for its task (`DescribeTaskInfo`): a _change_. The
 * passwords that may be live are tried one after another. When none is, `ResetPassword` sets the
 * new one without (see `resetWithoutCurrent`). The old password stops working when the task ends.
 * `destroy` leaves the instance and its password as they are.
 *
 * The password: 8 to 30 characters, at least two of lower-case letters, upper-case letters, digits
 * and symbols of `()~!@#$%^&*-+=_|{}[]:;<>,.?/`, not starting with `/`.
 *
 * Fails with `PASSWORD_POLICY`, `PASSWORD_REJECTED`, `CURRENT_PASSWORD_UNKNOWN`,
 * `CREDENTIALS_MISSING`, `AUTH_FAILED`, `CLOCK_SKEW`, `PERMISSION_DENIED`, `NOT_FOUND`,
 * `INSTANCE_UNAVAILABLE`, `THROTTLED`, `NETWORK`, `OUTCOME_UNKNOWN`, `VERIFICATION_REFUSED`,
 * `ENDPOINT_CHANGED` or `CHECKPOINTS_SKIPPED`.
 *
 * @example
 *
 * ```ts
 * const generated = new RotatingPassword("cache", {
 *   policy: tencentcloud.RedisInstancePassword.policy,
 *   rotateEvery: { days: 90 },
 * });
 * new tencentcloud.RedisInstancePassword("cache", {
 *   region: "ap-guangzhou",
 *   instanceId: "crs-5a4p1234",
 *   currentPassword: config.requireSecret("redisPassword"),
 *   password: generated,
 * });
 * ```
 */
export class RedisInstancePassword extends AccountPassword {
  static readonly policy = redisPolicy;

  declare readonly region: pulumi.Output<string>;
  declare readonly instanceId: pulumi.Output<string>;
  declare readonly resetWithoutCurrent: pulumi.Output<boolean | undefined>;
  declare readonly candidates: pulumi.Output<string[] | undefined>;
  declare readonly verify: pulumi.Output<pulumi.Unwrap<RedisVerifyArgs> | undefined>;

  constructor(name: string, args: RedisInstancePasswordArgs, opts?: pulumi.CustomResourceOptions) {
    super(redis, name, args, opts);
  }

  static override isInstance(value: unknown): value is RedisInstancePassword {
    return AccountPassword.isOf(redis, value);
  }
}

type RedisInstance = Account<"region" | "instanceId">;

export const redis = defineService<keyof RedisInstance>({
  type: "tencentcloud:RedisInstancePassword",
  noun: "Redis instance",
  identity: ["region", "instanceId"],
  places: { region: regionSetting },
  instanceArgument: "instanceId",
  ownArguments: { resetWithoutCurrent: "flag", candidates: "texts" },
  policy: redisPolicy,
  timeoutSeconds: 600,
  endpoint: (account, settings) => productEndpoint(settings, "redis", account.region),
  needsCurrent: () => Promise.resolve(done(true)),
  setPassword: (account, { password, currentPassword = "" }, context) =>
    change(
      account,
      "ModifyInstancePassword",
      { OldPassword: currentPassword, Password: password },
      context,
    ),
  currentUnknownAdvice:
    "give the live password as currentPassword, or choose another new one, or allow resetWithoutCurrent",
  resetPassword: (account, password, context) =>
    change(account, "ResetPassword", { Password: password }, context),
  verifier: {
    driver: "redis",
    arguments: ["host", "port", "tls", "userName", "passwordPrefix"],
    logIn: (_account, password, verify, { deadline }) =>
      logInIsolated({
        kind: "redis",
        account: {},
        password,
        verify,
        timeoutMs: deadline.remainingMs(),
      }),
  },
  // `PasswordLastModifiedTime` of the default account, empty for old ones.
  modificationTimeOf: "password",
  lookUp,
});

function inRegion(account: RedisInstance) {
  return { service: "redis", version: "2018-04-12", region: account.region } as const;
}

async function change(
  account: RedisInstance,
  action: "ModifyInstancePassword" | "ResetPassword",
  passwords: Readonly<Record<string, string>>,
  context: CallContext,
): Promise<Answer<void>> {
  const answer = await callTencentCloud(
    {
      ...inRegion(account),
      action,
      body: { InstanceId: account.instanceId, ...passwords },
      perSecond: 20,
      codes: redisCodes,
    },
    context,
  );
  if (answer.outcome !== "done") return answer;
  const taskId = answer.value["TaskId"];
  if (typeof taskId === "number") return untilTaskEnds(account, taskId, answer.requestId, context);
  return {
    outcome: "unknown",
    code: "OUTCOME_UNKNOWN",
    says: "the vendor accepted the change and named no task for it",
    vendor: { requestId: answer.requestId },
  };
}

/** `TaskId` only says that the change was accepted. */
async function untilTaskEnds(
  account: RedisInstance,
  taskId: number,
  requestId: string,
  context: CallContext,
): Promise<Answer<void>> {
  const task = {
    ...inRegion(account),
    action: "DescribeTaskInfo",
    body: { TaskId: taskId },
    perSecond: 20,
    codes: redisCodes,
  };
  const open = { outcome: "unknown", code: "OUTCOME_UNKNOWN", taskId: String(taskId) } as const;
  const startedAt = performance.now();
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 3000)) {
    const answer = await read(task, context);
    if (answer.outcome === "refused") {
      const { says } = unreadable(answer, task);
      const why = `the vendor accepted the change, and whether its task ${taskId} has ended could not be read: ${says}`;
      return { ...open, says: why, repeat: "never", vendor: { requestId } };
    }
    // One of the vendor's texts writes "Error", and the word for success is "succeed".
    const status =
      answer.outcome === "done" ? String(answer.value["Status"]).toLowerCase() : "unread";
    if (status === "succeed") return done(undefined, requestId);
    if (status === "failed" || status === "error") {
      const why = `the vendor's task ${taskId} for the change failed`;
      return { ...open, says: why, repeat: "few", vendor: { requestId } };
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (seconds >= 5)
      inform(`Redis instance "${account.instanceId}": waiting for the vendor's task ${taskId}`);
    if (!(await context.deadline.wait(waitMs))) {
      const why = `the vendor's task ${taskId} for the change had not ended when timeoutSeconds was over`;
      return { ...open, says: why, repeat: "never", vendor: { requestId } };
    }
  }
}

/** The instance is the account here, and is never dropped: "not found" may be a wrong key. */
async function lookUp(account: RedisInstance, context: CallContext): Promise<Presence> {
  const instances = {
    ...inRegion(account),
    action: "DescribeInstances",
    body: { InstanceId: account.instanceId, Limit: 20, Offset: 0 },
    perSecond: 35,
    codes: redisCodes,
  };
  const answer = await read(instances, context);
  if (answer.outcome !== "done")
    return mayBeNoInstance(answer) ? { kind: "instanceNotFound" } : unreadable(answer, instances);
  const visible = itemsOf(answer.value, "InstanceSet")?.some(
    (item) => item["InstanceId"] === account.instanceId,
  );
  return visible ? present(await modifiedAt(account, context)) : { kind: "instanceNotFound" };
}

/** The account whose password is the instance's. */
const defaultAccount = "root";
const accountChanging = 1;

async function modifiedAt(account: RedisInstance, context: CallContext): Promise<unknown> {
  const accounts = {
    ...inRegion(account),
    action: "DescribeInstanceAccount",
    body: { InstanceId: account.instanceId },
    perSecond: 20,
    codes: redisCodes,
  };
  const answer = await readPages(accounts, "Accounts", context);
  if (answer.outcome === "done") {
    const item = answer.value.find((each) => each["AccountName"] === defaultAccount);
    // While it is changing, the time is not the one that the change will leave.
    return item?.["Status"] === accountChanging ? undefined : item?.["PasswordLastModifiedTime"];
  }
  // The vendor has not opened this action to everybody, and no user can help that.
  if (answer.vendor?.vendorCode !== "UnauthorizedOperation.UserNotInWhiteList")
    warn(
      `Redis instance "${account.instanceId}": whether its password was changed outside could not be read: ${unreadable(answer, accounts).says}`,
    );
  return undefined;
}
