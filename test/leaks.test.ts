/**
 * No secret leaves the provider, whatever goes wrong: every kind of account, every call of the
 * engine, every fault, vendors that quote what they were sent, credentials and arguments that are
 * no good. Each run has passwords and keys of its own; afterwards everything that left is searched
 * for each of them, in every form in which one travels.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { AccountRecord, AccountsFile, Fault } from "../emulator";
import { huaweiCloud, tencentCloud } from "../emulator/credentials";
import { idOf } from "../provider/account-service";
import { servicecombCodes } from "../provider/huaweicloud/error-codes";
import {
  mariadbCodes,
  postgresqlCodes,
  redisCodes,
  tcrCodes,
} from "../provider/tencentcloud/error-codes";
import { asciiSymbols } from "../provider/password/policy";
import { providerLiteral } from "../provider/provider-literal";
import { services } from "../provider/services";
import { secretNames } from "../provider/state";
import { type HostileVendor, startHostileVendor } from "./hostile-vendor";
import { canary, leaks, masked } from "./leaks";
import { type ProviderHost, startProviderHost } from "./provider-host";
import {
  isWireSecret,
  newRun,
  overTheWire,
  type Properties,
  type Rehearsal,
  spyOnOutput,
  startRehearsal,
  unwrap,
} from "./rehearsal";
import { closedPort } from "./servers";
import { amount, randomNumbers, record } from "./torture";

const { seed, enough, timeoutMs } = amount("leaks", 500);
jest.setTimeout(timeoutMs);

/** Side by side in one process: most runs wait for an answer that never comes. */
const together = 25;

// As for Pulumi's SDK: it takes long to load, and keeps nothing that matters here.
const axios: unknown = jest.requireActual("axios");
jest.doMock("axios", () => axios);

interface Kind {
  readonly type: string;
  /** What the emulator calls the service. */
  readonly service: NonNullable<Fault["service"]>;
  /** The argument that no other run has. */
  readonly instance: "registryId" | "instanceId" | "engineId";
  /** The other arguments that say which account it is. */
  readonly others: Readonly<Record<string, string>>;
  list(records: AccountRecord[]): AccountsFile;
  /** All that the loosest policy allows: those first that look otherwise within JSON and URLs. */
  readonly symbols: string;
  readonly codes: readonly string[];
}

