import { inspect } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { AccountPasswordError, InitializationFailure } from "../provider/errors";
import { guarded } from "../provider/guard";
import { wireSecret } from "../provider/secret";

type Provider = dynamic.ResourceProvider;

const names = ["password", "candidates"];
const secret = `canary-"Password"/1!`;
const listed = "canary-Candidate-1!";
const inputs = { region: "r", password: secret, candidates: [listed] };

const methods = {
  check: [{}, inputs],
  diff: ["id", {}, inputs],
  create: [inputs],
  read: ["id", inputs],
  update: ["id", inputs, {}],
  delete: ["id", inputs],
} as const;
type Method = keyof typeof methods;
const all = Object.keys(methods) as Method[];

/** What leaves a guarded provider of which every method does the same. */
async function whatLeaves(behaviour: () => unknown, method: Method = "create"): Promise<unknown> {
  const provider = Object.fromEntries(all.map((name) => [name, behaviour]));
  const outside: object = guarded(provider as unknown as Provider, names);
  try {
    return await (outside as Record<string, (...args: any[]) => unknown>)[method]?.(
      ...methods[method],
    );
  } catch (error) {
    return { thrown: error };
  }
}

/** The error that leaves, proved to be an `Error` without a secret in any form, anywhere in it. */
async function cleanError(thrown: unknown, method?: Method): Promise<Error & Failure> {
  const left = await whatLeaves(() => {
    throw thrown;
  }, method);
  const error = (left as { thrown?: unknown }).thrown;
  if (!(error instanceof Error)) throw new Error(`no Error has left, but ${inspect(left)}`);
  const { properties: _stored, ...rest } = error as Error & Failure;
  const everything = [error.message, error.stack, String(error), inspect(rest, { depth: 9 })];
  expect(everything.join("\n")).not.toMatch(/canary|Y2FuYXJ5|63616e617279/i);
  return error as Error & Failure;
}

interface Failure {
  readonly code?: string;
  readonly id?: string;
  readonly properties?: unknown;
  readonly reasons?: readonly string[];
}

const dirty = `refused ${secret}, ${JSON.stringify(secret)}, ${encodeURIComponent(secret)}, ${btoa(secret)} and ${listed}`;

describe("guarded() lets out", () => {
  test.each(all)("the result of %s as it is", async (method) => {
    const result = { outs: { password: wireSecret(secret) } };
    expect(await whatLeaves(() => Promise.resolve(result), method)).toBe(result);
  });

  test.each(all)("an error of %s without the secrets that came in", async (method) => {
    const error = await cleanError(new AccountPasswordError("API_ERROR", dirty), method);
    expect(error).toMatchObject({ code: "API_ERROR" });
    expect(error.message).toBe(
      'refused [secret], "[secret]", [secret], [secret] and [secret] (API_ERROR)',
    );
  });

  test.each(all)("no secret of any argument of %s", async (method) => {
    const secrets = methods[method].map((_arg, index) => `canary-of-${method}-${index}`);
    const args = methods[method].map((arg, index) =>
      typeof arg === "string" ? arg : { candidates: [secrets[index]] },
    );
    const text = secrets.filter((_secret, index) => typeof args[index] !== "string").join(" ");
    const provider = { [method]: () => Promise.reject(new AccountPasswordError("NETWORK", text)) };
    const outside: object = guarded(provider as unknown as Provider, names);
    const call = (outside as Record<string, (...args: unknown[]) => Promise<unknown>>)[method];
    const error: unknown = await call?.(...args).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/^\[secret\]( \[secret\])? \(NETWORK\)$/);
  });

  test("an error without secrets as it is", async () => {
    const error = new AccountPasswordError("NOT_FOUND", "no account");
    expect(await cleanError(error)).toBe(error);
  });

  test("an error whose stack was read before", async () => {
    const error = new AccountPasswordError("API_ERROR", dirty);
    error.stack = `Error: ${dirty}`;
    await cleanError(error);
  });

  test("no secret that a vendor sent back as its code or request id", async () => {
    const vendor = { vendorCode: `InvalidParameter.${secret}`, requestId: listed };
    const error = await cleanError(new AccountPasswordError("API_ERROR", "refused", vendor));
    expect(error.message).toBe("refused (API_ERROR, InvalidParameter.[secret], request [secret])");
  });

  test("a partial failure with its id, its properties and its clean reasons", async () => {
    const properties = { password: wireSecret(secret), __provider: "text" };
    const failure = new AccountPasswordError("OUTCOME_UNKNOWN", dirty);
    const error = await cleanError(new InitializationFailure(failure, "r/i", properties));
    expect(error).toMatchObject({ id: "r/i", reasons: [error.message] });
    expect(error.properties).toBe(properties);
    expect(error.message).toContain("(OUTCOME_UNKNOWN)");
  });
});

