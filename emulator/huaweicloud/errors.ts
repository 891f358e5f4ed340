/** What the Service Center says of each code (go-chassis/cari v0.9.0, rbac/error.go, discovery). */
const messages: Readonly<Record<number, string>> = {
  400001: "Invalid parameter(s)",
  400200: "Account not exists",
  400206: "New password is bad",
  401201: "Request unauthorized",
  401202: "User name or password is wrong",
  401204: "No authorization header",
  401205: "Token is expired",
  401206: "The account that owns the token is deleted",
  401207: "Password is wrong",
  403001: "Forbidden",
  403201: "Account blocked",
  403205: "No permission(s)",
  500003: "Internal server error",
};

/** A refusal by the engine. Its HTTP status is the code by 1000. */
export class ServicecombError extends Error {
  override readonly name = "ServicecombError";
  readonly code: string;

  constructor(
    code: number,
    readonly detail?: string,
  ) {
    super(messages[code]);
    this.code = String(code);
  }
}

/** A refusal by the control plane or the gateway before it. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The HTTP status that belongs to a code: of the engine (`400206`), of the gateway (`APIGW.0301`),
 * of the control plane (`SVCSTG.00500404`, whose last three digits say it).
 */
export function httpStatus(code: string): number {
  if (/^[45]\d{5}$/.test(code)) return Number(code.slice(0, 3));
  const gateway: Readonly<Record<string, number>> = {
    "APIGW.0101": 404,
    "APIGW.0201": 504,
    "APIGW.0301": 401,
    "APIGW.0302": 403,
    "APIGW.0305": 401,
    "APIGW.0306": 403,
    "APIGW.0307": 401,
    "APIGW.0308": 429,
    "APIGW.0310": 403,
    "APIGW.0401": 403,
    "APIGW.0402": 403,
    "APIGW.0801": 403,
    "APIGW.0802": 403,
  };
  if (Object.hasOwn(gateway, code)) return gateway[code] ?? 500;
  const [status] = /[45]\d\d$/.exec(code) ?? [];
  return status !== undefined && Number(status) <= 504 ? Number(status) : 400;
}

/** The text for a code, where the Service Center has one. */
export function messageOf(code: string): string {
  return messages[Number(code)] ?? "This answer was asked for by a fault.";
}
