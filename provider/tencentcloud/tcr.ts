/**
 * Passwords of the service accounts of a TCR (container registry) instance.
 *
 * `ModifyServiceAccountPassword` 2019-09-24 sets a chosen password at once (`Random` is always
 * false: a password that the vendor draws is shown once, and lost with the answer).
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPassword } from "../account-password";
import type { AccountPasswordArgs } from "../account-password";
import { defineService } from "../account-service";
import type { Account, CallContext, Presence } from "../account-service";
import { asciiSymbols, PasswordPolicy } from "../password/policy";
import { done } from "../outcome";
import { warn } from "../report";
import { logInToRegistry } from "../verification/registry-login";
import type { TcrVerifyArgs } from "../verification/verify-args";
import { callTencentCloud } from "./api";
import { productEndpoint, regionSetting } from "./credentials";
import { tcrCodes } from "./error-codes";
import { itemsAnswer, itemsOf, lookForAccount, read, readPages, unreadable } from "./reading";
import type { Item } from "./reading";

/** Password rules of TCR `ModifyServiceAccountPassword`. Which symbols it takes is not documented. */
export const tcrPolicy = new PasswordPolicy({
  name: "tencentcloud:TcrServiceAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 20,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    symbols: asciiSymbols,
  },
  strictest: { minLength: 8, maxLength: 20, minLower: 1, minUpper: 1, minNumeric: 1, symbols: "" },
  randomPasswordArgs: {
    length: 20,
    lower: true,
    upper: true,
    numeric: true,
    special: false,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 0,
  },
  sources: [
    {
      source: "TCR API 2019-09-24, ModifyServiceAccountPassword, page of 2024-03-21",
      says: "8 to 20 characters, at least one upper-case letter, one lower-case letter and one number; of symbols it says nothing",
    },
  ],
});

export interface TcrServiceAccountPasswordArgs extends AccountPasswordArgs {
  /**
   * Region, such as `"ap-guangzhou"`. A change **replaces**.
   *
   * @default What the state says, then `tencentcloud:region`, then `TENCENTCLOUD_REGION`.
   */
  region?: pulumi.Input<string> | undefined;
  /** Id of the TCR instance, such as `"tcr-gijwqid7"`. A change **replaces**. */
  registryId: pulumi.Input<string>;
  /** Name of the service account; `tcr$robot` and `robot` are the same one. A change **replaces**. */
  accountName: pulumi.Input<string>;
  /**
   * After each change and on adoption, log in to the registry, as `docker login` does it: see the
   * outputs `verification` and `verifiedAt`. A change of it logs in again, and changes nothing
   * else.
   *
   * @default No login
   */
  verify?: pulumi.Input<TcrVerifyArgs> | undefined;
}

/**
 * The password of one existing TCR service account.
 *
 * Calls TCR `ModifyServiceAccountPassword` 2019-09-24 (20 requests per second; page of 2024-03-21):
 * a reset at once, the old password is not needed and stops working. `destroy` leaves the account
 * and its password as they are. A disabled or expired account takes the password, but no login:
 * that is a warning.
 *
 * The password: 8 to 20 characters, at least one upper-case letter, one lower-case letter and one
 * digit. Which symbols TCR takes is not documented: generated passwords have none, others warn.
 *
 * Fails with `PASSWORD_POLICY`, `CREDENTIALS_MISSING`, `AUTH_FAILED`, `CLOCK_SKEW`,
 * `PERMISSION_DENIED`, `NOT_FOUND`, `THROTTLED`, `NETWORK`, `OUTCOME_UNKNOWN`,
 * `VERIFICATION_REFUSED`, `ENDPOINT_CHANGED` or `CHECKPOINTS_SKIPPED`.
 *
 * @example
 *
 * ```ts
 * const generated = new RotatingPassword("robot", {
 *   policy: tencentcloud.TcrServiceAccountPassword.policy,
 *   rotateEvery: { days: 90 },
 * });
 * new tencentcloud.TcrServiceAccountPassword("robot", {
 *   region: "ap-guangzhou",
 *   registryId: "tcr-gijwqid7",
 *   accountName: "robot",
 *   password: generated,
 * });
 * ```
 */
export class TcrServiceAccountPassword extends AccountPassword {
  static readonly policy = tcrPolicy;

  declare readonly region: pulumi.Output<string>;
  declare readonly registryId: pulumi.Output<string>;
  declare readonly accountName: pulumi.Output<string>;
  declare readonly verify: pulumi.Output<pulumi.Unwrap<TcrVerifyArgs> | undefined>;

  constructor(
    name: string,
    args: TcrServiceAccountPasswordArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(tcr, name, args, opts);
  }

