import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Call, type HttpRequest, jsonReply, type Reply } from "./call";
import { controlReply } from "./control-routes";
import type { Emulation } from "./emulation";
import type { Strike } from "./faults";
import { controlPlaneCall } from "./huaweicloud/control-plane";
import { enginePlaneCall } from "./huaweicloud/engine-plane";
import { iamCall } from "./huaweicloud/iam";
import { tencentCloudCall } from "./tencentcloud/api";

/** As the vendor's API 3.0; no call of any of the vendors comes near it. */
const maxBodyBytes = 10 * 1024 * 1024;

/** One address for all vendors: paths tell them apart. */
export function emulatorServer(emulation: Emulation): Server {
  const server = createServer((message, response) => {
    readRequest(message)
      .then((request) => {
        if (request === undefined)
          return send(response, jsonReply(413, { error: "the body is larger than 10 MB" }));
        return serve(request, response, emulation);
      })
      // Whatever it was, its text may hold a part of the request.
      .catch(() => send(response, jsonReply(500, { error: "the emulator failed" })));
  });
  // A client that keeps its connection must not lose a request to a server that just closes it.
  server.keepAliveTimeout = 75_000;
  return server;
}

async function serve(
  request: HttpRequest,
  response: ServerResponse,
  emulation: Emulation,
): Promise<void> {
  if (request.path === "/emulator" || request.path.startsWith("/emulator/"))
    return send(response, await controlReply(request, emulation));
  const call = vendorCall(request, emulation);
  if (call === undefined) return send(response, jsonReply(404, { error: "no such API" }));
  const ended = emulation.requests.add(call);
  const strike = emulation.faults.take(call);
  if (strike !== undefined) {
    ended(`fault:${strike.what}`);
    return strikeCall(strike, call, response, emulation);
  }
  const reply = await call.answer({ taskFails: false });
  ended(reply.outcome);
  send(response, reply);
}

function vendorCall(request: HttpRequest, emulation: Emulation): Call | undefined {
  if (request.path === "/") return tencentCloudCall(request, emulation);
  if (request.path === "/v3/auth/tokens" && request.method === "POST")
    return iamCall(request, emulation);
  return controlPlaneCall(request, emulation) ?? enginePlaneCall(request, emulation);
}

async function strikeCall(
  { when, effect }: Strike,
  call: Call,
  response: ServerResponse,
  emulation: Emulation,
): Promise<void> {
  const answer = (): Promise<Reply> => call.answer({ taskFails: false });
  switch (effect.kind) {
    case "taskFails":
      return send(response, await call.answer({ taskFails: true }));
    case "delay": {
      const early = when === "after" ? await answer() : undefined;
      return emulation.postponed.later(effect.ms, async () =>
        send(response, early ?? (await answer())),
      );
    }
    case "lateEffect":
      emulation.postponed.later(effect.ms, async () => void (await answer()));
      return reset(response);
    case "hang":
    case "reset":
    case "status":
    case "error":
    case "garbage":
      if (when === "after") await answer();
      return withhold(effect, call, response);
  }
}

/** Anything but the true answer. */
function withhold(
  effect: Exclude<Strike["effect"], { kind: "taskFails" | "delay" | "lateEffect" }>,
  call: Call,
  response: ServerResponse,
): void {
  switch (effect.kind) {
    case "hang":
      return;
    case "reset":
      return reset(response);
    case "status":
      return send(response, page(effect.status));
    case "error":
      return send(response, call.refuse(effect.code));
    case "garbage":
      return send(response, { ...jsonReply(200, {}), body: '{"Response":{"RequestId":"' });
  }
}

/** What a gateway answers that has lost its service, or sends the caller elsewhere. */
function page(status: number): Reply {
  return {
    status,
    headers: {
      "Content-Type": "text/html",
      ...(status >= 300 && status < 400 ? { Location: "/elsewhere" } : {}),
    },
    body: `<html><head><title>${status}</title></head><body>${status}</body></html>\n`,
  };
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function send(response: ServerResponse, reply: Reply): void {
  const length = Buffer.byteLength(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "Content-Length": length });
  response.end(reply.body);
}

/** `undefined`: the body is too large. */
async function readRequest(message: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBodyBytes) chunks.push(chunk);
  }
  if (length > maxBodyBytes) return undefined;
  const [path = "/", query = ""] = (message.url ?? "/").split(/\?(.*)/s, 2);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
  return {
    method: message.method ?? "",
    path,
    query,
    headers,
    body: Buffer.concat(chunks),
    peer: message.socket.remoteAddress ?? "",
  };
}
