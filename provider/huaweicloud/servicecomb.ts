/**
 * Passwords of the RBAC accounts of a ServiceComb engine (Huawei Cloud CSE): `POST
 * /v3/{project_id}/accounts/{name}/password`.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPassword } from "../account-password";
import type { AccountPasswordArgs } from "../account-password";
import { defineService } from "../account-service";
import type { CallContext, Presence } from "../account-service";
import { present } from "../drift";
import type { Answer } from "../outcome";
import { done } from "../outcome";
import { undocumented } from "../transport";
import { asciiSymbols, PasswordPolicy } from "../password/policy";
import { secondsBetween } from "../wrong-tries";
import { accepted, inconclusive, refused } from "../verification/verification";
import type { VerifyArgs } from "../verification/verify-args";
import { callHuawei } from "./api";
import type { HuaweiResponse } from "./api";
import {
  authScheme,
  cseEndpoint,
  engineEndpoint,
  iamEndpoint,
  projectSetting,
  rbacCredential,
  regionSetting,
} from "./credentials";
import { invalidRequest, tokenExpired } from "./error-codes";
import { iamToken } from "./iam";
import { noteAccepted, tryOnce, wasAccepted } from "./one-try";
import {
  enterpriseProject,
  forgetToken,
  loginOnce,
  noteState,
  rbacToken,
  tokenAccount,
} from "./rbac-token";
import type { ServicecombAccount } from "./rbac-token";

const allClasses = { minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 } as const;

/** Password rules of the RBAC accounts of a ServiceComb engine. */
export const servicecombPolicy = new PasswordPolicy({
  name: "huaweicloud:ServicecombAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: asciiSymbols,
    firstCharacter: "letter",
    notAccountName: true,
  },
  strictest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "-~!@#%^*_=+?$&()|<>{}[]",
    firstCharacter: "letter",
    notAccountName: true,
  },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    ...allClasses,
    overrideSpecial: "-~!@#%^*_=+?",
  },
  sources: [
    {
      source: "apache/servicecomb-service-center, server/service/rbac and pkg/validate",
      says: "8 to 32 bytes, upper case, lower case, digit and a punctuation mark or symbol",
    },
    {
      source: "Huawei Cloud, microservice engine, administrator password",
      says: "8 to 32 characters, all four classes, symbols -~!@#%^*_=+?$&()|<>{}[], starting with a letter, neither the account's name nor that reversed",
    },
  ],
});

export interface ServicecombAccountPasswordArgs extends AccountPasswordArgs {
  /**
   * Region, such as `"cn-north-4"`. A change **replaces**.
   *
   * @default What the state says, then `huaweicloud:region`, then `HW_REGION_NAME`.
   */
  region?: pulumi.Input<string> | undefined;
  /**
   * Id of the project, 1 to 64 characters. A change **replaces**.
   *
   * @default What the state says, then `huaweicloud:projectId`, then `HW_PROJECT_ID`.
   */
  projectId?: pulumi.Input<string> | undefined;
  /** Id of the engine. A change **replaces**. */
  engineId: pulumi.Input<string>;
  /** Name of the RBAC account. A change **replaces**. */
  accountName: pulumi.Input<string>;
  /**
   * Passwords that may be live, likeliest first; secret. Set by itself when `password` is a
   * `RotatingPassword`. Only used when the account changes its own password.
   */
  candidates?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * After each change and on adoption, log in at the engine, once (`POST /v4/token`): see the
   * outputs `verification` and `verifiedAt`. It needs `servicecomb:engineEndpoint` (or
   * `SERVICECOMB_ENGINE_ENDPOINT`), and `timeoutSeconds` has no effect: a refused login counts as
   * the one wrong try in 16 minutes. `{}` is enough.
   *
   * @default No login
   */
  verify?: pulumi.Input<VerifyArgs> | undefined;
}

