import type { Identity } from "./account-record";
import type { Service } from "./actions";

/** A request as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Query without the question mark. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly peer: string;
}

/** An answer as it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A vendor's answer, and what the request log says of it. */
export interface VendorReply extends Reply {
  readonly outcome: "ok" | `error:${string}`;
}

/** A request as a vendor understands it, not yet acted upon. */
export interface Call {
  readonly service: Service | "unknown";
  readonly action: string;
  /** The identity arguments, as far as the request names them. */
  readonly account: Identity | null;
  readonly write: boolean;
  /** Checks what the vendor checks, does what it does, and answers. */
  answer(circumstances: Circumstances): Promise<VendorReply>;
  /** The vendor's envelope for an error of that code. */
  refuse(code: string): VendorReply;
}

export interface Circumstances {
  /** Whether the task that the call starts is to fail. */
  readonly taskFails: boolean;
}

export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** A path segment as it was meant; one that is not percent-encoded well stays as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
