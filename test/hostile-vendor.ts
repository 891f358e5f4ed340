/**
 * Both vendors at their worst: whatever is asked, the answer quotes the request (its body, its
 * headers, the signature) in the message, the code, the request id, a page, a redirect, half a JSON
 * text; now and then in an answer that looks like success.
 */
import type { ServerResponse } from "node:http";
import { formsOf } from "./leaks";
import { type Received, startHttpServer } from "./servers";

export interface HostileVendor {
  readonly url: string;
  /** The requests that it got. */
  readonly requests: readonly Received[];
  /** Tokens that it has given out. */
  readonly tokens: readonly string[];
  /** From now on requests that name the instance are answered by these numbers. */
  decide(instance: string, random: () => number): void;
}

/** @param random For requests that name no instance, such as one for an IAM token. */
export async function startHostileVendor(random: () => number): Promise<HostileVendor> {
  const deciding = new Map<string, () => number>();
  const tokens: string[] = [];
  const { url, requests } = await startHttpServer((request, response) => {
    const text = JSON.stringify([request.path, request.headers, request.body]);
    const instance = [...deciding.keys()].find((name) => text.includes(name));
    const choose = (instance === undefined ? undefined : deciding.get(instance)) ?? random;
    answer(request, response, new Choices(choose), tokens);
  });
  return { url, requests, tokens, decide: (instance, own) => void deciding.set(instance, own) };
}

class Choices {
  constructor(readonly random: () => number) {}

  of<T>(...ways: readonly T[]): T {
    return ways[Math.floor(this.random() * ways.length)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }
}

function answer(
  request: Received,
  response: ServerResponse,
  choices: Choices,
  tokens: string[],
): void {
  const asksForToken = /\/tokens?$/.test(request.path);
  if (asksForToken && choices.chance(0.7)) {
    const token = newToken(choices);
    tokens.push(token);
    response.setHeader("X-Subject-Token", token);
    return send(response, choices.of(200, 201), { token, ...quoted(request, choices) });
  }
  const quote = () => quoteOf(request, choices);
  const status = choices.of(200, 200, 400, 401, 403, 404, 429, 500, 502, 503);
  response.setHeader("X-Request-Id", inHeader(quote()));
  response.statusMessage = inHeader(quote());
  const all = everythingOf(request);
  const ways = ["success", "page", "redirect", "half", "echo", "odd"] as const;
  switch (choices.chance(0.5) ? "envelope" : choices.of(...ways)) {
    case "envelope":
      return send(response, status, quoted(request, choices));
    case "success":
      return send(response, 200, {
        Response: { RequestId: quote(), TaskId: 7, Status: quote(), InstanceSet: [quote()] },
        Result: quote(),
        total: 1,
        data: [{ name: quote() }],
      });
    case "page":
      return send(response, status, `<html><title>${quote()}</title>${all}</html>`);
    case "redirect":
      response.setHeader("Location", `/elsewhere?${inHeader(all)}`);
      return send(response, choices.of(301, 302, 307, 308), all);
    case "half":
      return send(response, status, JSON.stringify(quoted(request, choices)).slice(0, -9));
    case "echo":
      return send(response, status, choices.of(request.body, JSON.stringify(request)));
    case "odd":
      return send(response, status, {
        Response: { Error: { Code: [quote()], Message: { all } }, RequestId: [all] },
        error_code: { [quote()]: all },
        errorCode: choices.of<unknown>(null, 7, quote(), [quote()]),
      });
  }
}

/** Error envelopes of both vendors at once: each client reads its own. */
function quoted(request: Received, choices: Choices): object {
  const quote = () => quoteOf(request, choices);
  const all = everythingOf(request);
  // Mostly what the clients know, so that they come to their last texts.
  const tencents = ["FailedOperation", "InternalError", "InvalidParameter", "ResourceNotFound"];
  const engines = ["400001", "400200", "401202", "401205", "401207", "403001", "500003"];
  const ids = ["3f0c1a52-1d5a-4c63-9d20-1f9dd4f4b5b1", "5a2ce64c865e0e6046321c6f3d5a77ba"];
  const code = choices.chance(0.3) ? quote() : choices.of(...tencents);
  const number = choices.chance(0.3) ? quote() : choices.of(...engines);
  const requestId = choices.chance(0.5) ? quote() : choices.of(...ids);
  return {
    Response: { Error: { Code: code, Message: all }, RequestId: requestId },
    error_code: number,
    error_msg: all,
    errorMessage: all,
    detail: all,
  };
}

/** What must never be shown holds all of it, in each form. */
function everythingOf({ path, headers, body }: Received): string {
  const words = Object.values(headers).flatMap((value) => String(value).split(/[ ,=]+/));
  const texts = [...new Set([...textsIn(parsed(body)), ...words])].filter(
    (text) => text.length > 7,
  );
  return [
    path,
    body,
    JSON.stringify(body),
    JSON.stringify(headers),
    ...texts.flatMap(formsOf),
  ].join(" ");
}

/** Something of the request, in some form. */
function quoteOf({ method, path, headers, body }: Received, choices: Choices): string {
  const texts = textsIn(parsed(body));
  const sent = Object.values(headers).map(String);
  const words = sent.flatMap((text) => text.split(/[ ,=]+/));
  const whole = [body, JSON.stringify({ method, path, headers, body }), sent.join("\n")];
  // Mostly what is short enough to be taken for a code.
  const text = choices.chance(0.6) && texts.length > 0 ? choices.of(...texts) : undefined;
  const bytes = Buffer.from(text ?? choices.of(...whole, ...words), "utf8");
  const plain = bytes.toString("utf8");
  return choices.of(
    plain,
    plain,
    JSON.stringify(plain).slice(1, -1),
    encodeURIComponent(plain),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    // With something round it, as in "invalid value: …".
    `x.${plain}`,
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}

/** Opaque, or with the claims of whoever may be meant. */
function newToken(choices: Choices): string {
  const own = `Issued-${choices.random().toString(36).slice(2)}-${choices.random().toString(36).slice(2)}`;
  const account = choices.of("alice", "root", undefined);
  const claims = Buffer.from(JSON.stringify({ account })).toString("base64url");
  return account === undefined ? own : `h.${claims}.${own}`;
}

function inHeader(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, " ").slice(0, 2000);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
