// Sends what it is told to, in a process of its own: Node reads NODE_EXTRA_CA_CERTS only when it starts.
import type { HttpAnswer, HttpRequest } from "../provider/http";
import { send } from "../provider/http";

export interface Order {
  readonly request: HttpRequest;
  /** Added to the environment for this request. */
  readonly env: Readonly<Record<string, string>>;
}

/** An answer as it can be handed on, and what of it is a function: its headers. */
export type Reported = Omit<Extract<HttpAnswer, { kind: "response" }>, "header"> | HttpAnswer;

process.on("message", (order: Order) => {
  void (async () => {
    Object.assign(process.env, order.env);
    const answer: HttpAnswer = await send(order.request);
    for (const name of Object.keys(order.env)) delete process.env[name];
    process.send?.(JSON.parse(JSON.stringify(answer)) as Reported);
  })();
});