const tencents = { region: tencentCloud.region };
const kinds: readonly Kind[] = [
  {
    type: "tencentcloud:TcrServiceAccountPassword",
    service: "tcr",
    instance: "registryId",
    others: { ...tencents, accountName: "robot" },
    list: (tcr) => ({ tencentcloud: { tcr } }),
    symbols: asciiSymbols,
    codes: Object.keys(tcrCodes),
  },
  {
    type: "tencentcloud:MariadbAccountPassword",
    service: "mariadb",
    instance: "instanceId",
    others: { ...tencents, userName: "app", host: "10.%" },
    list: (mariadb) => ({ tencentcloud: { mariadb } }),
    symbols: asciiSymbols.replace(/[;'"]/g, ""),
    codes: Object.keys(mariadbCodes),
  },
  {
    type: "tencentcloud:PostgresqlAccountPassword",
    service: "postgres",
    instance: "instanceId",
    others: { ...tencents, userName: "app" },
    list: (postgresql) => ({ tencentcloud: { postgresql } }),
    symbols: "()`~!@#$%^&*-+=_|{}[]:;'<>,.?/",
    codes: Object.keys(postgresqlCodes),
  },
  {
    type: "tencentcloud:RedisInstancePassword",
    service: "redis",
    instance: "instanceId",
    others: tencents,
    list: (redis) => ({ tencentcloud: { redis } }),
    symbols: "()`~!@#$%^&*-+=_|{}[]:;<>,.?/",
    codes: Object.keys(redisCodes),
  },
  {
    type: "huaweicloud:ServicecombAccountPassword",
    service: "cse",
    instance: "engineId",
    others: {
      region: huaweiCloud.region,
      projectId: huaweiCloud.projectId,
      accountName: "alice",
    },
    list: (servicecomb) => ({ huaweicloud: { servicecomb } }),
    symbols: asciiSymbols,
    codes: Object.keys(servicecombCodes),
  },
];

/** Every documented code of every service, in turns: none is left to chance. */
const documented = Array.from({ length: 100 }, (_, n) => n).flatMap((n) =>
  kinds.flatMap((kind) => kind.codes.slice(n, n + 1).map((code) => ({ kind, code }))),
);
let nextCode = 0;

/** Choices of one run, the same ones for the same number. */
class Choices {
  readonly random: () => number;

  constructor(number: number) {
    this.random = randomNumbers(seed * 1_000_003 + number);
  }

  of<T>(...ways: readonly T[]): T {
    return ways[Math.floor(this.random() * ways.length)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** Half of them of characters that change on their way, the others fit to be taken for a code. */
  password(symbols: string): string {
    const difficult = [..."\"\\/+%'&<=:"].filter((symbol) => symbols.includes(symbol)).join("");
    const plain = [..."_.-"].filter((symbol) => symbols.includes(symbol)).join("");
    return canary(this.random, this.chance(0.5) ? difficult : plain);
  }

  key(): string {
    return `${this.of("Key-", "Tk.", "q/+")}${canary(this.random, this.of("", "-_.", "/+="), 28)}`;
  }
}

type Call = "check" | "create" | "update" | "read" | "delete" | "diff";

/** One run as it was drawn, before anything has happened. */
interface Plan {
  readonly number: number;
  readonly choices: Choices;
  readonly kind: Kind;
  readonly call: Call;
  readonly account: Readonly<Record<string, string>>;
  readonly passwords: Readonly<Record<"live" | "wanted" | "current" | "other" | "last", string>>;
  /** What the program says; nothing where the engine does not ask it. */
  readonly program: Properties;
  /** What the state says. */
  readonly olds: Properties;
  /** In the world of the emulator. */
  readonly fault?: Fault;
  /** What is wrong with the program. */
  readonly mistake?: string;
}

/** Secrets that have come up: passwords never travel in headers, the rest may. */
class Secrets {
  readonly passwords = new Set<string>();
  readonly keys = new Set<string>();

  get all(): string[] {
    return [...this.passwords, ...this.keys].filter((secret) => secret !== "");
  }
}

function plan(number: number, world: World["kind"]): Plan {
  const choices = new Choices(number);
  const sweep = world === "codes" ? documented[nextCode++ % documented.length] : undefined;
  const kind = sweep?.kind ?? choices.of(...kinds);
  const call = sweep
    ? choices.of<Call>("create", "update")
    : choices.of<Call>("create", "create", "update", "update", "update", "read", "delete", "diff", "check"); // prettier-ignore
  const account = { ...kind.others, [kind.instance]: `${kind.service}-n${number}n` };
  const drawn = () => choices.password(kind.symbols);
  const passwords = { live: drawn(), wanted: drawn(), current: drawn(), other: drawn(), last: drawn() }; // prettier-ignore
  const { live, wanted, current, other } = passwords;
  const right = {
    ...account,
    password: wanted,
    timeoutSeconds: 1,
    ...choices.of<Properties>({}, { currentPassword: live }, { currentPassword: current }),
    ...("candidates" in (services.get(kind.type)?.ownArguments ?? {}) &&
      choices.of<Properties>({}, { candidates: [other] }, { candidates: [live, other] })),
    ...(kind.service === "redis" && choices.chance(0.3) && { resetWithoutCurrent: false }),
  };
  const olds = call === "create" || call === "check" ? {} : stateOf(choices, passwords, kind);
  const program = call === "read" || call === "delete" ? {} : right;
  const base = { number, choices, kind, call, account, passwords, olds };
  if (call === "check") {
    const mistake = choices.of(...Object.keys(mistakes));
    return { ...base, program: { ...right, ...mistakes[mistake]?.(passwords, kind) }, mistake };
  }
  const fault = sweep
    ? `error:${sweep.code}`
    : faultOf(choices, [program, olds].flatMap(passwordsOf));
  return {
    ...base,
    program,
    fault: {
      // A third also meets what is asked beside the change, such as the wait for a Redis task.
      ...(sweep || choices.chance(0.7) ? { service: kind.service } : {}),
      ...(sweep && kind.service === "cse" ? { action: "ChangeAccountPassword" } : {}),
      account: { [kind.instance]: account[kind.instance] },
      when: choices.of("before", "after"),
      what: fault === "taskFails" && kind.service !== "redis" ? "garbage" : fault,
      times: choices.of(1, 2, 100),
    },
  };
}

/** @param passwords That the provider is given. */
function faultOf(choices: Choices, passwords: readonly string[]): string {
  // A vendor whose error code is the password, where the password has the form of one.
  const codes = passwords.filter((one) => /^[A-Za-z0-9_.]+$/.test(one));
  return choices.of(
    "hang",
    "reset",
    "garbage",
    "taskFails",
    "delay:300",
    "lateEffect:300",
    `status:${choices.of(200, 204, 301, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504)}`,
    `error:${choices.of("Never.HeardOf", "9", "constructor", ...codes)}`,
    `error:${choices.of("Never.HeardOf", ...codes)}`,
  );
}

type Mistake = (passwords: Plan["passwords"], kind: Kind) => Properties;

/** Programs that `check` refuses, each with a secret where the mistake is. */
const mistakes: Readonly<Record<string, Mistake>> = {
  "too long": ({ wanted, other }) => ({ password: wanted + other }),
  "too short": ({ wanted }) => ({ password: wanted.slice(0, 5) }),
  "a blank": ({ wanted }) => ({ password: `${wanted.slice(0, 9)} ${wanted.slice(10)}` }),
  "a control character": ({ wanted }) => ({ password: `${wanted.slice(0, 9)}\n` }),
  "not ASCII": ({ wanted }) => ({ password: `${wanted.slice(0, 12)}é漢` }),
  "half a character": ({ wanted }) => ({ password: `${wanted.slice(0, 12)}\ud83d` }),
  "symbols only": ({ wanted }) => ({ password: `"'\\/;%${wanted.slice(0, 3)}` }),
  "a list as password": ({ wanted }) => ({ password: [wanted] }),
  "an object as password": ({ wanted }) => ({ password: { [wanted]: wanted } }),
  "a number as password": ({ wanted }) => ({
    password: parseInt(Buffer.from(wanted).toString("hex").slice(0, 12), 16),
  }),
  "no password": ({ live }) => ({ password: undefined, currentPassword: live }),
  "a list as currentPassword": ({ current }) => ({ currentPassword: [current] }),
  "a text as candidates": ({ other }) => ({ candidates: other }),
  "a wrong one of the candidates": ({ other }) => ({ candidates: [other, { [other]: 7 }] }),
  "an argument that there is not": ({ wanted }) => ({ passwrod: wanted }),
  "a text as timeoutSeconds": ({ wanted }) => ({ timeoutSeconds: wanted }),
  "a list as profile": ({ wanted }) => ({ profile: [wanted] }),
  "an object as identity": ({ wanted }, { instance }) => ({ [instance]: { a: wanted } }),
  "no identity": (_passwords, { instance }) => ({ [instance]: undefined }),
};

/** Where the calls of some runs go, and what they prove themselves with. */
interface World {
  readonly kind: "codes" | "faults" | "hostile" | "strangers" | "unusable";
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
  /** What a state says of the endpoint. */
  readonly endpoint: string;
  readonly twin?: Rehearsal;
  readonly vendor?: HostileVendor;
}

async function newWorld(
  kind: World["kind"],
  choices: Choices,
  plans: readonly Plan[],
  secrets: Secrets,
): Promise<World> {
  const key = () => {
    const text = choices.key();
    secrets.keys.add(text);
    return text;
  };
  if (kind === "hostile") {
    const vendor = await startHostileVendor(choices.random);
    for (const { account, kind: of, choices: own } of plans)
      vendor.decide(String(account[of.instance]), own.random);
    const credentials = strangersKeys(choices, key);
    const places = {
      TENCENTCLOUD_ENDPOINT: vendor.url,
      HUAWEICLOUD_CSE_ENDPOINT: vendor.url,
      HUAWEICLOUD_IAM_ENDPOINT: vendor.url,
      SERVICECOMB_ENGINE_ENDPOINT: vendor.url,
    };
    const inConfiguration = choices.chance(0.4);
    return {
      kind,
      environment: { ...places, ...(inConfiguration ? {} : credentials) },
      configuration: inConfiguration ? configured(credentials) : {},
      endpoint: new URL(vendor.url).host,
      vendor,
    };
  }

  const twin = await startRehearsal(accountsOf(plans));
  const world = {
    kind,
    environment: twin.environment,
    configuration: {},
    endpoint: new URL(twin.url).host,
    twin,
  };
  secrets.keys.add(String(twin.environment["TENCENTCLOUD_SECRET_KEY"]));
  secrets.keys.add(String(twin.environment["HW_USER_PASSWORD"]));
  switch (kind) {
    case "codes":
    case "faults": {
      if (kind === "faults" && choices.chance(0.3))
        await twin.fault({
          service: "iam",
          when: "before",
          what: choices.of("reset", "garbage", "status:503", "error:APIGW.0301"),
          times: choices.of(1, 3),
        });
      await twin.fault(...plans.flatMap(({ fault }) => fault ?? []));
      // As an account that changes its own password: wrong logins travel too.
      if (choices.chance(0.3)) return world;
      const own = { SERVICECOMB_RBAC_ACCOUNT: "alice", SERVICECOMB_RBAC_PASSWORD: key() };
      return { ...world, environment: { ...twin.environment, ...own } };
    }
    case "strangers":
      return {
        ...world,
        environment: {
          ...twin.environment,
          ...strangersKeys(choices, key),
          // Known, so that it is the signature that is wrong.
          TENCENTCLOUD_SECRET_ID: choices.of(tencentCloud.secretId, "AKIDsomebody"),
        },
      };
    case "unusable":
      return { ...world, environment: { ...twin.environment, ...(await unusable(choices, key)) } };
  }
}

/** Complete sets that no vendor knows. */
function strangersKeys(choices: Choices, key: () => string): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: "AKIDstranger",
    TENCENTCLOUD_SECRET_KEY: key(),
    TENCENTCLOUD_REGION: tencentCloud.region,
    ...(choices.chance(0.5) ? { TENCENTCLOUD_SESSION_TOKEN: key() } : {}),
    HW_REGION_NAME: huaweiCloud.region,
    HW_PROJECT_ID: huaweiCloud.projectId,
    ...choices.of<Record<string, string>>(
      { HW_AUTH_TOKEN: key() },
      { HW_USER_NAME: "somebody", HW_USER_PASSWORD: key(), HW_DOMAIN_NAME: "domain" },
    ),
    ...choices.of<Record<string, string>>(
      {},
      { SERVICECOMB_RBAC_TOKEN: key() },
      { SERVICECOMB_RBAC_ACCOUNT: "alice", SERVICECOMB_RBAC_PASSWORD: key() },
      { SERVICECOMB_RBAC_ACCOUNT: "root", SERVICECOMB_RBAC_PASSWORD: key() },
    ),
  };
}

/** The same as stack configuration. */
function configured(variables: Readonly<Record<string, string>>): Record<string, string> {
  const keys: Readonly<Record<string, string>> = {
    TENCENTCLOUD_SECRET_ID: "tencentcloud:secretId",
    TENCENTCLOUD_SECRET_KEY: "tencentcloud:secretKey",
    TENCENTCLOUD_SESSION_TOKEN: "tencentcloud:securityToken",
    TENCENTCLOUD_REGION: "tencentcloud:region",
    HW_REGION_NAME: "huaweicloud:region",
    HW_PROJECT_ID: "huaweicloud:projectId",
    HW_AUTH_TOKEN: "huaweicloud:token",
    HW_USER_NAME: "huaweicloud:userName",
    HW_USER_PASSWORD: "huaweicloud:password",
    HW_DOMAIN_NAME: "huaweicloud:domainName",
    SERVICECOMB_RBAC_TOKEN: "servicecomb:rbacToken",
    SERVICECOMB_RBAC_ACCOUNT: "servicecomb:rbacAccount",
    SERVICECOMB_RBAC_PASSWORD: "servicecomb:rbacPassword",
  };
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [String(keys[name]), value]),
  );
}

