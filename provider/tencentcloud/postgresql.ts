/**
 * Passwords of the accounts of a TencentDB for PostgreSQL instance: `ResetAccountPassword`
 * 2017-03-12. The product's label in host and signature is `postgres`.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPassword } from "../account-password";
import type { AccountPasswordArgs } from "../account-password";
import { defineService } from "../account-service";
import type { Account, CallContext, Presence } from "../account-service";
import { done } from "../outcome";
import type { Answer } from "../outcome";
import { PasswordPolicy } from "../password/policy";
import { warn } from "../report";
import { logInIsolated } from "../verification/isolated-login";
import type { PostgresqlVerifyArgs } from "../verification/verify-args";
import { callTencentCloud } from "./api";
import { productEndpoint, regionSetting } from "./credentials";
import { postgresqlCodes } from "./error-codes";
import { lookForAccount, read, readPages, unreadable } from "./reading";
import type { Item } from "./reading";

const allClasses = { minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 } as const;

/** Password rules of PostgreSQL `ResetAccountPassword`. */
export const postgresqlPolicy = new PasswordPolicy({
  name: "tencentcloud:PostgresqlAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "()`~!@#$%^&*-+=_|{}[]:;'<>,.?/",
    firstCharacter: "not /",
  },
  strictest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "()`~!@#$%^&*-+=_|{}[]:<>,.?/",
    firstCharacter: "not /",
  },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    ...allClasses,
    overrideSpecial: "!#%*-+=_:.?",
  },
  sources: [
    {
      source:
        "PostgreSQL API 2017-03-12, ResetAccountPassword, page of 2023-10-13, error InvalidPasswordValueError",
      says: "all four classes, symbols ()`~!@#$%^&*-+=_|{}[]:;'<>,.?/, not starting with /",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, postgres_models.d.ts",
      says: "8 to 32 characters, all four classes, symbols ()`~!@#$%^&*-+=_|{}[]:<>,.?/, not starting with /",
    },
  ],
});

export interface PostgresqlAccountPasswordArgs extends AccountPasswordArgs {
  /**
   * Region, such as `"ap-guangzhou"`. A change **replaces**.
   *
   * @default What the state says, then `tencentcloud:region`, then `TENCENTCLOUD_REGION`.
   */
  region?: pulumi.Input<string> | undefined;
  /** The vendor's DBInstanceId, such as `"postgres-lnp6j617"`. A change **replaces**. */
  instanceId: pulumi.Input<string>;
  /** Name of the account. A change **replaces**. */
  userName: pulumi.Input<string>;
  /**
   * After each change and on adoption, log in to a PostgreSQL server, with the package `pg` (you
   * install it): see the outputs `verification` and `verifiedAt`. A change of it logs in again, and
   * changes nothing else.
   *
   * @default No login
   */
  verify?: pulumi.Input<PostgresqlVerifyArgs> | undefined;
}

/**
 * The password of one existing account of a TencentDB for PostgreSQL instance.
 *
 * Calls PostgreSQL `ResetAccountPassword` 2017-03-12 (100 requests per second; page of 2023-10-13):
 * a reset, the old password is not needed. The vendor says that the account has status 4 while its
 * password is being reset: the resource waits for the end of it. `destroy` leaves the account and
 * its password as they are. Accounts whose password CAM manages take no other.
 *
 * The password: 8 to 32 ASCII characters, at least one lower-case letter, upper-case letter, digit
 * and symbol (any but `"` and the backslash), not starting with `/`. `;` and `'` only warn: one of
 * the vendor's documents has them, the other not.
 *
 * Fails with `PASSWORD_POLICY`, `PASSWORD_REJECTED`, `CREDENTIALS_MISSING`, `AUTH_FAILED`,
 * `CLOCK_SKEW`, `PERMISSION_DENIED`, `NOT_FOUND`, `ACCOUNT_UNSUPPORTED`, `INSTANCE_UNAVAILABLE`,
 * `THROTTLED`, `NETWORK`, `OUTCOME_UNKNOWN`, `VERIFICATION_REFUSED`, `ENDPOINT_CHANGED` or
 * `CHECKPOINTS_SKIPPED`.
 *
 * @example
 *
 * ```ts
 * const generated = new random.RandomPassword("orders", {
 *   ...tencentcloud.PostgresqlAccountPassword.policy.randomPasswordArgs(),
 *   keepers: { release: "7" },
 * });
 * new tencentcloud.PostgresqlAccountPassword("orders", {
 *   region: "ap-guangzhou",
 *   instanceId: "postgres-lnp6j617",
 *   userName: "orders",
 *   password: generated.result,
 * });
 * ```
 */
export class PostgresqlAccountPassword extends AccountPassword {
  static readonly policy = postgresqlPolicy;

  declare readonly region: pulumi.Output<string>;
  declare readonly instanceId: pulumi.Output<string>;
  declare readonly userName: pulumi.Output<string>;
  declare readonly verify: pulumi.Output<pulumi.Unwrap<PostgresqlVerifyArgs> | undefined>;

