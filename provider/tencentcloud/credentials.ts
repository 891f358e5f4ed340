/** Where Tencent Cloud's keys, region and endpoint come from. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AccountPasswordError } from "../errors";
import { rememberSecrets } from "../redact";
import type { CredentialSource, Endpoint, Settings } from "../settings";
import { endpoint, inVariable, namedSource, oneSet } from "../settings";

export interface Credential {
  readonly secretId: string;
  readonly secretKey: string;
  /** Of temporary keys. */
  readonly token?: string;
}

type Part = "secretId" | "secretKey" | "token";

/** The vendor's tools use three names for the session token; the first that is set counts. */
function variables(profile = ""): Record<Part, readonly string[]> {
  const prefix = `TENCENTCLOUD_${profile === "" ? "" : `${inVariable(profile)}_`}`;
  return {
    secretId: [`${prefix}SECRET_ID`],
    secretKey: [`${prefix}SECRET_KEY`],
    token: [`${prefix}SESSION_TOKEN`, `${prefix}TOKEN`, `${prefix}SECURITY_TOKEN`],
  };
}

/** @throws `CREDENTIALS_MISSING` */
export async function credential(from: Settings, profile?: string): Promise<Credential> {
  const set = oneSet<Part>(await sources(from, profile), [["secretId", "secretKey"]]);
  if (set?.secretId === undefined || set.secretKey === undefined)
    throw new AccountPasswordError("CREDENTIALS_MISSING", missing(from, profile));
  rememberSecrets(set.secretKey, set.token);
  return {
    secretId: set.secretId,
    secretKey: set.secretKey,
    ...(set.token === undefined ? {} : { token: set.token }),
  };
}

async function sources(from: Settings, profile?: string): Promise<CredentialSource<Part>[]> {
  // Whatever else is configured belongs to production.
  if (from.emulator) return [namedSource("the environment", variables(), from.env)];
  if (profile !== undefined)
    return [
      namedSource(
        `the environment (profile ${JSON.stringify(profile)})`,
        variables(profile),
        from.env,
      ),
      ...(await files(profile, profile)),
    ];
  return [
    namedSource("the environment", variables(), from.env),
    namedSource(
      "the stack configuration",
      {
        secretId: ["tencentcloud:secretId"],
        secretKey: ["tencentcloud:secretKey"],
        token: ["tencentcloud:securityToken"],
      },
      (key) => from.config(key as string),
    ),
    ...(await files("default", from.env("TENCENTCLOUD_PROFILE") ?? "default")),
  ];
}

/** The files of the vendor's SDKs (INI) and of its command line (JSON). */
async function files(section: string, profile: string): Promise<CredentialSource<Part>[]> {
  const ini = join(homedir(), ".tencentcloud", "credentials");
  const json = join(homedir(), ".tccli", `${profile}.credential`);
  return [
    fileSource(
      `${ini} [${section}]`,
      ["secret_id", "secret_key", "token"],
      iniSection(await text(ini), section),
    ),
    fileSource(json, ["secretId", "secretKey", "token"], jsonObject(await text(json))),
  ];
}

function fileSource(
  name: string,
  [secretId, secretKey, token]: readonly [string, string, string],
  found: Readonly<Record<string, string>>,
): CredentialSource<Part> {
  const names = { secretId: [secretId], secretKey: [secretKey], token: [token] };
  return namedSource(name, names, (key) => found[key as string]);
}

async function text(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** The flat `key = value` lines of one section. */
function iniSection(content: string, section: string): Record<string, string> {
  const found: Record<string, string> = {};
  let inSection = false;
  for (const line of content.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (header !== undefined) inSection = header.trim() === section;
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inSection && key && value) found[key] = value;
  }
  return found;
}

function jsonObject(content: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(content);
    const entries = Object.entries((parsed ?? {}) as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}

function missing(from: Settings, profile?: string): string {
  if (from.emulator)
    return "Cannot use the emulator: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY are not set; nothing was sent; set what `pulumi-account-passwords emulator` prints";
  if (profile !== undefined) {
    const names = variables(profile);
    return `Cannot find the Tencent Cloud credentials of profile ${JSON.stringify(profile)}: nothing was sent; set ${names.secretId[0]} and ${names.secretKey[0]}, or add the profile to ~/.tencentcloud/credentials or ~/.tccli`;
  }
  return "Cannot find Tencent Cloud credentials: nothing was sent; set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or tencentcloud:secretId and tencentcloud:secretKey (with --secret)";
}

/** The region where no argument names one. */
export const regionSetting = { variable: "TENCENTCLOUD_REGION", key: "tencentcloud:region" };

/**
 * The address of a product.
 *
 * Nothing else derives it: the finance regions are a network of their own, so there the host
 * carries the region too, and accounts of the international site set `TENCENTCLOUD_DOMAIN`
 * (vendor's page 1021/34191).
 *
 * @param label The product's label in host and signature: `postgres`, not `postgresql`.
 */
export function productEndpoint(from: Settings, label: string, region: string): Endpoint {
  const found = endpoint(from, "TENCENTCLOUD_ENDPOINT", "tencentcloud:endpoint", () => {
    const domain =
      from.env("TENCENTCLOUD_DOMAIN") ??
      (from.config("tencentcloud:domain") || "tencentcloudapi.com");
    return `https://${label}.${region.endsWith("-fsi") ? `${region}.` : ""}${domain}`;
  });
  if (new URL(found.url).pathname !== "/")
    throw new AccountPasswordError(
      "ENDPOINT_INVALID",
      "Cannot use the Tencent Cloud endpoint: it must have no path, because only / is signed; nothing was sent",
    );
  return found;
}
