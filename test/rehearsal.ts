// What provider tests run against: the emulator with every request recorded on its way, and of the engine what it keeps
// of one resource between two commands. No process is started: the provider is called as Pulumi's host calls it.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type AccountsFile, type Emulator, type Fault, startEmulator } from "../emulator";
import type { RequestLogEntry } from "../emulator";
import type * as providerModule from "../provider/provider";
import { providerLiteral } from "../provider/provider-literal";
import { isWireSecret, type Properties, unwrap } from "./provider-host";

export { isWireSecret, type Properties, unwrap };

/** A request as it went over the wire. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Rehearsal {
  /** Where the provider sends everything. */
  readonly url: string;
  /** The variables that send a provider there. */
  readonly environment: Readonly<Record<string, string>>;
  /** All requests since the last `clear`. */
  readonly recorded: readonly Recorded[];
  clear(): Promise<void>;
  /** What the vendors say that they got. */
  log(): Promise<RequestLogEntry[]>;
  /** How many of these set a password. */
  writes(): Promise<number>;
  fault(...faults: readonly Fault[]): Promise<void>;
  /** A change outside; see the emulator's accounts file. */
  outside(accounts: object): Promise<void>;
  advance(seconds: number): Promise<void>;
  opens(
    type: string,
    identity: Readonly<Record<string, unknown>>,
    password: string,
  ): Promise<boolean>;
  close(): Promise<void>;
}