/** Something in the environment with which no call gets far, over the emulator's own variables. */
async function unusable(choices: Choices, key: () => string): Promise<Record<string, string>> {
  const everywhere = (url: string) => ({
    ACCOUNT_PASSWORDS_EMULATOR: "",
    TENCENTCLOUD_ENDPOINT: url,
    HUAWEICLOUD_CSE_ENDPOINT: url,
    HUAWEICLOUD_IAM_ENDPOINT: url,
    SERVICECOMB_ENGINE_ENDPOINT: url,
  });
  const nobody = await closedPort();
  const secret = key();
  const inUrl = encodeURIComponent(secret);
  const url = choices.of(
    `https://user:${inUrl}@host.example`,
    `https://host.example/?key=${inUrl}`,
    `http://${secret}`,
    `ftp://127.0.0.1/${inUrl}`,
    secret,
  );
  const ways: Record<string, string>[] = [
    everywhere(url),
    { ACCOUNT_PASSWORDS_EMULATOR: url },
    everywhere(`http://127.0.0.1:${nobody}`),
    // A proxy with a password, which is not there.
    { ...everywhere("https://host.invalid"), HTTPS_PROXY: `http://u:${inUrl}@127.0.0.1:${nobody}` },
    // No characters of a header: Node refuses to send them.
    { HW_AUTH_TOKEN: `${secret}\n${secret}`, TENCENTCLOUD_SESSION_TOKEN: `${secret}\u0001é` },
    { TENCENTCLOUD_SECRET_KEY: "", HW_USER_PASSWORD: "", SERVICECOMB_RBAC_PASSWORD: secret },
    { TENCENTCLOUD_SECRET_ID: "", TENCENTCLOUD_SESSION_TOKEN: secret, HW_USER_NAME: "" },
    { PULUMI_SKIP_CHECKPOINTS: "true" },
    { ACCOUNT_PASSWORDS_RATE: secret },
  ];
  return ways[nextWay++ % ways.length] ?? {};
}
let nextWay = 0;

