/**
 * The way between a provider and an emulator, which can be cut: then nobody listens at its port.
 * Each request comes over a connection of its own, so a cut one is certainly not sent.
 */
import {
  createServer,
  type IncomingMessage,
  request as newRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export async function startRelay(target: string): Promise<Relay> {
  const relay = new Relay(target);
  await relay.open();
  return relay;
}

export class Relay {
  #server: Server | undefined;
  #port = 0;
  #cutAfter: string | undefined;
  #held: (() => void)[] = [];
  #wanted = 0;

  /** Use {@link startRelay}. */
  constructor(readonly target: string) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Somebody listens again. */
  async open(): Promise<void> {
    this.#cutAfter = undefined;
    if (this.#server !== undefined) return;
    for (;;) {
      const server = createServer((request, response) => this.#pass(request, response));
      const listening = await new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen(this.#port, "127.0.0.1", () => resolve(true));
      });
      if (listening) {
        this.#server = server;
        this.#port = (server.address() as AddressInfo).port;
        return;
      }
      // Somebody's outgoing connection has the port for a moment.
      await sleep(50);
    }
  }

  /** From now on connections are refused. */
  cut(): void {
    this.#stopListening()?.closeAllConnections();
  }

  /** The same after so many answers to such calls, which wait for each other and still arrive. */
  cutAfter(action: string, answers: number): void {
    this.#cutAfter = action;
    this.#held = [];
    this.#wanted = answers;
  }

  #stopListening(): Server | undefined {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    return server;
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "", headers } = request;
    const onwards = newRequest(this.target + url, { method, headers, agent: false }, (answer) => {
      const pass = () => {
        response.writeHead(answer.statusCode ?? 0, { ...answer.headers, connection: "close" });
        answer.pipe(response);
      };
      if (this.#cutAfter === undefined || this.#cutAfter !== actionOf(request)) return pass();
      this.#held.push(pass);
      if (this.#held.length < this.#wanted) return;
      this.#stopListening();
      for (const passHeld of this.#held) passHeld();
    });
    onwards.on("error", () => response.socket?.resetAndDestroy());
    response.on("close", () => onwards.destroy());
    request.pipe(onwards);
  }
}

/** As the emulator's log names them, of the calls after which it may be cut. */
function actionOf({ headers, url = "" }: IncomingMessage): string | undefined {
  const action = headers["x-tc-action"];
  if (typeof action === "string") return action;
  if (url.endsWith("/auth/tokens")) return "CreateToken";
  if (/\/engines\/[^/]+\/tokens$/.test(url)) return "ExchangeToken";
  return undefined;
}
