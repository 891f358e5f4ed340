/** Passwords of the accounts of a TencentDB for MariaDB instance: `ResetAccountPassword` 2017-03-12. */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPassword } from "../account-password";
import type { AccountPasswordArgs } from "../account-password";
import { defineService } from "../account-service";
import type { Account, CallContext, Presence } from "../account-service";
import { done } from "../outcome";
import { asciiSymbols, PasswordPolicy } from "../password/policy";
import { mariadbTlsProblem } from "../verification/mariadb-login";
import { logInIsolated } from "../verification/isolated-login";
import type { MariadbVerifyArgs } from "../verification/verify-args";
import { callTencentCloud } from "./api";
import { productEndpoint, regionSetting } from "./credentials";
import { mariadbCodes } from "./error-codes";
import { itemsAnswer, lookForAccount, read } from "./reading";

/** Password rules of MariaDB `ResetAccountPassword`. */
export const mariadbPolicy = new PasswordPolicy({
  name: "tencentcloud:MariadbAccountPassword",
  loosest: { minLength: 6, maxLength: 32, symbols: asciiSymbols.replace(/[;'"]/g, "") },
  strictest: {
    minLength: 8,
    maxLength: 32,
    minLetterDigitSymbolClasses: 2,
    symbols: "()~!@#$%^&*-+=_|{}[]:<>,.?/",
    firstCharacter: "not /",
  },
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
      source: "MariaDB API 2017-03-12, ResetAccountPassword, page of 2023-06-21",
      says: "6 to 32 letters, digits and common symbols, but not semicolons and quotation marks",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, mariadb_models.d.ts; vendor's page 237/16168",
      says: "8 to 32 characters, two of letters, digits and ()~!@#$%^&*-+=_|{}[]:<>,.?/, not starting with /",
    },
  ],
});

export interface MariadbAccountPasswordArgs extends AccountPasswordArgs {
  /**
   * Region, such as `"ap-guangzhou"`. A change **replaces**.
   *
   * @default What the state says, then `tencentcloud:region`, then `TENCENTCLOUD_REGION`.
   */
  region?: pulumi.Input<string> | undefined;
  /** Id of the instance, such as `"tdsql-fdpjf5zh"`. A change **replaces**. */
  instanceId: pulumi.Input<string>;
  /** Name of the account. A change **replaces**. */
  userName: pulumi.Input<string>;
  /**
   * Host that the account may come from, such as `"10.%"`, exactly as the instance lists it:
   * `app@%` and `app@10.%` are two accounts. A change **replaces**.
   */
  host: pulumi.Input<string>;
  /**
   * After each change and on adoption, log in to a MariaDB server, with the package `mysql2` (you
   * install it): see the outputs `verification` and `verifiedAt`. A change of it logs in again, and
   * changes nothing else.
   *
   * @default No login
   */
  verify?: pulumi.Input<MariadbVerifyArgs> | undefined;
}

/**
 * The password of one existing account of a TencentDB for MariaDB instance.
 *
 * Calls MariaDB `ResetAccountPassword` 2017-03-12 (20 requests per second; page of 2023-06-21): a
 * reset at once, the old password is not needed and stops working for new connections. `destroy`
 * leaves the account and its password as they are.
 *
 * The password: 6 to 32 letters, digits and symbols but `;`, `'` and `"`. Newer documents want 8
 * characters, two of letters, digits and symbols, and no `/` at the start: breaking these only
 * warns.
 *
 * Fails with `PASSWORD_POLICY`, `PASSWORD_REJECTED`, `CREDENTIALS_MISSING`, `AUTH_FAILED`,
 * `CLOCK_SKEW`, `PERMISSION_DENIED`, `NOT_FOUND`, `INSTANCE_UNAVAILABLE`, `THROTTLED`, `NETWORK`,
 * `OUTCOME_UNKNOWN`, `VERIFICATION_REFUSED`, `ENDPOINT_CHANGED` or `CHECKPOINTS_SKIPPED`.
 *
 * @example
 *
 * ```ts
 * new tencentcloud.MariadbAccountPassword("app", {
 *   region: "ap-guangzhou",
 *   instanceId: "tdsql-fdpjf5zh",
 *   userName: "app",
 *   host: "10.%",
 *   password: config.requireSecret("appPassword"),
 * });
 * ```
 */
export class MariadbAccountPassword extends AccountPassword {
  static readonly policy = mariadbPolicy;

  declare readonly region: pulumi.Output<string>;
  declare readonly instanceId: pulumi.Output<string>;
  declare readonly userName: pulumi.Output<string>;
  declare readonly host: pulumi.Output<string>;
  declare readonly verify: pulumi.Output<pulumi.Unwrap<MariadbVerifyArgs> | undefined>;

  constructor(name: string, args: MariadbAccountPasswordArgs, opts?: pulumi.CustomResourceOptions) {
    super(mariadb, name, args, opts);
  }

  static override isInstance(value: unknown): value is MariadbAccountPassword {
    return AccountPassword.isOf(mariadb, value);
  }
}

type MariadbAccount = Account<"region" | "instanceId" | "userName" | "host">;

export const mariadb = defineService<keyof MariadbAccount>({
  type: "tencentcloud:MariadbAccountPassword",
  noun: "MariaDB account",
  identity: ["region", "instanceId", "userName", "host"],
  places: { region: regionSetting },
  instanceArgument: "instanceId",
  ownArguments: {},
  policy: mariadbPolicy,
  timeoutSeconds: 120,
  endpoint: (account, settings) => productEndpoint(settings, "mariadb", account.region),
  setPassword: async (account, { password }, context) => {
    const answer = await callTencentCloud(
      {
        ...inRegion(account),
        action: "ResetAccountPassword",
        body: {
          InstanceId: account.instanceId,
          UserName: account.userName,
          Host: account.host,
          Password: password,
        },
        perSecond: 20,
        codes: mariadbCodes,
      },
      context,
    );
    return answer.outcome === "done" ? done(undefined, answer.requestId) : answer;
  },
  verifier: {
    driver: "mysql2",
    arguments: ["host", "port", "tls", "database"],
    problem: (_account, verify) => mariadbTlsProblem(verify),
    logIn: ({ userName, host }, password, verify, { deadline }) =>
      logInIsolated({
        kind: "mariadb",
        account: { userName, host },
        password,
        verify,
        timeoutMs: deadline.remainingMs(),
      }),
  },
  // `UpdateTime`: no password has a time of its own here, and a new description moves it too.
  modificationTimeOf: "account",
  lookUp,
});

function inRegion(account: MariadbAccount) {
  return { service: "mariadb", version: "2017-03-12", region: account.region } as const;
}

/** `DescribeAccounts` has neither pages nor filters; its limit is taken as the reset's. */
function lookUp(account: MariadbAccount, context: CallContext): Promise<Presence> {
  const accountsRequest = {
    ...inRegion(account),
    action: "DescribeAccounts",
    body: { InstanceId: account.instanceId },
    perSecond: 20,
    codes: mariadbCodes,
  };
  const instanceRequest = {
    ...inRegion(account),
    action: "DescribeDBInstances",
    body: { InstanceIds: [account.instanceId] },
    perSecond: 200,
    codes: mariadbCodes,
  };
  return lookForAccount({
    accounts: async () => itemsAnswer(await read(accountsRequest, context), "Users"),
    accountsRequest,
    nameFields: ["UserName", "Host"],
    isAccount: (user) => user["UserName"] === account.userName && user["Host"] === account.host,
    modifiedAt: (user) => user["UpdateTime"],
    instance: async () => {
      const instances = itemsAnswer(await read(instanceRequest, context), "Instances");
      if (instances.outcome !== "done") return instances;
      return done(instances.value.find((item) => item["InstanceId"] === account.instanceId));
    },
    instanceRequest,
    statusField: "Status",
    workingStatuses: new Set([2]), // running
  });
}
