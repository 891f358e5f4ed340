/**
 * RBAC tokens of an engine, and the care that a login there needs: three wrong passwords lock an
 * account for 15 minutes. So there is one login in a process, with the password that the state
 * knows rather than a variable that its own rotation made stale, and none soon after a wrong one.
 */
import type { Account, CallContext, NotedState } from "../account-service";
import { AccountPasswordError } from "../errors";
import type { Answer, Failure } from "../outcome";
import { done } from "../outcome";
import { rememberSecrets } from "../redact";
import { cached, forget, kept } from "../token-cache";
import type { Token } from "../token-cache";
import { triesOf } from "../tried-passwords";
import { accountKey, wrongTries } from "../wrong-tries";
import { callHuawei } from "./api";
import { cseEndpoint, engineEndpoint, rbacCredential } from "./credentials";
import { asCredentialProblem, iamToken } from "./iam";
import { tryOnce } from "./one-try";

export type ServicecombAccount = Account<"region" | "projectId" | "engineId" | "accountName">;

export interface RbacToken {
  readonly text: string;
  /** Whose token it is; unknown when it is opaque. */
  readonly account: string | undefined;
  /** This engine has issued it, so whoever accepts it is this engine. */
  readonly issuedByEngine: boolean;
  /** For {@link forgetToken}. */
  readonly key: string;
}

/** A token of an engine lasts 12 hours where it does not say itself when it ends. */
const lifetimeMs = 12 * 60 * 60 * 1000;

/** Passwords that are live as far as states tell, by engine and account. */
const livePasswords = new Map<string, string>();

/** Takes note of what a state says, so that a later login does not do worse than it could. */
export function noteState(account: ServicecombAccount, state: NotedState): void {
  const { engineId, accountName } = account;
  if (state.password !== undefined)
    livePasswords.set(accountKey(engineId, accountName), state.password);
  for (const { account, at, refused } of triesOf(state))
    wrongTries.note(accountKey(engineId, account || accountName), at, refused);
}

/** Whose password changes are made with, where that can be told without a login. */
export async function tokenAccount(
  account: ServicecombAccount,
  context: CallContext,
): Promise<Answer<string | undefined>> {
  const credential = rbacCredential(context.settings, account.engineId);
  if (credential.kind === "login") {
    assertWholeSet(account.engineId, context);
    return done(credential.account);
  }
  const token = await rbacToken(account, context, { allowed: true });
  return token.outcome === "done" ? done(token.value.account) : token;
}

/**
 * A token for the account's engine: given, from a login at the engine, or for the IAM token.
 *
 * @param login Whether there may be a login for it, and with which password when the login account
 *   is the one being changed.
 */
export async function rbacToken(
  account: ServicecombAccount,
  context: CallContext,
  login: { readonly allowed: boolean; readonly ownPassword?: string | undefined },
): Promise<Answer<RbacToken>> {
  const { engineId, region, projectId } = account;
  const credential = rbacCredential(context.settings, engineId);
  if (credential.kind === "token")
    return done({
      text: credential.token,
      account: claimsOf(credential.token).account ?? credential.account,
      issuedByEngine: false,
      key: "",
    });
  if (credential.kind === "exchange") {
    const key = JSON.stringify(["exchange", region, projectId, engineId, context.profile]);
    const token = await cached(key, () => exchange(account, context));
    return withAccount(token, key, undefined, true);
  }

  const key = JSON.stringify(["login", engineId, credential.account]);
  if (!login.allowed)
    return withAccount((await kept(key)) ?? noLoginHere, key, credential.account, false);
  assertWholeSet(engineId, context);

  const isOwn = account.accountName === credential.account;
  const token = await cached(
    key,
    () => {
      const loginAccount = accountKey(engineId, credential.account);
      const state = livePasswords.get(loginAccount);
      const refused = wrongTries.refused(loginAccount);
      const password =
        (isOwn ? login.ownPassword : undefined) ??
        [state, credential.password].find((one) => one !== undefined && !refused.has(one)) ??
        // Refused once, and perhaps made right since: better one try in 16 minutes than none ever.
        credential.password;
      return loginOnce({ ...account, accountName: credential.account }, password, context);
    },
    // A refused login is never repeated in this process.
    (answer) => answer.outcome !== "done" && answer.triedPassword !== undefined,
  );
  if (
    token.outcome !== "done" &&
    (token.triedPassword !== undefined || token.code === "ACCOUNT_LOCKED")
  )
    return isOwn
      ? { ...token, toCorrect: "currentPassword" }
      : { ...token, triedAccount: credential.account, toCorrect: credential.passwordName };
  return withAccount(token, key, credential.account, false);
}

/** The engine says that the token has expired: the next one is new. */
export function forgetToken(token: RbacToken): Promise<void> {
  return forget(token.key, token.text);
}

