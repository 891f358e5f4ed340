import type { Identity } from "./account-record";
import type { Service } from "./actions";

/** One request that a vendor would have got. Holds no password. */
export interface RequestLogEntry {
  readonly service: Service | "unknown";
  readonly action: string;
  /** The identity arguments, as far as the request names them. */
  readonly account: Identity | null;
  /** What it was answered: `ok`, `error:<Code>`, or `fault:<what>` where a fault struck it. */
  readonly outcome: string;
  /** Whether it is a call that sets a password, answered or not. */
  readonly write: boolean;
  /** When it was taken in hand, ISO time. */
  readonly time: string;
}

/** Every request in the order of arrival, since the start or the last reset. */
export class RequestLog {
  #entries: Partial<RequestLogEntry>[] = [];

  /**
   * Takes a request down in its place.
   *
   * @returns To be called with its outcome: the request is listed from then on.
   */
  add(request: Omit<RequestLogEntry, "time" | "outcome">): (outcome: string) => void {
    const { service, action, account, write } = request;
    const entry: { -readonly [F in keyof RequestLogEntry]?: RequestLogEntry[F] } = {};
    this.#entries.push(entry);
    const time = new Date().toISOString();
    return (outcome) => Object.assign(entry, { service, action, account, outcome, write, time });
  }

  entries(): readonly RequestLogEntry[] {
    return this.#entries.filter((entry): entry is RequestLogEntry => entry.outcome !== undefined);
  }

  reset(): void {
    this.#entries = [];
  }
}