/**
 * The password of one existing RBAC account of a ServiceComb engine.
 *
 * Calls `POST /v3/{project_id}/accounts/{name}/password` with an IAM token (`X-Auth-Token`) and an
 * RBAC token of the engine. An administrator _resets_ the password of another account. An account
 * that changes its own password (the token is its own) must give the current one: a _change_.
 * Tokens that were issued before stay valid until they expire, so a rotation ends no session.
 * `destroy` leaves the account and its password as they are.
 *
 * Three wrong passwords lock an account for 15 minutes. So at most one wrong one is tried in 16
 * minutes, over all runs; a run inside that time makes no call and says when to come back.
 *
 * The password: 8 to 32 characters, at least one lower-case letter, upper-case letter, digit and
 * symbol, starting with a letter, neither the account's name nor that name reversed. Symbols other
 * than `-~!@#%^*_=+?$&()|<>{}[]` only warn.
 *
 * Fails with `PASSWORD_POLICY`, `PASSWORD_REJECTED`, `CURRENT_PASSWORD_UNKNOWN`, `ACCOUNT_LOCKED`,
 * `CREDENTIALS_MISSING`, `AUTH_FAILED`, `PERMISSION_DENIED`, `NOT_FOUND`, `NETWORK`,
 * `OUTCOME_UNKNOWN`, `VERIFICATION_REFUSED`, `ENDPOINT_CHANGED` or `CHECKPOINTS_SKIPPED`.
 *
 * @example
 *
 * ```ts
 * new huaweicloud.ServicecombAccountPassword("alice", {
 *   region: "cn-north-4",
 *   projectId: "0123456789abcdef0123456789abcdef",
 *   engineId: "engine-1",
 *   accountName: "alice",
 *   password: config.requireSecret("alicePassword"),
 * });
 * ```
 */
export class ServicecombAccountPassword extends AccountPassword {
  static readonly policy = servicecombPolicy;

  declare readonly region: pulumi.Output<string>;
  declare readonly projectId: pulumi.Output<string>;
  declare readonly engineId: pulumi.Output<string>;
  declare readonly accountName: pulumi.Output<string>;
  declare readonly candidates: pulumi.Output<string[] | undefined>;
  declare readonly verify: pulumi.Output<pulumi.Unwrap<VerifyArgs> | undefined>;

  constructor(
    name: string,
    args: ServicecombAccountPasswordArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(servicecomb, name, args, opts);
  }

  static override isInstance(value: unknown): value is ServicecombAccountPassword {
    return AccountPassword.isOf(servicecomb, value);
  }
}

export const servicecomb = defineService<keyof ServicecombAccount>({
  type: "huaweicloud:ServicecombAccountPassword",
  noun: "ServiceComb account",
  identity: ["region", "projectId", "engineId", "accountName"],
  places: { region: regionSetting, projectId: projectSetting },
  instanceArgument: "engineId",
  nameArgument: "accountName",
  ownArguments: { candidates: "texts" },
  policy: servicecombPolicy,
  timeoutSeconds: 120,
  secondsBetweenWrongTries: secondsBetween,
  endpoint: ({ region, engineId }, settings) => {
    // Each of the three may be malformed, and that is to show before any of them is sent a request.
    iamEndpoint(settings, region);
    engineEndpoint(settings, engineId);
    return cseEndpoint(settings, region);
  },
  needsCurrent: async (account, context, given) => {
    const owner = await tokenAccount(account, context);
    if (owner.outcome !== "done") return owner;
    // An opaque token does not say whose it is: then the program decides.
    return done(
      owner.value === undefined ? given.currentPassword : owner.value === account.accountName,
    );
  },
  setPassword: async (account, change, context) => {
    const first = await changePassword(account, change, context);
    if (first.outcome === "done" || first.vendor?.vendorCode !== tokenExpired) return first;
    return changePassword(account, change, context);
  },
  canLogIn: ({ engineId }, { settings }) => engineEndpoint(settings, engineId) !== undefined,
  login: async (account, password, context) => {
    const answer = await loginOnce(account, password, context);
    return answer.outcome === "done" ? done(undefined, answer.requestId) : answer;
  },
  ownLogin: ({ engineId, accountName }, { settings }) => {
    const credential = rbacCredential(settings, engineId);
    const isOwn = credential.kind === "login" && credential.account === accountName;
    return isOwn ? credential.password : undefined;
  },
  wasAccepted,
  noteState,
  currentUnknownAdvice:
    "give the live password as currentPassword, or have an administrator's token set it",
  verifier: {
    arguments: [],
    onlyOnce: true,
    problem: ({ engineId }, _verify, settings) =>
      engineEndpoint(settings, engineId) === undefined
        ? "verify logs in at the engine, whose address is not configured: set servicecomb:engineEndpoint or SERVICECOMB_ENGINE_ENDPOINT"
        : undefined,
    logIn: async (account, password, _verify, context) => {
      const answer = await loginOnce(account, password, context);
      if (answer.outcome === "done") return accepted;
      const { triedPassword } = answer;
      if (triedPassword === undefined) return inconclusive(answer.says);
      // Without an answer nobody knows whether it was counted.
      const verdict =
        triedPassword === "" ? inconclusive(answer.says) : refused("the engine refused it");
      return { ...verdict, mayCount: true };
    },
  },
  // `updateTime`: no password has a time of its own here, and a new role moves it too.
  modificationTimeOf: "account",
  lookUp,
});

