/** Where Huawei Cloud's and the engines' credentials, places and endpoints come from. */
import { AccountPasswordError } from "../errors";
import { rememberSecrets } from "../redact";
import type { CredentialSource, Endpoint, Settings } from "../settings";
import { endpoint, inVariable, namedSource, oneSet, parseEndpoint } from "../settings";

export const regionSetting = { variable: "HW_REGION_NAME", key: "huaweicloud:region" };
export const projectSetting = { variable: "HW_PROJECT_ID", key: "huaweicloud:projectId" };

/** How the calls to the cloud itself prove who is calling. */
export type IamCredential =
  | { readonly kind: "token"; readonly token: string }
  | {
      readonly kind: "user";
      readonly userName: string;
      readonly password: string;
      readonly domainName: string;
    };

type IamPart = "token" | "userName" | "password" | "domainName";

function iamVariables(profile = ""): Record<IamPart, readonly string[]> {
  const prefix = `HW_${profile === "" ? "" : `${inVariable(profile)}_`}`;
  return {
    token: [`${prefix}AUTH_TOKEN`],
    userName: [`${prefix}USER_NAME`],
    password: [`${prefix}USER_PASSWORD`],
    domainName: [`${prefix}DOMAIN_NAME`],
  };
}

/** @throws `CREDENTIALS_MISSING` */
export function iamCredential(from: Settings, profile?: string): IamCredential {
  const variables = iamVariables(from.emulator ? undefined : profile);
  const sources: CredentialSource<IamPart>[] = [
    namedSource("the environment", variables, from.env),
  ];
  // Whatever else is configured belongs to production; a profile has variables only.
  if (!from.emulator && profile === undefined)
    sources.push(
      namedSource(
        "the stack configuration",
        {
          token: ["huaweicloud:token"],
          userName: ["huaweicloud:userName"],
          password: ["huaweicloud:password"],
          domainName: ["huaweicloud:domainName"],
        },
        (key) => from.config(key as string),
      ),
    );
  const set = oneSet<IamPart>(sources, [["token"], ["userName", "password", "domainName"]]);
  if (set === undefined)
    throw new AccountPasswordError(
      "CREDENTIALS_MISSING",
      `Cannot find Huawei Cloud credentials: nothing was sent; set ${variables.token[0]}, or ${variables.userName[0]}, ${variables.password[0]} and ${variables.domainName[0]}`,
    );
  rememberSecrets(set.token, set.password);
  if (set.token !== undefined) return { kind: "token", token: set.token };
  const { userName = "", password = "", domainName = "" } = set;
  return { kind: "user", userName, password, domainName };
}

/** How the calls to an engine prove who is calling: an RBAC token, or what gets one. */
export type RbacCredential =
  | {
      readonly kind: "token";
      readonly token: string;
      readonly account: string | undefined;
    }
  | {
      readonly kind: "login";
      readonly account: string;
      readonly password: string;
      /** The variable or key that the password stands in. */
      readonly passwordName: string;
    }
  /** The IAM token is exchanged for one. */
  | { readonly kind: "exchange" };

type RbacPart = "token" | "account" | "password";

/** The names with the engine's id behind win. @throws `CREDENTIALS_MISSING` */
export function rbacCredential(from: Settings, engineId: string): RbacCredential {
  const suffix = `_${inVariable(engineId)}`;
  const inEnvironment = (end: string) =>
    namedSource<RbacPart>(
      "the environment",
      {
        token: [`SERVICECOMB_RBAC_TOKEN${end}`],
        account: [`SERVICECOMB_RBAC_ACCOUNT${end}`],
        password: [`SERVICECOMB_RBAC_PASSWORD${end}`],
      },
      from.env,
    );
  const inConfiguration = (end: string) =>
    namedSource<RbacPart>(
      "the stack configuration",
      {
        token: [`servicecomb:rbacToken${end}`],
        account: [`servicecomb:rbacAccount${end}`],
        password: [`servicecomb:rbacPassword${end}`],
      },
      (key) => from.config(key as string),
    );
  const sources = from.emulator
    ? [inEnvironment("")]
    : [inEnvironment(suffix), inConfiguration(suffix), inEnvironment(""), inConfiguration("")];
  const set = oneSet<RbacPart>(sources, [["token"], ["account", "password"]]);
  rememberSecrets(set?.token, set?.password);
  if (set?.token !== undefined) return { kind: "token", token: set.token, account: set.account };
  if (set === undefined) return { kind: "exchange" };
  const { account = "", password = "" } = set;
  const source = sources.find(({ parts }) => parts === set);
  return { kind: "login", account, password, passwordName: source?.nameOf("password") ?? "" };
}

/** The word before the RBAC token. The API page says `Bear`, the engine itself takes any. */
export function authScheme(from: Settings): string {
  return from.env("SERVICECOMB_AUTH_SCHEME") ?? (from.config("servicecomb:authScheme") || "Bear");
}

/** The control plane of the engines, `https://cse.<region>.myhuaweicloud.com`. */
export function cseEndpoint(from: Settings, region: string): Endpoint {
  return endpoint(
    from,
    "HUAWEICLOUD_CSE_ENDPOINT",
    "huaweicloud:cseEndpoint",
    () => `https://cse.${region}.myhuaweicloud.com`,
  );
}

export function iamEndpoint(from: Settings, region: string): Endpoint {
  return endpoint(
    from,
    "HUAWEICLOUD_IAM_ENDPOINT",
    "huaweicloud:iamEndpoint",
    () => `https://iam.${region}.myhuaweicloud.com`,
  );
}

export interface EngineEndpoint extends Endpoint {
  /** The variable names this engine, so what answers there is this engine. */
  readonly ofThisEngine: boolean;
}

/** The engine itself, where its address is known: it lies in the user's own network. */
export function engineEndpoint(from: Settings, engineId: string): EngineEndpoint | undefined {
  const variable = "SERVICECOMB_ENGINE_ENDPOINT";
  const key = "servicecomb:engineEndpoint";
  const suffix = `_${inVariable(engineId)}`;
  if (from.emulator)
    return { ...parseEndpoint(from.emulator, "ACCOUNT_PASSWORDS_EMULATOR"), ofThisEngine: false };
  for (const end of [suffix, ""]) {
    const set = from.env(variable + end);
    const text = set ?? (from.config(key + end) || undefined);
    const source = (set === undefined ? key : variable) + end;
    if (text !== undefined) return { ...parseEndpoint(text, source), ofThisEngine: end !== "" };
  }
  return undefined;
}
