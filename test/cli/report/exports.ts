/** Exports as Pulumi prints them, with what a report reads and the secrets beside it. */

export const now = Date.parse("2026-05-01T12:00:00Z");
const day = 24 * 60 * 60 * 1000;

/** A moment so many days from now. */
export function daysFromNow(days: number): string {
  return new Date(now + days * day).toISOString();
}

type Properties = Record<string, unknown>;
export interface ExportedResource {
  urn: string;
  type: string;
  inputs: Properties;
  outputs?: Properties;
  [more: string]: unknown;
}

/** Which stands in every secret of these exports, sealed or opened. */
export const canary = "Canary+secret9x";

/** With `--show-secrets` a secret is opened. */
export const secret = (opened = false): Properties => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...(opened ? { plaintext: JSON.stringify(canary) } : { ciphertext: `v1:abc:${canary}` }),
});

export function urn(type: string, name: string): string {
  return `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/${type}::${name}`;
}

export interface GeneratorFacts {
  version?: number;
  reason?: string;
  /** Days from now. */
  generated?: number;
  due?: number;
  /** Instead of the two. */
  inputs?: Properties;
  outputs?: Properties;
}

export function generator(name: string, facts: GeneratorFacts = {}): ExportedResource {
  const type = "password:RotatingPassword";
  const { version = 1, reason = "first", generated = -10, due } = facts;
  const computed = {
    policy: "tencentcloud:RedisInstancePassword",
    version,
    reason,
    generatedAt: daysFromNow(generated),
    nextRotation: due === undefined ? "" : daysFromNow(due),
  };
  const passwords = { result: secret(), previous: secret(), history: secret() };
  return {
    urn: urn(type, name),
    type: `pulumi-nodejs:dynamic/${type}`,
    inputs: { ...computed, ...facts.inputs },
    outputs: { ...computed, ...passwords, ...facts.outputs },
  };
}

export interface AccountFacts {
  type?: string;
  identity?: Properties;
  /** The name of its generator, or none. */
  from?: string | undefined;
  inputs?: Properties;
  outputs?: Properties;
  [more: string]: unknown;
}

/** A Redis instance, confirmed ten days ago, unless it is told otherwise. */
export function account(name: string, facts: AccountFacts = {}): ExportedResource {
  const { type = "tencentcloud:RedisInstancePassword", from, inputs, outputs, ...more } = facts;
  const { identity = { region: "ap-guangzhou", instanceId: `crs-${name}` }, ...others } = more;
  const passwordFrom = from === undefined ? [] : [urn("password:RotatingPassword", from)];
  const version = from === undefined ? {} : { passwordVersion: 1 };
  const given = { ...identity, ...version, password: secret(), drift: "none", ...inputs };
  return {
    urn: urn(type, name),
    type: `pulumi-nodejs:dynamic/${type}`,
    inputs: given,
    outputs: {
      ...given,
      status: "confirmed",
      revision: 1,
      changedAt: daysFromNow(-10),
      requestId: `request-${name}`,
      pendingPasswords: secret(),
      ...outputs,
    },
    dependencies: passwordFrom,
    propertyDependencies: { password: passwordFrom, region: [] },
    ...others,
  };
}

/** An account with a generator of its own, of the same name. */
export function generated(
  name: string,
  facts: GeneratorFacts = {},
  more: AccountFacts = {},
): ExportedResource[] {
  return [generator(name, facts), account(name, { from: name, ...more })];
}

export interface ExportFacts {
  pending?: unknown[];
  /** As with `--show-secrets`. */
  opened?: boolean;
}

export function exportOf(resources: readonly unknown[], facts: ExportFacts = {}): string {
  const { pending, opened = false } = facts;
  const deployment = {
    manifest: { time: daysFromNow(0), magic: "", version: "v3.270.0" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:abc" } },
    resources,
    ...(pending === undefined ? {} : { pending_operations: pending }),
  };
  const text = JSON.stringify({ version: 3, deployment });
  return opened ? text.replaceAll(JSON.stringify(secret()), JSON.stringify(secret(true))) : text;
}

/** A killed run's work. */
export function pending({ outputs: _, ...resource }: ExportedResource, type = "updating") {
  return { resource, type };
}

/** One account of each kind of attention, and one that is in order. */
export function fiveOfEachKind(): ExportedResource[] {
  return [
    ...generated("well", { generated: -20, due: 70, version: 2, reason: "age 90 days" }),
    ...generated("soon", { generated: -85, due: 5 }),
    ...generated("late", { generated: -102, due: -12, reason: 'keeper "release" changed' }),
    account("outside", { outputs: { drift: "changed outside on 2026-04-20T08:00:00Z" } }),
    ...generated(
      "lost",
      { generated: -3, due: 87, version: 2 },
      { outputs: { status: "unknown" } },
    ),
  ].map((each) => versionOf(each));
}

/** A generator's account has its version. */
function versionOf(resource: ExportedResource): ExportedResource {
  const twice = ["well"].some((name) => resource.urn.endsWith(`::${name}`));
  const isAccount = "passwordVersion" in resource.inputs;
  if (!twice || !isAccount) return resource;
  return {
    ...resource,
    inputs: { ...resource.inputs, passwordVersion: 2 },
    outputs: { ...resource.outputs, passwordVersion: 2, revision: 2 },
  };
}

/** Many, of all services and all ages. */
export function many(count: number): ExportedResource[] {
  const types: readonly (readonly [string, (n: number) => Properties])[] = [
    ["tencentcloud:RedisInstancePassword", (n) => ({ instanceId: `crs-${n}` })],
    [
      "tencentcloud:TcrServiceAccountPassword",
      (n) => ({ registryId: "tcr-gijwqid7", accountName: `robot-${n}` }),
    ],
    [
      "tencentcloud:MariadbAccountPassword",
      (n) => ({ instanceId: "tdsql-fdpjf5zh", userName: `app_${n}`, host: "10.%" }),
    ],
    [
      "huaweicloud:ServicecombAccountPassword",
      (n) => ({ projectId: "0".repeat(32), engineId: "engine-1", accountName: `alice-${n}` }),
    ],
  ];
  return Array.from({ length: count }, (_, n) => {
    const [type, identityOf] = types[n % types.length]!;
    const age = (n * 37) % 97;
    const status = n % 50 === 7 ? "unknown" : "confirmed";
    return generated(
      `account-${n}`,
      { generated: -age, due: n % 10 === 3 ? undefined! : 90 - age },
      { type, identity: { region: "ap-guangzhou", ...identityOf(n) }, outputs: { status } },
    );
  }).flat();
}
