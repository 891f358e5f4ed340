import { randomUUID } from "node:crypto";
import { jsonReply, type VendorReply } from "../call";

/**
 * A refusal in the vendor's words. Clients branch on the code: the vendor says that texts may
 * change, so these are the emulator's own.
 */
export class TencentCloudError extends Error {
  override readonly name = "TencentCloudError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Success, and business errors too, are HTTP 200 with this envelope (API 3.0, "Responses"). */
export function success(fields: object): VendorReply {
  return envelope(fields, "ok");
}

export function failure(code: string, message: string): VendorReply {
  return envelope({ Error: { Code: code, Message: message } }, `error:${code}`);
}

function envelope(fields: object, outcome: VendorReply["outcome"]): VendorReply {
  return { ...jsonReply(200, { Response: { ...fields, RequestId: randomUUID() } }), outcome };
}