function accountsOf(plans: readonly Plan[]): AccountsFile {
  const list = (kind: Kind) =>
    kind.list(
      plans
        .filter((one) => one.kind === kind)
        .map(({ account, passwords }) => {
          const { region: _region, projectId: _project, ...identity } = account;
          return { ...identity, password: passwords.live } as AccountRecord;
        }),
    );
  const files = kinds.map(list);
  return {
    tencentcloud: Object.assign({}, ...files.map(({ tencentcloud }) => tencentcloud)) as object,
    huaweicloud: Object.assign({}, ...files.map(({ huaweicloud }) => huaweicloud)) as object,
  };
}

/** A provider process: in this one, or the real one. */
interface Side {
  ask(call: Call, type: string, ...args: unknown[]): Promise<unknown>;
  printed(): string;
  end(): Promise<void>;
}

function here(world: World): Side {
  Object.assign(process.env, world.environment);
  const printed = spyOnOutput();
  const raw: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, "write").mockImplementation((text) => raw.push(String(text)) > 0);
  const providers = new Map<string, ReturnType<typeof newRun>>();
  return {
    ask: async (call, type, ...args) => {
      const provider = providers.get(type) ?? newRun(type, world.configuration);
      providers.set(type, provider);
      const method = provider[call]?.bind(provider) as (...args: unknown[]) => Promise<unknown>;
      return method(...args);
    },
    printed: () => [printed(), ...raw].join("\n"),
    end: () => Promise.resolve(jest.restoreAllMocks()).then(() => undefined),
  };
}

