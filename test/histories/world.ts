/**
 * One account, what Pulumi keeps of it and of its generator, and its vendor: everything in this
 * process, in a time of its own. Runs can be killed, and every request can meet any fate.
 */
import http, { type createServer } from "node:http";
import { Readable } from "node:stream";
import { isAxiosError } from "axios";
import type * as emulatorModule from "../../emulator";
import type * as providerModule from "../../provider/provider";
import type * as servicesModule from "../../provider/services";
import { accountLists } from "../engine/accounts";
import { type Properties, Resource } from "../rehearsal";
import { JournalFiles } from "./journal-files";
import { loadCopy } from "./process-memory";
import { settled, VirtualTime } from "./virtual-time";

/** What becomes of one request of a run. */
export type Fate =
  | "answered"
  /** No connection: certainly nothing happens. */
  | "notSent"
  /** The vendor's own refusal. */
  | "refused"
  | "lostBeforeEffect"
  | "lostAfterEffect"
  /** The connection breaks at once, the effect comes later: at the latest before the next run. */
  | "lateEffect"
  | "timedOutBeforeEffect"
  | "timedOutAfterEffect"
  | "errorBeforeEffect"
  | "errorAfterEffect"
  | "garbledAfterEffect"
  | "killedBeforeSending"
  | "killedBeforeEffect"
  | "killedAfterEffect"
  | "killedWithLateEffect"
  /** The answer arrives, and the result of the whole call does not. */
  | "killedBeforeStateWrite";

export type Kind =
  | "tcr"
  | "mariadb"
  | "postgresql"
  | "redis"
  | "redisWithoutReset"
  | "servicecomb"
  | "servicecombSelf";

export type Ending = "done" | "failed" | "killed";

const types: Record<Kind, string> = {
  tcr: "tencentcloud:TcrServiceAccountPassword",
  mariadb: "tencentcloud:MariadbAccountPassword",
  postgresql: "tencentcloud:PostgresqlAccountPassword",
  redis: "tencentcloud:RedisInstancePassword",
  redisWithoutReset: "tencentcloud:RedisInstancePassword",
  servicecomb: "huaweicloud:ServicecombAccountPassword",
  servicecombSelf: "huaweicloud:ServicecombAccountPassword",
};

const identities: Record<string, Properties> = {
  "tencentcloud:TcrServiceAccountPassword": { registryId: "tcr-1", accountName: "robot" },
  "tencentcloud:MariadbAccountPassword": { instanceId: "tdsql-1", userName: "app", host: "%" },
  "tencentcloud:PostgresqlAccountPassword": { instanceId: "postgres-1", userName: "app" },
  "tencentcloud:RedisInstancePassword": { instanceId: "crs-1" },
  "huaweicloud:ServicecombAccountPassword": { engineId: "engine-1", accountName: "alice" },
};

const generatorType = "password:RotatingPassword";

export interface Wants {
  /** Of the generator; a change rotates. */
  keeper: string;
  /** In the stack's configuration, where there is no generator. */
  configured: string;
  currentPassword?: string;
}

/** One for all worlds, so that what has no memory is loaded once: only provider processes are new. */
const time = new VirtualTime();

export class World {
  readonly time = time;
  readonly type: string;
  readonly identity: Properties;
  account: Resource;
  /** What the program no longer has, and the engine has not deleted yet. */
  readonly leftovers: Resource[] = [];
  generator: Resource;
  readonly wants: Wants;
  /** The inputs of an operation that a kill has interrupted. */
  pending: Properties | undefined;
  /** Whether the last run has refused to forget an account that it knows too little of. */
  refusedToForget = false;
  readonly #journal = new JournalFiles();
  readonly #emulator: FakeServer;
  readonly #late: (() => Promise<unknown>)[] = [];
  readonly #policy: string;
  readonly #hasCandidates: boolean;

  constructor(
    readonly kind: Kind,
    readonly fromGenerator: boolean,
    live: string,
    private readonly sabotage: Sabotage = (provider) => provider,
  ) {
    this.type = types[kind];
    this.identity = identities[this.type] ?? {};
    this.#emulator = startEmulator(this.#accounts({ password: live }));
    const service = loaded().services.get(this.type);
    this.#policy = service?.policy.name ?? "";
    this.#hasCandidates = "candidates" in (service?.ownArguments ?? {});
    this.account = new Resource(dead, this.type);
    this.generator = new Resource(dead, generatorType);
    this.wants = { keeper: "1", configured: live };
  }