describe("guarded() makes an INTERNAL error without foreign words of", () => {
  const withCause = new Error("outer", { cause: new Error(dirty) });
  const likeAxios = Object.assign(new Error("Request failed"), {
    config: { data: JSON.stringify(inputs), headers: { Authorization: secret } },
  });
  const named = Object.assign(new Error("named"), { name: secret });
  const read = new Error(dirty);
  void read.stack;
  const withoutStack = Object.assign(new Error(dirty), { stack: undefined });
  const manyLines = new Error(`first line\n    at ${secret} (canary)\nlast line`);

  test.each<[string, unknown]>([
    ["an error", new TypeError(dirty)],
    ["an error with a cause", withCause],
    ["an error as axios makes them", likeAxios],
    ["an error with a secret for a name", named],
    ["an error whose stack was read", read],
    ["an error without a stack", withoutStack],
    ["an error of many lines", manyLines],
    ["many errors", new AggregateError([new Error(dirty)], dirty)],
    ["a text", dirty],
    ["nothing", undefined],
    ["null", null],
    ["a number", 42],
    ["an object", { message: dirty, password: secret }],
    ["an object without a prototype", Object.assign(Object.create(null), inputs)],
    ["a function", () => secret],
    ["a symbol", Symbol(secret)],
  ])("%s", async (_what, thrown) => {
    const error = await cleanError(thrown);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(error.message).toContain("please report this");
    expect(error).not.toHaveProperty("cause");
  });

  test("an error, and says where it was", async () => {
    const { message } = await cleanError(new TypeError(dirty));
    expect(message).toMatch(/\(TypeError at .*guard\.test\.ts:\d+:\d+\)?\)/);
  });

  test("a rejection as of an exception", async () => {
    const left = await whatLeaves(async () => Promise.reject(new TypeError(dirty)));
    expect(left).toMatchObject({ thrown: { code: "INTERNAL" } });
  });
});

describe("guarded() keeps", () => {
  test("configure as it is: done before it returns", () => {
    let configured = false;
    const configure = () => {
      configured = true;
      return new Promise<void>(() => undefined);
    };
    const provider = guarded({ configure } as Partial<Provider> as Provider, names);
    void provider.configure?.({} as dynamic.ConfigureRequest);
    expect(configured).toBe(true);
  });

  test("the provider's own state", async () => {
    class Stateful implements Provider {
      #config = "";
      configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#config = config.require("tencentcloud:region");
        return Promise.resolve();
      }
      create(): Promise<dynamic.CreateResult> {
        return Promise.resolve({ id: this.#config });
      }
    }
    const provider = guarded(new Stateful(), names);
    const config = { get: () => "r", require: () => "r" };
    await provider.configure?.({ config });
    expect(await provider.create?.({})).toEqual({ id: "r" });
  });

  test("no method that the provider does not have", () => {
    const forgetful = { delete: () => Promise.resolve() } as Partial<Provider> as Provider;
    expect(Object.keys(guarded(forgetful, names))).toEqual(["delete"]);
  });
});