  static override isInstance(value: unknown): value is TcrServiceAccountPassword {
    return AccountPassword.isOf(tcr, value);
  }
}

type TcrAccount = Account<"region" | "registryId" | "accountName">;

export const tcr = defineService<keyof TcrAccount>({
  type: "tencentcloud:TcrServiceAccountPassword",
  noun: "TCR service account",
  identity: ["region", "registryId", "accountName"],
  places: { region: regionSetting },
  instanceArgument: "registryId",
  ownArguments: {},
  policy: tcrPolicy,
  timeoutSeconds: 120,
  // Listings say `tcr$robot`; a shipped client of the vendor sends the bare name with this call.
  normalize: (argument, value) =>
    argument === "accountName" && value.startsWith(listedPrefix)
      ? value.slice(listedPrefix.length)
      : value,
  endpoint: (account, settings) => productEndpoint(settings, "tcr", account.region),
  setPassword: async (account, { password }, context) => {
    const answer = await callTencentCloud(
      {
        ...inRegistry(account),
        action: "ModifyServiceAccountPassword",
        body: {
          RegistryId: account.registryId,
          Name: account.accountName,
          Random: false,
          Password: password,
        },
        perSecond: 20,
        codes: tcrCodes,
      },
      context,
    );
    if (answer.outcome !== "done") return answer;
    // The answer repeats the password: nothing of it goes on.
    return done(undefined, answer.requestId);
  },
  warnAfterChange: warnIfUnusable,
  verifier: {
    arguments: ["host", "port", "tls"],
    logIn: ({ accountName }, password, verify, { deadline, settings }) =>
      logInToRegistry(`${listedPrefix}${accountName}`, password, verify, {
        timeoutMs: deadline.remainingMs(),
        onlyLoopback: settings.emulator !== undefined,
      }),
  },
  // `UpdateTime`: no password has a time of its own here, and a new description moves it too.
  modificationTimeOf: "account",
  lookUp,
});

const listedPrefix = "tcr$";

function inRegistry(account: TcrAccount) {
  return { service: "tcr", version: "2019-09-24", region: account.region } as const;
}

/** The listing of the registry's service accounts; 20 requests per second. */
function listing(account: TcrAccount) {
  return {
    ...inRegistry(account),
    action: "DescribeServiceAccounts",
    body: { RegistryId: account.registryId },
    perSecond: 20,
  };
}

function isAccount(account: TcrAccount): (item: Item) => boolean {
  return (item) =>
    item["Name"] === account.accountName || item["Name"] === listedPrefix + account.accountName;
}

/** The password is set, and logins may fail all the same. */
async function warnIfUnusable(account: TcrAccount, context: CallContext): Promise<void> {
  const request = listing(account);
  const byName = {
    Name: "ServiceAccountName",
    Values: [account.accountName, listedPrefix + account.accountName],
  };
  const body = { ...request.body, Filters: [byName], Limit: 100 };
  const answer = await read({ ...request, body }, context);
  if (answer.outcome !== "done") {
    const { says } = unreadable(answer, request);
    return warn(
      `TCR instance "${account.registryId}": the password was set; whether the account is disabled or expired could not be read: ${says}`,
    );
  }
  const item = itemsOf(answer.value, "ServiceAccounts")?.find(isAccount(account));
  if (item !== undefined) warnOf(account, item);
}

function warnOf(account: TcrAccount, item: Item): void {
  const expiresAt = Number(item["ExpiresAt"] ?? 0);
  const expired = expiresAt > 0 && expiresAt <= Date.now();
  const why = item["Disable"] === true ? "disabled" : expired ? "expired" : undefined;
  if (why === undefined) return;
  warn(
    `TCR service account "${account.accountName}" of "${account.registryId}" is ${why}: it takes a password, but no login`,
  );
}

function lookUp(account: TcrAccount, context: CallContext): Promise<Presence> {
  const accountsRequest = listing(account);
  const instanceRequest = {
    ...inRegistry(account),
    action: "DescribeInstances",
    body: { Registryids: [account.registryId] }, // the vendor's own spelling
    perSecond: 20,
  };
  return lookForAccount(
    {
      accounts: () => readPages(accountsRequest, "ServiceAccounts", context),
      accountsRequest,
      nameFields: ["Name"],
      isAccount: isAccount(account),
      modifiedAt: (item) => item["UpdateTime"],
      instance: async () => {
        const registries = itemsAnswer(await read(instanceRequest, context), "Registries");
        if (registries.outcome !== "done") return registries;
        return done(registries.value.find((item) => item["RegistryId"] === account.registryId));
      },
      instanceRequest,
      statusField: "Status",
      workingStatuses: new Set(["Running"]),
    },
    (item) => warnOf(account, item),
  );
}