async function there(world: World): Promise<Side> {
  const host = await startProviderHost({ provider: "", env: world.environment });
  await host.configure(world.configuration);
  return { ...asked(host), end: () => host.close() };
}

function asked(host: ProviderHost): Omit<Side, "end"> {
  return {
    ask: (call, type, ...args) => {
      const own = { __provider: providerLiteral(type) };
      const method = host[call].bind(host) as (...args: unknown[]) => Promise<unknown>;
      return method(
        ...args.map((arg) => (typeof arg === "string" ? arg : { ...(arg as object), ...own })),
      );
    },
    printed: () => host.stdout + host.stderr,
  };
}

interface Told {
  /** Everything that left, secrets of the wire aside. */
  readonly texts: readonly string[];
  /** The package's codes among them. */
  readonly codes: readonly string[];
}

/** Does what a plan says, as the engine would. */
async function carryOut(drawn: Plan, side: Side, world: World, secrets: Secrets): Promise<Told> {
  const { choices, kind, call, account, program } = drawn;
  const { type } = kind;
  const nowhere = Object.keys(drawn.olds).length === 0;
  const olds: Properties = {
    ...drawn.olds,
    ...(nowhere ? {} : { ...account, endpoint: drawn.olds["endpoint"] ?? world.endpoint }),
  };
  const service = services.get(type);
  if (service === undefined) throw new Error(type);
  // What stands in none of them the provider cannot know.
  for (const password of [program, olds].flatMap(passwordsOf)) secrets.passwords.add(password);

  const texts: string[] = [];
  async function keep<T>(answer: Promise<unknown>): Promise<T | undefined> {
    try {
      const result = await answer;
      for (const name of ["inputs", "outs", "props"])
        secretsIn(result, name).forEach((secret) => secrets.passwords.add(secret));
      texts.push(...shown(result));
      return result as T;
    } catch (error) {
      texts.push(...told(error));
      return undefined;
    }
  }
  const codes = () =>
    texts.flatMap((text) =>
      [...text.matchAll(/ \(([A-Z_]{5,})[,)]/g)].map(([, code = ""]) => code),
    );

  const id = idOf(service, account);
  if (call === "read" || call === "delete") {
    await keep(side.ask(call, type, id, olds));
    return { texts, codes: codes() };
  }
  const literal = { __provider: providerLiteral(type) };
  const answer = await keep<{ inputs: Properties; failures?: unknown[] }>(
    side.ask("check", type, olds, { ...program, ...literal }),
  );
  if (answer === undefined || call === "check" || (answer.failures ?? []).length > 0)
    return { texts, codes: codes() };
  const news = unwrap(overTheWire(answer.inputs));
  if (call === "diff") {
    const other = choices.chance(0.5) ? {} : { [kind.instance]: "another" };
    await keep(side.ask(call, type, id, olds, { ...news, ...other }));
  } else await keep(side.ask(call, type, ...(call === "create" ? [news] : [id, olds, news])));
  return { texts, codes: codes() };
}

