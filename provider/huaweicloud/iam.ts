/**
 * IAM tokens (`X-Auth-Token`): every call to the control plane needs one. AK/SK signing cannot be
 * used there, since the signature travels in `Authorization`, the header of the RBAC token.
 */
import type { CallContext } from "../account-service";
import type { Answer } from "../outcome";
import { done } from "../outcome";
import { rememberSecrets } from "../redact";
import { cached } from "../token-cache";
import type { Token } from "../token-cache";
import { callHuawei } from "./api";
import { iamCredential, iamEndpoint } from "./credentials";

/** An IAM token lasts 24 hours where the answer does not say when it ends. */
const lifetimeMs = 24 * 60 * 60 * 1000;

/**
 * A token for a project: given, or got with a user's name and password (`POST /v3/auth/tokens`) and
 * kept until shortly before it ends.
 */
export async function iamToken(
  place: { readonly region: string; readonly projectId: string },
  context: CallContext,
): Promise<Answer<string>> {
  const credential = iamCredential(context.settings, context.profile);
  if (credential.kind === "token") return done(credential.token);
  const { url } = iamEndpoint(context.settings, place.region);
  const { userName, domainName, password } = credential;
  const key = JSON.stringify([url, domainName, userName, place.projectId]);
  const answer = await cached(key, () => createToken(url, userName, password, domainName));
  return answer.outcome === "done" ? done(answer.value.text) : answer;

  async function createToken(
    iam: string,
    name: string,
    secret: string,
    domain: string,
  ): Promise<Answer<Token>> {
    const created = await callHuawei(
      {
        method: "POST",
        url: `${iam}/v3/auth/tokens`,
        headers: { "Content-Type": "application/json;charset=UTF-8", Accept: "application/json" },
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ["password"],
              password: { user: { name, password: secret, domain: { name: domain } } },
            },
            scope: { project: { id: place.projectId } },
          },
        }),
      },
      `iam ${domain} ${name}`,
      context,
    );
    if (created.outcome !== "done") return asCredentialProblem(created);
    const text = created.value.header("X-Subject-Token");
    if (text === "") return { ...refusedLogin, says: "IAM answered without a token" };
    rememberSecrets(text);
    return done({ text, expiresAt: expiryOf(created.value.json) ?? Date.now() + lifetimeMs });
  }
}

const refusedLogin = {
  outcome: "refused",
  code: "AUTH_FAILED",
  says: "Huawei Cloud refused the credentials",
} as const;

const notThere = {
  outcome: "refused",
  code: "NOT_FOUND",
  says: "Huawei Cloud does not find the engine or the project",
} as const;

const notAllowed = {
  outcome: "refused",
  code: "PERMISSION_DENIED",
  says: "the credentials lack the permission",
} as const;

/**
 * Getting a token changes no password, so whatever became of it, the account's password is
 * untouched: an answer that is not understood is no unknown outcome here.
 */
export function asCredentialProblem<T>(answer: Answer<T>): Exclude<Answer<T>, { outcome: "done" }> {
  if (answer.outcome === "done") throw new TypeError("asCredentialProblem() takes a failure");
  if (answer.outcome !== "unknown") return answer;
  const { httpStatus = 0 } = answer;
  if (httpStatus === 429) return { ...answer, outcome: "tryAgain", code: "THROTTLED" };
  if (httpStatus === 404) return { ...answer, ...notThere };
  if (httpStatus === 403) return { ...answer, ...notAllowed };
  if (httpStatus >= 400 && httpStatus < 500) return { ...answer, ...refusedLogin };
  return { ...answer, outcome: "tryAgain", code: "NETWORK" };
}

function expiryOf(json: unknown): number | undefined {
  const token = (json as { token?: { expires_at?: unknown } } | undefined)?.token;
  const time = Date.parse(String(token?.expires_at));
  return Number.isNaN(time) ? undefined : time;
}
