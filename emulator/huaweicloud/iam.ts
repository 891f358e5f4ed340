import { randomBytes, randomUUID } from "node:crypto";
import { kinds } from "../account-record";
import { type Call, type HttpRequest, jsonReply, type VendorReply } from "../call";
import type { Clock } from "../clock";
import { huaweiCloud } from "../credentials";
import type { Emulation } from "../emulation";
import { ControlPlaneError, httpStatus } from "./errors";

const lifetimeMs = 24 * 60 * 60 * 1000;

/** IAM tokens: opaque, for one project, valid for 24 hours of the emulator's clock. */
export class IamTokens {
  readonly #tokens = new Map<string, { readonly projectId: string; readonly expiresAt: number }>();

  constructor(readonly clock: Clock) {}

  create(projectId: string): { token: string; issuedAt: string; expiresAt: string } {
    const token = `emulator-iam-${randomBytes(32).toString("base64url")}`;
    const now = this.clock.now();
    const expiresAt = now + lifetimeMs;
    this.#tokens.set(token, { projectId, expiresAt });
    return { token, issuedAt: keystoneTime(now), expiresAt: keystoneTime(expiresAt) };
  }

  /** Throws what the gateway before the control plane answers to a token that it does not accept. */
  verify(token: string | undefined, projectId: string): void {
    const found = this.#tokens.get(token ?? "");
    if (token === undefined || token === "")
      throw new ControlPlaneError(
        "APIGW.0301",
        "Incorrect IAM authentication information: x-auth-token not found",
      );
    if (found === undefined)
      throw new ControlPlaneError(
        "APIGW.0301",
        "Incorrect IAM authentication information: decrypt token fail",
      );
    if (this.clock.now() >= found.expiresAt)
      throw new ControlPlaneError("APIGW.0307", "The token must be updated.");
    if (found.projectId !== projectId)
      throw new ControlPlaneError(
        "APIGW.0301",
        "Incorrect IAM authentication information: token is not of this project",
      );
  }
}

/** `POST /v3/auth/tokens` with the method password, as Keystone: the token is in a header. */
export function iamCall(request: HttpRequest, emulation: Emulation): Call {
  return {
    service: "iam",
    action: "CreateToken",
    account: null,
    write: false,
    answer: async () => createToken(request, emulation),
    refuse: (code) => {
      const status = /^[45]\d\d$/.test(code) ? Number(code) : httpStatus(code);
      return failure(status, "This answer was asked for by a fault.", code);
    },
  };
}

function createToken(request: HttpRequest, emulation: Emulation): VendorReply {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString("utf8"));
  } catch {
    return failure(400, "The request body is not JSON.");
  }
  const identity = at(body, "auth", "identity");
  const methods = at(identity, "methods");
  if (!Array.isArray(methods) || methods.length !== 1 || methods[0] !== "password")
    return failure(400, "The emulator knows the authentication method password only.");
  const user = at(identity, "password", "user");
  if (
    at(user, "name") !== huaweiCloud.userName ||
    at(user, "password") !== huaweiCloud.password ||
    at(user, "domain", "name") !== huaweiCloud.domainName
  )
    return failure(401, "The username or password is wrong.");
  const projectId = scopedProject(at(body, "auth", "scope", "project"), emulation);
  if (projectId === undefined)
    return failure(400, "The scope must be a project that exists, by id or by region name.");
  const { token, issuedAt, expiresAt } = emulation.iamTokens.create(projectId);
  const domain = { id: "emulator-domain", name: huaweiCloud.domainName };
  return {
    ...jsonReply(
      201,
      {
        token: {
          methods: ["password"],
          issued_at: issuedAt,
          expires_at: expiresAt,
          user: { id: "emulator-user", name: huaweiCloud.userName, domain },
          project: { id: projectId, name: huaweiCloud.region, domain },
          roles: [{ id: "0", name: "te_admin" }],
          catalog: [],
        },
      },
      { "X-Subject-Token": token, "X-Request-Id": requestId() },
    ),
    outcome: "ok",
  };
}

/** The emulator's project, or one that an account names: no other exists. */
function scopedProject(project: unknown, { accounts }: Emulation): string | undefined {
  const id = at(project, "id");
  if (id === undefined)
    return at(project, "name") === huaweiCloud.region ? huaweiCloud.projectId : undefined;
  const exists =
    id === huaweiCloud.projectId ||
    accounts.of(kinds.servicecomb).some(({ record }) => record.projectId === id);
  return exists && typeof id === "string" ? id : undefined;
}

function failure(status: number, message: string, code = String(status)): VendorReply {
  const titles: Record<number, string> = { 400: "Bad Request", 401: "Unauthorized" };
  return {
    ...jsonReply(
      status,
      { error: { code: status, message, title: titles[status] ?? "Error" } },
      { "X-Request-Id": requestId() },
    ),
    outcome: `error:${code}`,
  };
}

/** Huawei's ids of requests have no dashes. */
export function requestId(): string {
  return randomUUID().replaceAll("-", "");
}

/** Keystone writes microseconds. */
function keystoneTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

function at(json: unknown, ...path: string[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