  constructor(
    name: string,
    args: PostgresqlAccountPasswordArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(postgresql, name, args, opts);
  }

  static override isInstance(value: unknown): value is PostgresqlAccountPassword {
    return AccountPassword.isOf(postgresql, value);
  }
}

type PostgresqlAccount = Account<"region" | "instanceId" | "userName">;

export const postgresql = defineService<keyof PostgresqlAccount>({
  type: "tencentcloud:PostgresqlAccountPassword",
  noun: "PostgreSQL account",
  identity: ["region", "instanceId", "userName"],
  places: { region: regionSetting },
  instanceArgument: "instanceId",
  ownArguments: {},
  policy: postgresqlPolicy,
  timeoutSeconds: 120,
  endpoint: (account, settings) => productEndpoint(settings, "postgres", account.region),
  setPassword: async (account, { password }, context) => {
    const answer = await callTencentCloud(
      {
        ...inRegion(account),
        action: "ResetAccountPassword",
        body: {
          DBInstanceId: account.instanceId,
          UserName: account.userName,
          Password: password,
        },
        perSecond: 100,
        codes: postgresqlCodes,
      },
      context,
    );
    return answer.outcome === "done" ? untilReset(account, answer.requestId, context) : answer;
  },
  verifier: {
    driver: "pg",
    arguments: ["host", "port", "tls", "database"],
    logIn: ({ userName }, password, verify, { deadline }) =>
      logInIsolated({
        kind: "postgresql",
        account: { userName },
        password,
        verify,
        timeoutMs: deadline.remainingMs(),
      }),
  },
  // `PasswordUpdateTime`, moved by API and console, not by SQL; zero before 2025-10-31.
  modificationTimeOf: "password",
  lookUp,
});

function inRegion(account: PostgresqlAccount) {
  return { service: "postgres", version: "2017-03-12", region: account.region } as const;
}

/** `DescribeAccounts`: 1000 requests per second; its TotalCount is the number of rows in the answer. */
function listing(account: PostgresqlAccount) {
  return {
    ...inRegion(account),
    action: "DescribeAccounts",
    body: { DBInstanceId: account.instanceId },
    perSecond: 1000,
    codes: postgresqlCodes,
  };
}

/** 1 creating, 2 normal, 3 modifying, 4 password being reset, 5 locked, -1 deleting. */
const passwordBeingReset = 4;

/** Waits while the reset that the vendor has accepted is still going on. */
async function untilReset(
  account: PostgresqlAccount,
  requestId: string,
  context: CallContext,
): Promise<Answer<void>> {
  const request = listing(account);
  for (let waitMs = 30; ; waitMs = Math.min(2 * waitMs, 3000)) {
    const accounts = await readPages(request, "Details", context);
    if (accounts.outcome !== "done" && accounts.code === "PERMISSION_DENIED") {
      const { says } = unreadable(accounts, request);
      warn(
        `PostgreSQL instance "${account.instanceId}": the reset was accepted; whether it has ended could not be read: ${says}`,
      );
      return done(undefined, requestId);
    }
    // A read that failed otherwise says nothing: the next one may.
    const isReset =
      accounts.outcome === "done" && statusOf(account, accounts.value) !== passwordBeingReset;
    if (isReset) return done(undefined, requestId);
    if (!(await context.deadline.wait(waitMs)))
      return {
        outcome: "unknown",
        code: "OUTCOME_UNKNOWN",
        says: "the vendor accepted the reset, and that it had ended could not be seen before timeoutSeconds was over",
        repeat: "never",
        vendor: { requestId },
      };
  }
}

function statusOf(account: PostgresqlAccount, accounts: readonly Item[]): unknown {
  return accounts.find((item) => item["UserName"] === account.userName)?.["Status"];
}

function lookUp(account: PostgresqlAccount, context: CallContext): Promise<Presence> {
  const accountsRequest = listing(account);
  const instanceRequest = {
    ...inRegion(account),
    action: "DescribeDBInstanceAttribute",
    body: { DBInstanceId: account.instanceId },
    perSecond: 20,
    codes: postgresqlCodes,
  };
  return lookForAccount({
    accounts: () => readPages(accountsRequest, "Details", context),
    accountsRequest,
    nameFields: ["UserName"],
    isAccount: (item) => item["UserName"] === account.userName,
    // While a reset is going on, the time is not the one that it will leave.
    modifiedAt: (item) =>
      item["Status"] === passwordBeingReset ? undefined : item["PasswordUpdateTime"],
    instance: async () => {
      const answer = await read(instanceRequest, context);
      if (answer.outcome !== "done") return answer;
      const found = answer.value["DBInstance"] as Item | null | undefined;
      return done(found?.["DBInstanceId"] === account.instanceId ? found : undefined);
    },
    instanceRequest,
    statusField: "DBInstanceStatus",
    workingStatuses: new Set(["running", "readonly"]),
  });
}