async function changePassword(
  account: ServicecombAccount,
  { password, currentPassword }: { readonly password: string; readonly currentPassword?: string },
  context: CallContext,
): Promise<Answer<void>> {
  const { region, projectId, engineId, accountName } = account;
  // First what may be refused without a call.
  const token = await rbacToken(account, context, { allowed: true, ownPassword: currentPassword });
  if (token.outcome !== "done") return token;
  const iam = await iamToken({ region, projectId }, context);
  if (iam.outcome !== "done") return iam;
  const { url } = cseEndpoint(context.settings, region);
  const request = {
    method: "POST",
    url: `${url}/v3/${encodeURIComponent(projectId)}/accounts/${encodeURIComponent(accountName)}/password`,
    headers: {
      ...enterpriseProject(context),
      "Content-Type": "application/json;charset=UTF-8",
      Accept: "application/json",
      "X-Auth-Token": iam.value,
      "X-Engine-Id": engineId,
      Authorization: `${authScheme(context.settings)} ${token.value.text}`,
    },
    body: JSON.stringify(
      currentPassword === undefined ? { password } : { currentPassword, password },
    ),
  } as const;
  const send = async () => understood(await callHuawei(request, `cse ${projectId}`, context));
  // A wrong current password counts towards the lock-out, like a refused login.
  const answer =
    currentPassword === undefined
      ? await send()
      : await tryOnce(account, currentPassword, context, send);
  if (answer.outcome === "done") {
    noteState(account, { password });
    if (currentPassword !== undefined) noteAccepted(account, password);
    return answer;
  }
  const { vendorCode } = answer.vendor ?? {};
  if (vendorCode === tokenExpired) await forgetToken(token.value);
  const mayBeOwn = token.value.account === undefined && currentPassword === undefined;
  return mayBeOwn && vendorCode === invalidRequest
    ? {
        ...answer,
        says: `${answer.says} (or give currentPassword if the token is this account's own)`,
      }
    : answer;
}

/** The page documents `result`, its example has `Result`, and the engine itself sends nothing. */
function understood(answer: Answer<HuaweiResponse>): Answer<void> {
  if (answer.outcome !== "done") return answer;
  const { json } = answer.value;
  const { result, Result = result } = Object(json) as { result?: unknown; Result?: unknown };
  if (json === undefined || typeof Result === "string") return done(undefined, answer.requestId);
  return undocumented(200, answer.requestId);
}

/**
 * The engine's own listing (`GET /v4/accounts`, administrators only). The control plane documents
 * none, so without the engine's address nothing is asked.
 */
async function lookUp(account: ServicecombAccount, context: CallContext): Promise<Presence> {
  const { engineId, accountName } = account;
  const engine = engineEndpoint(context.settings, engineId);
  if (engine === undefined) return { kind: "unreadable" };
  const token = await rbacToken(account, context, { allowed: false });
  if (token.outcome !== "done")
    return { kind: "unreadable", ...(token.says === "" ? {} : { says: token.says }) };
  const answer = await callHuawei(
    {
      method: "GET",
      url: `${engine.url}/v4/accounts`,
      headers: {
        Accept: "application/json",
        "X-Engine-Id": engineId,
        Authorization: `Bearer ${token.value.text}`,
      },
    },
    `engine ${engineId}`,
    context,
  );
  if (answer.outcome !== "done") return { kind: "unreadable", says: answer.says };
  const { total, data } = (answer.value.json ?? {}) as { total?: unknown; data?: unknown };
  if (!Array.isArray(data) || data.length !== total)
    return { kind: "unreadable", says: "the engine's listing of accounts is not complete" };
  const found = (data as ({ name?: unknown; updateTime?: unknown } | null)[]).find(
    (item) => item?.name === accountName,
  );
  if (found) return present(found.updateTime);
  // An address that is configured for all engines may be another engine's.
  return {
    kind: engine.ofThisEngine || token.value.issuedByEngine ? "accountGone" : "instanceNotFound",
  };
}