/** Outputs as an earlier run may have left them, without the account. */
function stateOf(choices: Choices, passwords: Plan["passwords"], { service }: Kind): Properties {
  const { live, current, other, last } = passwords;
  const now = Date.now();
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const unknown = choices.chance(0.5);
  return {
    timeoutSeconds: 1,
    ...(choices.chance(0.7) ? { password: choices.of(live, current) } : {}),
    ...(choices.chance(0.3) ? { currentPassword: current } : {}),
    status: unknown ? "unknown" : choices.of("confirmed", "adopted"),
    ...(unknown
      ? { pendingPasswords: choices.of([], [last], [last, other]), unknownSince: ago(60) }
      : {}),
    ...(service === "cse" && choices.chance(0.5)
      ? { triedAt: ago(choices.of(1, 60)), refusedPasswords: choices.of([], [other]) }
      : {}),
    changedAt: ago(600),
    requestId: "",
    revision: 1,
    drift: choices.of("none", "none", `changed outside on ${ago(5)}`),
    ...(choices.chance(0.05) ? { endpoint: "cloud.example" } : {}),
  };
}

/** What stands in secret properties, and in those that hold one by mistake. */
function passwordsOf(properties: Properties): string[] {
  const notSecret = ["timeoutSeconds", "profile", "passwrod"];
  const names = Object.keys(properties).filter(
    (name) =>
      (secretNames as readonly string[]).includes(name) ||
      (notSecret.includes(name) && typeof properties[name] !== "number") ||
      typeof properties[name] === "object",
  );
  return names.flatMap((name) => textsIn(properties[name]));
}

/** A result without what it gives the engine as secret. */
function shown(result: unknown): string[] {
  const failures = (result as { failures?: unknown[] } | undefined)?.failures ?? [];
  // The engine keeps nothing of inputs that `check` has refused.
  return [inspect(failures.length > 0 ? failures : hidden(result), everything)];
}

function told(error: unknown): string[] {
  if (!(error instanceof Error)) return [`not an Error: ${inspect(error, everything)}`];
  const { properties } = error as { properties?: unknown };
  if (properties !== undefined) Object.assign(error, { properties: hidden(properties) });
  return [
    error.message,
    String(error.stack),
    inspect(error, everything),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
  ];
}

const everything = {
  showHidden: true,
  depth: Infinity,
  maxArrayLength: null,
  maxStringLength: null,
  breakLength: Infinity,
} as const;

function hidden(value: unknown): unknown {
  if (isWireSecret(value)) return "(secret)";
  if (Array.isArray(value)) return value.map(hidden);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each)]));
}

/** Passwords that have come to be in the course of a run. */
function secretsIn(result: unknown, name: string): string[] {
  const properties = (result as Record<string, Properties> | undefined)?.[name] ?? {};
  return Object.values(properties).filter(isWireSecret).flatMap(unwrap).flatMap(textsIn);
}