  /** `pulumi up`, whose requests meet these fates one after another; what follows is answered. */
  async up(fates: readonly Fate[] = [], { taskFails = false } = {}): Promise<Ending> {
    await this.letLateEffectsHappen();
    if (taskFails) await this.#control("faults", redisTaskFails);
    const run = this.#start(fates);
    const ending = await Promise.race([this.#deploy(run), run.killed]);
    run.alive = false;
    await this.#control("faults", []);
    return ending;
  }

  async refresh(): Promise<void> {
    await this.letLateEffectsHappen();
    const run = this.#start([]);
    for (const resource of [...this.leftovers, this.account]) {
      if (resource.id === undefined) continue;
      resource.provider = run.provider(this.type);
      if ((await resource.refresh()) === "gone") throw new Error("refresh dropped the account");
    }
    run.alive = false;
  }

  /** The account's resource gets another name, without an alias: created anew, then forgotten. */
  rename(): void {
    if (this.account.id === undefined) return;
    this.leftovers.push(this.account);
    this.account = new Resource(dead, this.type);
  }

  /** The name from before again: what the error says when a run has refused to forget that one. */
  renameBack(): void {
    const old = this.leftovers.shift();
    if (old === undefined) return;
    this.leftovers.push(this.account);
    this.account = old;
  }

  /** Somebody sets it by hand. */
  async changeOutside(password: string): Promise<void> {
    await this.#control("accounts", this.#accounts({ password }));
  }

  async live(): Promise<string> {
    const [vendor = "", list = ""] = accountLists[this.type] ?? [];
    const all = (await this.#control("accounts")) as Record<
      string,
      Record<string, { password: string }[]>
    >;
    return all[vendor]?.[list]?.[0]?.password ?? "";
  }

  /** How many requests that set a password the vendor has got. */
  async writes(): Promise<number> {
    return ((await this.#control("requests")) as { write: boolean }[]).filter(({ write }) => write)
      .length;
  }

  /** How often the vendor has said that it has locked the account. */
  async lockOuts(): Promise<number> {
    const requests = (await this.#control("requests")) as { outcome: string }[];
    return requests.filter(({ outcome }) => outcome === "error:403201").length;
  }

  async letLateEffectsHappen(): Promise<void> {
    for (const happen of this.#late.splice(0)) await happen();
    await this.time.advance(1000);
  }

  /** Every password that somebody can find in what Pulumi has saved. */
  saved(): string[] {
    const { outputs } = this.generator;
    const texts = [
      ...[this.account, ...this.leftovers].flatMap(({ outputs }) => [
        outputs["password"],
        outputs["pendingPasswords"],
      ]),
      ...(this.fromGenerator
        ? [outputs["result"], outputs["history"]]
        : [this.wants.configured, this.pending?.["password"]]),
    ];
    return texts.flat().filter((text): text is string => typeof text === "string");
  }

  async #deploy(run: Run): Promise<Ending> {
    this.refusedToForget = false;
    try {
      if (this.fromGenerator) {
        this.generator.provider = run.provider(generatorType);
        await this.generator.up({ policy: this.#policy, keepers: { release: this.wants.keeper } });
      }
      this.account.provider = this.sabotage(run.provider(this.type));
      this.pending = this.#program();
      await this.account.up(this.pending);
      this.pending = undefined;
      while (this.leftovers[0]) {
        this.leftovers[0].provider = run.provider(this.type);
        await this.leftovers[0].destroy();
        this.leftovers.shift();
      }
      return "done";
    } catch (error) {
      this.pending = undefined;
      if (!(error instanceof Error) || "code" in error === "id" in error) throw error;
      this.refusedToForget = (error as { code?: unknown }).code === "ADOPTED_OTHER_PASSWORD";
      return "failed";
    }
  }

  #program(): Properties {
    const { result, version, history } = this.generator.outputs;
    const { currentPassword, configured } = this.wants;
    return {
      ...this.identity,
      ...(currentPassword === undefined ? {} : { currentPassword }),
      ...(this.kind === "redisWithoutReset" ? { resetWithoutCurrent: false } : {}),
      ...(this.fromGenerator
        ? {
            password: result,
            passwordVersion: version,
            ...(this.#hasCandidates ? { candidates: history } : {}),
          }
        : { password: configured }),
    };
  }

  #start(fates: readonly Fate[]): Run {
    const { time } = this;
    return new Run(this.#globals(), time, this.#emulator, this.#journal, [...fates], this.#late);
  }

  #globals() {
    const environment = {
      ...this.#emulator.environment,
      // With it no journal is kept.
      ACCOUNT_PASSWORDS_EMULATOR: "",
      XDG_CACHE_HOME: "/cache",
      ...(this.kind === "servicecombSelf" && {
        SERVICECOMB_RBAC_ACCOUNT: "alice",
        SERVICECOMB_RBAC_PASSWORD: this.wants?.currentPassword ?? "",
      }),
    };
    const process = Object.create(globalThis.process, {
      argv: { value: [] },
      env: { value: environment },
    }) as unknown;
    return { ...timeGlobals, process, console: silent };
  }

  #accounts(fields: { password: string }) {
    const [vendor = "", list = ""] = accountLists[this.type] ?? [];
    const roles = list === "servicecomb" ? { roles: ["developer"] } : {};
    return { [vendor]: { [list]: [{ ...this.identity, ...roles, ...fields }] } };
  }

  async #control(route: string, body?: unknown): Promise<unknown> {
    const answer = await this.#emulator.ask({
      method: body === undefined ? "GET" : "POST",
      url: `/emulator/${route}`,
      headers: { host: "127.0.0.1:1" },
      data: body === undefined ? "" : JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${answer.data}`);
    return JSON.parse(answer.data) as unknown;
  }
}

const redisTaskFails = { service: "redis", when: "before", what: "taskFails" };

const timeGlobals = time.globals();
const silent = { log() {}, info() {}, warn() {}, error() {}, debug() {} };

type Provider = Resource["provider"];

/** Puts another provider in the place of the true one. */
export type Sabotage = (provider: Provider) => Provider;

const dead: Provider = {
  create: () => Promise.reject(new TypeError("no provider is running")),
};

/** One provider process. */
class Run {
  alive = true;
  readonly killed: Promise<Ending>;
  #kill: () => void = () => undefined;
  readonly #module: typeof providerModule;

  constructor(
    globals: Readonly<Record<string, unknown>>,
    private readonly time: VirtualTime,
    private readonly vendor: FakeServer,
    journal: JournalFiles,
    private readonly fates: Fate[],
    private readonly late: (() => Promise<unknown>)[],
  ) {
    this.killed = new Promise((resolve) => {
      this.#kill = () => {
        this.alive = false;
        resolve("killed");
      };
    });
    const sleep = (ms: number) => this.#whileAlive(time.advance(ms));
    this.#module = loadCopy("provider/provider", globals, {
      axios: {
        default: {
          request: (config: Sent) => this.#whileAlive(this.#send(config)),
          isCancel: () => false,
          isAxiosError,
        },
      },
      "node:timers/promises": { setTimeout: sleep },
      "node:fs": journal.fs,
    });
  }

  provider(type: string): Provider {
    const provider = this.#module.handler(type) as Provider;
    void provider.configure?.({
      config: { get: () => undefined, require: () => "" },
    });
    const methods = ["check", "diff", "create", "update", "read", "delete"] as const;
    return Object.fromEntries(
      methods.map((name) => [
        name,
        (...args: unknown[]) =>
          this.#whileAlive((provider[name] as (...args: unknown[]) => Promise<unknown>)(...args)),
      ]),
    ) as unknown as Provider;
  }

  /** A dead process does nothing any more, and nobody hears of it. */
  async #whileAlive<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      return this.alive ? result : await never();
    } catch (error) {
      if (!this.alive) return never();
      throw error;
    }
  }

  async #send(request: Sent): Promise<unknown> {
    const fate = this.fates.shift() ?? "answered";
    const answer = () => this.vendor.ask(request);
    switch (fate) {
      case "answered":
        return answer();
      case "notSent":
        throw failure("ECONNREFUSED", "connect");
      case "refused":
        return refusal(request);
      case "lostAfterEffect":
        await answer();
        throw failure("ECONNRESET");
      case "lostBeforeEffect":
        throw failure("ECONNRESET");
      case "lateEffect":
        this.late.push(answer);
        throw failure("ECONNRESET");
      case "timedOutAfterEffect":
        await answer();
        await this.time.advance(request.signal?.ms ?? 0);
        throw failure("ETIMEDOUT");
      case "timedOutBeforeEffect":
        await this.time.advance(request.signal?.ms ?? 0);
        throw failure("ETIMEDOUT");
      case "errorAfterEffect":
        await answer();
        return unavailable;
      case "errorBeforeEffect":
        return unavailable;
      case "garbledAfterEffect":
        return { ...(await answer()), data: '{"Response":{"Reque' };
      case "killedBeforeSending":
      case "killedBeforeEffect":
        return this.#die();
      case "killedAfterEffect":
        await answer();
        return this.#die();
      case "killedWithLateEffect":
        this.late.push(answer);
        return this.#die();
      case "killedBeforeStateWrite": {
        const received = await answer();
        // Later than what follows at once, sooner than anything that waits.
        void settled().then(() => this.#kill());
        return received;
      }
    }
  }

  #die(): Promise<never> {
    this.#kill();
    return never();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function failure(code: string, syscall?: string): Error {
  return Object.assign(new Error("a failure of the wire"), { code, syscall });
}

const unavailable = { status: 503, headers: {}, data: "<html></html>", request: {} };

/** A documented refusal, in the vendor's envelope. */
function refusal({ url }: Sent) {
  const data = url.includes("/v3/")
    ? { error_code: "APIGW.0302", error_msg: "refused" }
    : url.includes("/v4/")
      ? { errorCode: "403205", errorMessage: "refused" }
      : { Response: { Error: { Code: "UnauthorizedOperation", Message: "" }, RequestId: "r" } };
  const status = "Response" in data ? 200 : 403;
  return { status, headers: {}, data: JSON.stringify(data), request: {} };
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: string | undefined;
  readonly signal?: { readonly ms: number };
}

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: string;
  readonly request: object;
}

type Handler = NonNullable<Parameters<typeof createServer>[1]>;

interface FakeServer {
  readonly environment: Readonly<Record<string, string>>;
  ask(request: Sent): Promise<Received>;
}

/** The emulator without a socket: its server is called. */
let handlerOfLast: Handler | undefined;
const withoutSocket = {
  ...http,
  createServer: (handler: Handler) => {
    handlerOfLast = handler;
    return {
      once: () => undefined,
      listen: (_port: number, _host: string, listening: () => void) => setImmediate(listening),
      address: () => ({ port: 1 }),
    };
  },
};

const loaded = onlyOnce(() => ({
  ...loadCopy<typeof emulatorModule>(
    "emulator/index",
    { ...timeGlobals, console: silent },
    { "node:http": withoutSocket },
  ),
  ...loadCopy<{ emulatorEnvironment(url: string): Record<string, string> }>(
    "emulator/environment",
    {},
    {},
  ),
  ...loadCopy<typeof servicesModule>("provider/services", {}, {}),
}));

function onlyOnce<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function startEmulator(accounts: object): FakeServer {
  void loaded().startEmulator({ accounts });
  const handler = handlerOfLast;
  return {
    environment: loaded().emulatorEnvironment("http://127.0.0.1:1"),
    ask: (sent) =>
      new Promise((resolve, reject) => {
        const { pathname, search } = new URL(sent.url, "http://127.0.0.1:1");
        const headers = Object.fromEntries(
          Object.entries({ host: "127.0.0.1:1", ...sent.headers }).map(([name, value]) => [
            name.toLowerCase(),
            value,
          ]),
        );
        const message = Object.assign(Readable.from([Buffer.from(sent.data ?? "")]), {
          method: sent.method,
          url: pathname + search,
          headers,
          socket: { remoteAddress: "127.0.0.1" },
        });
        let status = 0;
        let answered: Record<string, string> = {};
        const response = {
          writeHead: (code: number, given: Record<string, string>) => {
            status = code;
            answered = Object.fromEntries(
              Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]),
            );
          },
          end: (data: string) => resolve({ status, headers: answered, data, request: {} }),
          socket: { resetAndDestroy: () => reject(failure("ECONNRESET")) },
        };
        handler?.(message as never, response as never);
      }),
  };
}