export async function startRehearsal(accounts: AccountsFile): Promise<Rehearsal> {
  const emulator = await startEmulator({ accounts });
  const recorded: Recorded[] = [];
  const wire = createServer((message, response) => {
    void read(message).then((body) => {
      const { method = "", url: path = "", headers } = message;
      recorded.push({ method, path, headers, body });
      const onwards = request(emulator.url + path, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      onwards.on("error", () => response.socket?.resetAndDestroy());
      response.on("close", () => onwards.destroy());
      onwards.end(body);
    });
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(wire.address() as AddressInfo).port}`;
  const control = (route: string, body?: unknown) => controlRoute(emulator, route, body);
  const log = async () => (await control("requests")) as RequestLogEntry[];
  let seen = 0;
  return {
    url,
    environment: Object.fromEntries(
      Object.entries(emulator.environment).map(([name, value]) => [
        name,
        value === emulator.url ? url : value,
      ]),
    ),
    recorded,
    clear: async () => {
      await control("faults", []);
      recorded.length = 0;
      seen = (await log()).length;
    },
    log: async () => (await log()).slice(seen),
    writes: async () => (await log()).slice(seen).filter(({ write }) => write).length,
    fault: async (...faults) => void (await control("faults", faults)),
    outside: async (change) => void (await control("accounts", change)),
    advance: async (advanceSeconds) => void (await control("clock", { advanceSeconds })),
    opens: async (type, identity, password) => {
      const { ok } = (await control("login", { type, account: identity, password })) as {
        ok: boolean;
      };
      return ok;
    },
    close: async () => {
      wire.closeAllConnections();
      await new Promise((resolve) => wire.close(resolve));
      await emulator.close();
    },
  };
}

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function controlRoute({ url }: Emulator, route: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/emulator/${route}`, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (response.status !== 200 && !(route === "login" && response.status === 401))
    throw new Error(`${route}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** What a call of a provider threw; `id` and what follows only of a partial failure. */
export interface Failed {
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly id?: string;
  /** Secrets unwrapped. */
  readonly properties?: Properties;
  readonly wireProperties?: Properties;
  readonly reasons?: readonly string[];
}

/** What `check` says is wrong. */
export class CheckFailed extends Error {
  constructor(readonly failures: readonly pulumi.dynamic.CheckFailure[]) {
    super(failures.map(({ reason }) => reason).join("\n"));
  }
}

export async function failureOf(call: Promise<unknown>): Promise<Failed> {
  const error: unknown = await call.then(
    () => {
      throw new Error("the call did not fail");
    },
    (error: unknown) => error,
  );
  // Anything else hangs the host.
  if (!(error instanceof Error)) throw new Error(`not an Error: ${typeof error}`);
  const { properties } = error as { properties?: Properties };
  return {
    ...error,
    message: error.message,
    stack: error.stack ?? "",
    ...(properties && { wireProperties: overTheWire(properties), properties: unwrap(properties) }),
  };
}

/** As the host passes it on: anything that is no JSON fails there, after the side effect. */
export function overTheWire(properties: Properties): Properties {
  return Struct.fromJavaScript({ ...properties } as Record<string, JavaScriptValue>).toJavaScript();
}

type Provider = pulumi.dynamic.ResourceProvider<Properties, Properties>;

/**
 * What the engine keeps of one resource, and which methods it calls (as seen on the real one): a
 * failed create keeps the new inputs, a failed update the old ones; after either the next `up`
 * calls update whatever the program says, unless a refresh has come in between.
 */
export class Resource {
  inputs: Properties | undefined;
  outputs: Properties = {};
  id: string | undefined;
  initFailed = false;

  constructor(
    public provider: Provider,
    readonly type: string,
  ) {}

  async check(program: Properties, olds = this.inputs ?? {}): Promise<Properties> {
    const { inputs = {}, failures = [] } = await this.provider.check!(
      { ...olds },
      { ...program, __provider: providerLiteral(this.type) },
    );
    if (failures.length > 0) throw new CheckFailed(failures);
    return unwrap(overTheWire(inputs));
  }

  /** What a preview says, without what it would do. */
  async preview(program: Properties): Promise<{ changed: string[]; replaces: string[] }> {
    const news = await this.check(program);
    const { replaces = [] } =
      this.id === undefined
        ? {}
        : await this.provider.diff!(this.id, { ...this.outputs }, { ...news });
    return { changed: differences(this.inputs ?? {}, news), replaces };
  }

  async up(program: Properties): Promise<"created" | "updated" | "unchanged"> {
    const news = await this.check(program);
    if (this.id === undefined) {
      try {
        const { id, outs = {} } = await this.provider.create({ ...news });
        this.#keep(id, news, outs);
      } catch (error) {
        this.#keepFailed(error, news);
        throw error;
      }
      return "created";
    }
    const { replaces = [], changes = differences(this.inputs ?? {}, news).length > 0 } = await this
      .provider.diff!(this.id, { ...this.outputs }, { ...news });
    if (replaces.length > 0) throw new Error(`would replace for ${replaces.join(", ")}`);
    if (!this.initFailed && !changes) return "unchanged";
    try {
      const { outs = {} } = await this.provider.update!(this.id, { ...this.outputs }, { ...news });
      this.#keep(this.id, news, outs);
    } catch (error) {
      this.#keepFailed(error, this.inputs ?? {});
      throw error;
    }
    return "updated";
  }

  /** @returns What has become of it: the engine drops a resource without an id. */
  async refresh(): Promise<"kept" | "gone"> {
    const {
      id,
      props = {},
      inputs,
    } = await this.provider.read!(this.id ?? "", { ...this.outputs });
    if (!id) return "gone";
    this.outputs = unwrap(overTheWire(props));
    if (inputs !== undefined) this.inputs = unwrap(overTheWire(inputs));
    this.initFailed = false;
    return "kept";
  }

  async destroy(): Promise<void> {
    await this.provider.delete!(this.id ?? "", { ...this.outputs });
  }

  #keep(id: string, inputs: Properties, outs: Properties): void {
    this.id = id;
    this.inputs = inputs;
    this.outputs = unwrap(overTheWire(outs));
    this.initFailed = false;
  }

  #keepFailed(error: unknown, inputs: Properties): void {
    const { id, properties } = error as { id?: string; properties?: Properties };
    if (id === undefined || properties === undefined) return;
    this.#keep(id, inputs, properties);
    this.initFailed = true;
  }
}

function differences(olds: Properties, news: Properties): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]),
  );
}

/** The provider of a new process: nothing is remembered of what others have done. */
export function newRun(type: string, config: Readonly<Record<string, string>> = {}): Provider {
  let provider: Provider | undefined;
  // The SDK alone takes most of a second to load, and keeps nothing that matters here.
  const sdk: unknown = jest.requireActual("@pulumi/pulumi");
  jest.doMock("@pulumi/pulumi", () => sdk);
  jest.isolateModules(() => {
    const entry = require("../provider/provider") as typeof providerModule;
    provider = entry.handler(type) as Provider;
  });
  if (provider === undefined) throw new Error("no provider");
  void provider.configure?.({ config: configuration(config) });
  return provider;
}

function configuration(values: Readonly<Record<string, string>>): pulumi.dynamic.Config {
  return { get: (key) => values[key], require: (key) => values[key] ?? "" };
}

/** What the provider process has printed since the last call. */
export function spyOnOutput(): () => string {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation(() => undefined),
  );
  return () => {
    const lines = spies.flatMap(({ mock }) => mock.calls.map((call) => call.join(" ")));
    for (const spy of spies) spy.mockClear();
    return lines.join("\n");
  };
}
