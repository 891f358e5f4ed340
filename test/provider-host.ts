// The process in which Pulumi runs dynamic providers, driven without an engine: what a provider sees and answers on the
// wire, with its secrets still wrapped. It runs what is built, through the package's name, as in a user's program.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkout, linkPackages } from "./engine/workspace";

export type Properties = Record<string, unknown>;

export interface ProviderHostOptions {
  /** The text that is added as `__provider` to all properties which have none. */
  provider: string;
  /** Added to an environment that has nothing but PATH and HOME (a new, empty folder). */
  env?: Record<string, string | undefined>;
  /** What the provider takes for the engine. Default: an address that is none. */
  engine?: FakeEngine;
  /** Default: `"project"`. */
  project?: string;
}

export interface Outcome {
  outs: Properties;
}

/** What a provider threw; `id` and what follows only of a partial failure. */
export class ProviderHostError extends Error {
  declare id?: string;
  declare properties?: Properties;
  declare reasons?: string[];
}

/** An engine as far as a provider can see it: something that listens. */
export interface FakeEngine {
  address: string;
  /**
   * From now on connections are refused, and the open ones are closed: what a killed command line
   * looks like.
   */
  kill(): Promise<void>;
}

export async function startFakeEngine(): Promise<FakeEngine> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export async function startProviderHost(options: ProviderHostOptions): Promise<ProviderHost> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "account-passwords-host-")));
  linkPackages(folder);
  const script = join(checkout, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
  const child = spawn(process.execPath, [script, options.engine?.address ?? "no-engine"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      PULUMI_NODEJS_PROJECT: options.project ?? "project",
      ...options.env,
    },
  });
  const host = new ProviderHost(child, folder, options.provider);
  await host.connect();
  return host;
}

export class ProviderHost {
  readonly pid: number;
  /** With the process's exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  stdout = "";
  stderr = "";
  #client: ResourceProviderClient | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #provider: string;

  /** Use {@link startProviderHost}. */
  constructor(child: ChildProcessWithoutNullStreams, folder: string, provider: string) {
    if (child.pid === undefined) throw new Error("the provider host could not be started");
    this.pid = child.pid;
    this.#child = child;
    this.#folder = folder;
    this.#provider = provider;
    this.exited = new Promise((resolve) => child.on("exit", resolve));
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
  }

  /** The first line that the host writes is its port. */
  async connect(): Promise<void> {
    const ended = this.exited.then((code) => {
      throw new Error(`the provider host ended with ${code}:\n${this.stderr}`);
    });
    const port = new Promise<string>((resolve) => {
      this.#child.stdout.on("data", () => {
        if (this.stdout.includes("\n")) resolve(this.stdout.slice(0, this.stdout.indexOf("\n")));
      });
    });
    this.#client = new ResourceProviderClient(
      `127.0.0.1:${await Promise.race([port, ended])}`,
      grpc.credentials.createInsecure(),
    );
  }

  /** The stack's configuration, keys with namespace: `{ "tencentcloud:region": "ap-guangzhou" }`. */
  async configure(config: Properties): Promise<void> {
    const request = new proto.ConfigureRequest();
    request.setArgs(this.#struct(config));
    await this.#call<proto.ConfigureResponse>("configure", request);
  }

  async check(olds: Properties, news: Properties) {
    const request = new proto.CheckRequest();
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<proto.CheckResponse>("check", request);
    return {
      inputs: toObject(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    const request = new proto.DiffRequest();
    request.setId(id);
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<proto.DiffResponse>("diff", request);
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      /** Undefined: left to the engine. */
      changes: changes === DIFF_SOME ? true : changes === DIFF_NONE ? false : undefined,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties): Promise<Outcome & { id: string }> {
    const request = new proto.CreateRequest();
    request.setProperties(this.#struct(inputs));
    const response = await this.#call<proto.CreateResponse>("create", request);
    return { id: response.getId(), outs: toObject(response.getProperties()) };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Outcome> {
    const request = new proto.UpdateRequest();
    request.setId(id);
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<proto.UpdateResponse>("update", request);
    return { outs: toObject(response.getProperties()) };
  }

  async read(id: string, outputs: Properties) {
    const request = new proto.ReadRequest();
    request.setId(id);
    request.setProperties(this.#struct(outputs));
    const response = await this.#call<proto.ReadResponse>("read", request);
    return {
      /** Empty: the resource is gone. */
      id: response.getId(),
      props: toObject(response.getProperties()),
      ...(response.hasInputs() && { inputs: toObject(response.getInputs()) }),
    };
  }

  async delete(id: string, outputs: Properties): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setId(id);
    request.setProperties(this.#struct(outputs));
    await this.#call("delete", request);
  }

  /** Waits until the process has written a text: it may come after the answer to the call. */
  async untilWritten(text: string, timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(this.stdout + this.stderr).includes(text)) {
      if (Date.now() > deadline) throw new Error(`not written: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.#client?.close();
    this.#child.kill("SIGKILL");
    await this.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #struct(properties: Properties): Struct {
    const all = { __provider: this.#provider, ...properties };
    return Struct.fromJavaScript(all as Record<string, JavaScriptValue>);
  }

  #call<Response>(method: string, request: unknown): Promise<Response> {
    type Callback = (error: grpc.ServiceError | null, response: Response) => void;
    const client = this.#client as unknown as Record<
      string,
      (request: unknown, callback: Callback) => void
    >;
    return new Promise((resolve, reject) => {
      client[method]?.(request, (error, response) =>
        error ? reject(readError(error)) : resolve(response),
      );
    });
  }
}

function readError(error: grpc.ServiceError): ProviderHostError {
  const result = new ProviderHostError(error.details);
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(details instanceof Buffer)) return result;
  const failure = Status.deserializeBinary(details)
    .getDetailsList()[0]
    ?.unpack(proto.ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
  if (!failure) return result;
  result.id = failure.getId();
  result.properties = toObject(failure.getProperties());
  result.reasons = failure.getReasonsList();
  return result;
}

function toObject(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** The keys by which Pulumi marks a value as special, and this one as a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as it goes over the wire. */
export function wireSecret(value: unknown): Properties {
  return { [signature]: secretSignature, value };
}

export function isWireSecret(value: unknown): boolean {
  return (value as Properties | null | undefined)?.[signature] === secretSignature;
}

/** The same with each secret replaced by its value: what the engine hands to a provider's next call. */
export function unwrap<T>(value: T): T {
  if (Array.isArray(value)) return value.map(unwrap) as T;
  if (typeof value !== "object" || value === null) return value;
  if (isWireSecret(value)) return unwrap((value as unknown as { value: T }).value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrap(each)])) as T;
}