/** What is shorter than a canary would be found in every other word. */
function textsIn(value: unknown): string[] {
  if (typeof value === "number" || typeof value === "string")
    return String(value).length < 5 ? [] : [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap((entry) => entry.flatMap(textsIn));
}

/** Tokens as they went over the wire, and what stood in addresses and headers. */
function wireOf({ twin, vendor }: World, secrets: Secrets): string[] {
  const requests = [...(twin?.recorded ?? []), ...(vendor?.requests ?? [])];
  for (const { path, headers } of requests) {
    secrets.keys.add(String(headers["x-auth-token"] ?? ""));
    if (/^\/v[34]\//.test(path))
      secrets.keys.add(String(headers.authorization ?? "").split(" ")[1] ?? "");
  }
  vendor?.tokens.forEach((token) => secrets.keys.add(token));
  return requests.map(({ method, path, headers }) => JSON.stringify([method, path, headers]));
}

/** What leaked, in a form that leaks nothing itself. */
function findings(
  texts: readonly string[],
  secrets: readonly string[],
  where: string,
  all: readonly string[],
): string[] {
  const lines = [...new Set(texts.flatMap((text) => text.split("\n")))];
  return leaks(texts.join("\n"), secrets).map((which) => {
    const line = lines.find((one) => leaks(one, secrets).length > 0) ?? "";
    return `seed ${seed}, ${where}: ${which} in ${masked(line, all).slice(0, 1500)}`;
  });
}

type Batch = readonly [World["kind"], "here" | "there"];
/** Ten batches of those that matter most, and between two of them always one of the sweep. */
const batches: readonly Batch[] = (
  [
    ["hostile", "here"],
    ["faults", "here"],
    ["hostile", "there"],
    ["strangers", "here"],
    ["faults", "there"],
    ["hostile", "here"],
    ["faults", "here"],
    ["strangers", "there"],
    ["hostile", "there"],
    ["faults", "here"],
  ] satisfies Batch[]
).flatMap((batch): Batch[] => [["codes", "here"], batch]);

const before = { ...process.env };
function restoreEnvironment(): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
}
afterEach(() => {
  jest.restoreAllMocks();
  restoreEnvironment();
});

/** How often each thing was met: a call, a kind of account, a code. */
const seen = new Map<string, number>();

/** @returns What has leaked. */
async function runBatch(batch: number, [kind, place]: Batch, runs = together): Promise<string[]> {
  const secrets = new Secrets();
  const plans = Array.from({ length: runs }, (_, n) => plan(batch * together + n, kind));
  const world = await newWorld(kind, new Choices(-1 - batch), plans, secrets);
  const side = place === "here" ? here(world) : await there(world);
  const own = plans.map(() => new Secrets());
  const told = await Promise.all(
    plans.map((drawn, n) => carryOut(drawn, side, world, own[n] as Secrets)),
  );
  const printed = side.printed();
  await side.end();
  restoreEnvironment();
  const onTheWire = wireOf(world, secrets);
  await world.twin?.close();

  const all = [...new Set([...secrets.all, ...own.flatMap((of) => of.all)])];
  const where = `batch ${batch} (${kind}, ${place})`;
  const found = told.flatMap(({ texts, codes }, n) => {
    const { number, call, kind: of, fault, mistake } = plans[n] as Plan;
    for (const what of [`${kind} ${place}`, call, of.type, ...new Set(codes)])
      seen.set(what, (seen.get(what) ?? 0) + 1);
    const what = masked(JSON.stringify({ call, type: of.type, fault, mistake }), all);
    const inPlay = [...secrets.all, ...(own[n]?.all ?? [])];
    return findings(texts, inPlay, `run ${number}, ${where}, ${what}`, all);
  });
  const passwords = own.flatMap((of) => [...of.passwords]);
  return [
    ...found,
    ...findings([printed], all, `${where}, printed`, all),
    ...findings(onTheWire, passwords, `${where}, addresses and headers`, all),
  ];
}

test("no secret leaves the provider, whatever goes wrong", async () => {
  let runs = 0;
  for (let batch = 0; !enough(runs); batch++, runs += together)
    expect(await runBatch(batch, batches[batch % batches.length] as Batch)).toEqual([]);
  record("leaks", { runs });

  // A search that met no errors would prove nothing.
  const met = [
    ...batches.map((batch) => batch.join(" ")),
    ...kinds.map(({ type }) => type),
    ...["check", "create", "update", "read", "delete", "diff"],
    ...["OUTCOME_UNKNOWN", "AUTH_FAILED", "PASSWORD_POLICY", "INVALID_ARGUMENT", "NOT_FOUND"],
    ...["PASSWORD_REJECTED", "CURRENT_PASSWORD_UNKNOWN", "PERMISSION_DENIED", "API_ERROR"],
    ...["THROTTLED", "INSTANCE_UNAVAILABLE", "ENDPOINT_CHANGED"],
  ];
  if (runs >= 500) expect(met.filter((what) => !seen.has(what))).toEqual([]);
});

test("nor with settings with which no call gets far", async () => {
  for (let way = 0; way < 9; way++)
    expect(await runBatch(100_000 + way, ["unusable", "here"], 12)).toEqual([]);
  const met = ["ENDPOINT_INVALID", "NETWORK", "CREDENTIALS_MISSING", "CHECKPOINTS_SKIPPED"];
  expect(met.filter((what) => !seen.has(what))).toEqual([]);
});

test("a RotatingPassword tells neither the one that it has nor those before", async () => {
  const type = "password:RotatingPassword";
  const literal = { __provider: providerLiteral(type) };
  const found: string[] = [];
  const reasons = new Set<string>();
  for (let number = 0; number < 60; number++) {
    const choices = new Choices(1_000_000 + number);
    const [initial, result, former] = [asciiSymbols, "", "_.-"].map((symbols) =>
      canary(choices.random, symbols),
    ) as [string, string, string];
    const right = { policy: choices.of(...kinds).type, keepers: { a: "1" } };
    const program: Properties = choices.of<Properties>(
      { ...right, initial },
      { ...right, initial, policy: "nobody's" },
      { ...right, initial: [initial] },
      { ...right, initial: { [initial]: initial } },
      { ...right, initial, initialGeneratedAt: initial },
      { ...right, initial, length: initial },
      { ...right, initial, length: 3 },
      { ...right, initial, rotateEvery: [initial] },
      { ...right, initial, rotateEvery: { days: initial } },
      { ...right, initial, compromisedBefore: initial },
      { ...right, initial, window: { from: initial, to: initial, timeZone: initial } },
      { ...right, initial, excludeCharacters: [initial] },
      { ...right, initil: initial },
    );
    const olds: Properties = {
      ...right,
      ...choices.of<Properties>({ result }, {}, { result: [result] }, { result: "" }),
      ...choices.of<Properties>({ history: [former], previous: former }, { history: former }),
      version: choices.of<unknown>(0, 1, "1"),
      generatedAt: "2026-01-01T00:00:00.000Z",
      reason: "first",
    };
    const environment = choices.of<Record<string, string>>(
      {},
      { ACCOUNT_PASSWORDS_NOW: initial },
      { ACCOUNT_PASSWORDS_NOW: "2027-01-01T00:00:00.000Z" },
    );
    const side = here({ kind: "unusable", environment, configuration: {}, endpoint: "" });
    const secrets = [initial, result, former];
    const texts: string[] = [];
    const ask = async (call: Call, ...args: unknown[]): Promise<Properties | undefined> => {
      try {
        const answer = (await side.ask(call, type, ...args)) as Properties;
        for (const name of ["outs", "props"]) secrets.push(...secretsIn(answer, name));
        texts.push(...shown(answer));
        return answer;
      } catch (error) {
        texts.push(...told(error));
        return undefined;
      }
    };
    const checked = await ask("check", choices.chance(0.5) ? {} : olds, { ...program, ...literal });
    const failures = (checked?.["failures"] ?? []) as unknown[];
    const news: Properties = failures.length > 0 ? right : unwrap(overTheWire(checked?.["inputs"] as Properties)); // prettier-ignore
    await ask("create", { ...news, version: news["version"] ?? 1 });
    await ask("update", "password-1", olds, { ...news, version: choices.of(1, 2) });
    await ask("read", "password-1", olds);
    texts.push(side.printed());
    await side.end();
    restoreEnvironment();
    for (const [, code = ""] of texts.join("\n").matchAll(/ \(([A-Z_]{5,})[,)]/g))
      reasons.add(code);
    found.push(...findings(texts, secrets, `RotatingPassword ${number}`, secrets));
  }
  expect(found).toEqual([]);
  expect([...reasons].sort()).toEqual(["INTERNAL", "INVALID_ARGUMENT"]);
});

test.each(["an exception", "a signal"])(
  "a crash of the process by %s",
  async (how) => {
    const folder = mkdtempSync(join(tmpdir(), "account-passwords-crash-"));
    const script = join(folder, "crash.js");
    // Pulumi's host survives exceptions; here nobody catches this one.
    const crash =
      how === "a signal"
        ? "process.abort();"
        : 'process.removeAllListeners("uncaughtException"); throw new Error("crash");';
    writeFileSync(script, `process.on("SIGUSR2", () => { ${crash} });`);
    const secrets = new Secrets();
    const plans = Array.from({ length: 10 }, (_, n) => {
      const { fault: _fault, ...drawn } = plan(2_000_000 + n, "codes");
      const what = { when: "before", what: "hang", times: 100 } as const;
      const account = { [drawn.kind.instance]: drawn.account[drawn.kind.instance] ?? "" };
      return { ...drawn, fault: { ...what, account } };
    });
    const world = await newWorld("codes", new Choices(-1_000_000), plans, secrets);
    const host = await startProviderHost({
      provider: "",
      env: { ...world.environment, NODE_OPTIONS: `--require=${script}` },
    });
    try {
      await host.configure({});
      const told = Promise.all(
        plans.map((drawn) =>
          carryOut(drawn, { ...asked(host), end: () => host.close() }, world, secrets),
        ),
      );
      // Not all of them send something: some wait, or are refused before.
      const sent = () => (world.twin?.recorded ?? []).length;
      for (let before = -1; sent() === 0 || sent() > before; await sleep(300)) before = sent();
      process.kill(host.pid, "SIGUSR2");
      expect(await host.exited).not.toBe(0);
      const texts = [...(await told).flatMap(({ texts }) => texts), host.stdout, host.stderr];
      if (how === "an exception") expect(host.stderr).toContain("Error: crash");
      wireOf(world, secrets);
      expect(findings(texts, secrets.all, how, secrets.all)).toEqual([]);
    } finally {
      await host.close();
      await world.twin?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