function withAccount(
  token: Answer<Token>,
  key: string,
  account: string | undefined,
  issuedByEngine: boolean,
): Answer<RbacToken> {
  if (token.outcome !== "done") return token;
  const { text } = token.value;
  return done({ text, key, issuedByEngine, account: claimsOf(text).account ?? account });
}

/**
 * `POST /v2/{project_id}/enginemgr/engines/{engine_id}/tokens`: no password of the engine is
 * involved.
 */
async function exchange(account: ServicecombAccount, context: CallContext): Promise<Answer<Token>> {
  const { region, projectId, engineId } = account;
  const iam = await iamToken({ region, projectId }, context);
  if (iam.outcome !== "done") return iam;
  const { url } = cseEndpoint(context.settings, region);
  const path = `/v2/${encodeURIComponent(projectId)}/enginemgr/engines/${encodeURIComponent(engineId)}/tokens`;
  const answer = await callHuawei(
    {
      method: "POST",
      url: url + path,
      headers: { ...enterpriseProject(context), "X-Auth-Token": iam.value, Accept: json },
    },
    `cse ${projectId}`,
    context,
  );
  return answer.outcome === "done" ? tokenOf(answer.value.json) : asCredentialProblem(answer);
}

/**
 * `POST /v4/token`: whether the password is the account's live one, and a token. A wrong one counts
 * towards the lock-out, and is remembered.
 */
export async function loginOnce(
  account: ServicecombAccount,
  password: string,
  context: CallContext,
): Promise<Answer<Token>> {
  const { engineId, accountName } = account;
  const engine = engineEndpoint(context.settings, engineId);
  if (engine === undefined) return noEngineEndpoint(engineId);
  const answer = await tryOnce(account, password, context, async () => {
    const login = await callHuawei(
      {
        method: "POST",
        url: `${engine.url}/v4/token`,
        headers: { "Content-Type": json, Accept: json, "X-Engine-Id": engineId },
        body: JSON.stringify({ name: accountName, password }),
      },
      `engine ${engineId}`,
      context,
    );
    if (login.outcome !== "done") return login;
    const token = tokenOf(login.value.json);
    return token.outcome === "done" ? token : { ...token, outcome: "unknown" };
  });
  if (answer.outcome === "done") return answer;
  const failure = asCredentialProblem(answer);
  if (failure.triedPassword === undefined) return failure;
  const says = failure.triedPassword
    ? `the engine refused the login of "${accountName}"`
    : `the login of "${accountName}" failed: ${failure.says}`;
  return { ...failure, outcome: "wrongOldPassword", says };
}

const json = "application/json;charset=UTF-8";

export function enterpriseProject(context: CallContext): Record<string, string> {
  const { env, config } = context.settings;
  const id = env("HW_ENTERPRISE_PROJECT_ID") ?? config("huaweicloud:enterpriseProjectId");
  return id ? { "X-Enterprise-Project-ID": id } : {};
}

function tokenOf(body: unknown): Answer<Token> {
  const { token } = (body ?? {}) as { token?: unknown };
  if (typeof token !== "string" || token === "")
    return { outcome: "refused", code: "AUTH_FAILED", says: "the engine answered without a token" };
  rememberSecrets(token);
  const { exp } = claimsOf(token);
  return done({
    text: token,
    expiresAt: exp === undefined ? Date.now() + lifetimeMs : exp * 1000,
  });
}

/** What a token says of itself: decoded, not verified, for only the engine can. */
function claimsOf(token: string): { account?: string; exp?: number } {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { account, exp } = JSON.parse(payload) as Record<string, unknown>;
    return {
      ...(typeof account === "string" ? { account } : {}),
      ...(typeof exp === "number" ? { exp } : {}),
    };
  } catch {
    return {};
  }
}

export function noEngineEndpoint(engineId: string): Failure {
  return {
    outcome: "refused",
    code: "CURRENT_PASSWORD_UNKNOWN",
    says: `whether the new password is live already only a login can tell, which needs the engine's own address: SERVICECOMB_ENGINE_ENDPOINT is not set for "${engineId}"`,
  };
}

/** Reading is not worth a login: a wrong one counts, and each of many reads would risk it. */
const noLoginHere: Failure = {
  outcome: "refused",
  code: "PERMISSION_DENIED",
  says: "",
};

function assertWholeSet(engineId: string, context: CallContext): void {
  if (engineEndpoint(context.settings, engineId) !== undefined) return;
  throw new AccountPasswordError(
    "CREDENTIALS_MISSING",
    `Cannot log in at engine ${JSON.stringify(engineId)}: SERVICECOMB_RBAC_ACCOUNT and SERVICECOMB_RBAC_PASSWORD need SERVICECOMB_ENGINE_ENDPOINT, which is missing; nothing was sent`,
  );
}
