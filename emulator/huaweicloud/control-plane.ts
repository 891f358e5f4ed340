import { type Identity, kinds } from "../account-record";
import { type Call, decodeSegment, type HttpRequest, jsonReply, type VendorReply } from "../call";
import { huaweiCloud } from "../credentials";
import type { Emulation } from "../emulation";
import { accountOf, changePassword, rolesOf } from "./change-password";
import { callerOf } from "./caller";
import { clientIp } from "./client-ip";
import { ControlPlaneError, httpStatus, messageOf, ServicecombError } from "./errors";
import { requestId } from "./iam";

const tokenLifetimeSeconds = 12 * 60 * 60;

/** The two calls of Huawei Cloud CSE: an IAM token opens the plane, an RBAC token the account. */
export function controlPlaneCall(request: HttpRequest, emulation: Emulation): Call | undefined {
  const exchange = /^\/v2\/([^/]+)\/enginemgr\/engines\/([^/]+)\/tokens$/.exec(request.path);
  if (exchange !== null && request.method === "POST") {
    const [, projectId = "", engineId = ""] = exchange.map(decodeSegment);
    return {
      service: "cse",
      action: "ExchangeToken",
      account: { region: huaweiCloud.region, projectId, engineId },
      write: false,
      answer: () => answer(() => exchangeToken(request, emulation, projectId, engineId)),
      refuse,
    };
  }
  const change = /^\/v3\/([^/]+)\/accounts\/([^/]+)\/password$/.exec(request.path);
  if (change !== null && request.method === "POST") {
    const [, projectId = "", accountName = ""] = change.map(decodeSegment);
    const engineId = request.headers["x-engine-id"] ?? "";
    const account: Identity = {
      region: huaweiCloud.region,
      projectId,
      ...(engineId === "" ? {} : { engineId }),
      accountName,
    };
    return {
      service: "cse",
      action: "ChangeAccountPassword",
      account,
      write: true,
      answer: () =>
        answer(async () => {
          const engine = authorizedEngine(request, emulation, "ChangeAccountPassword", {
            projectId,
            engineId,
          });
          const caller = callerOf(emulation, engine, request);
          await changePassword(emulation, engine, caller, accountName, request.body);
          return { Result: "string" }; // the page's table says `result`, its example this
        }),
      refuse,
    };
  }
  return undefined;
}

/**
 * The IAM user's own account in the engine. It need not be in the accounts file: then it is an
 * administrator.
 */
function exchangeToken(
  request: HttpRequest,
  emulation: Emulation,
  projectId: string,
  engineId: string,
): object {
  const engine = authorizedEngine(request, emulation, "ExchangeToken", { projectId, engineId });
  const account = huaweiCloud.userName;
  const listed = accountOf(emulation.accounts, engine, account);
  const roles = listed === undefined ? ["admin"] : rolesOf(listed);
  return {
    token: emulation.engineTokens.create(engineId, { account, roles }, tokenLifetimeSeconds),
  };
}

function authorizedEngine(
  request: HttpRequest,
  { iamTokens, accounts }: Emulation,
  action: string,
  { projectId, engineId }: { readonly projectId: string; readonly engineId: string },
): { id: string; ip: string } {
  iamTokens.verify(request.headers["x-auth-token"], projectId);
  if (engineId === "")
    throw new ControlPlaneError("SVCSTG.00500400", "The header X-Engine-Id is missing.");
  const listed = accounts.ofInstance(kinds.servicecomb, engineId, { projectId });
  if (listed.length === 0 || listed.some(({ record }) => record.instanceDeleted === true))
    throw new ControlPlaneError("SVCSTG.00500404", "The engine does not exist.");
  if (listed.some(({ record }) => record.deny?.includes(action)))
    throw new ControlPlaneError("APIGW.0302", "The IAM user is not authorized to access the API.");
  return { id: engineId, ip: clientIp(request) };
}

async function answer(run: () => object | Promise<object>): Promise<VendorReply> {
  try {
    const reply = jsonReply(200, await run(), { "X-Request-Id": requestId() });
    return { ...reply, outcome: "ok" };
  } catch (error) {
    if (error instanceof ServicecombError) return failure(error.code, error.message, error.detail);
    if (error instanceof ControlPlaneError) return failure(error.code, error.message);
    throw error;
  }
}

function refuse(code: string): VendorReply {
  return failure(code, messageOf(code));
}

/** The engine's errors, in the control plane's spelling. */
function failure(code: string, message: string, detail = ""): VendorReply {
  return {
    ...jsonReply(
      httpStatus(code),
      { error_code: code, error_msg: message, detail },
      { "X-Request-Id": requestId() },
    ),
    outcome: `error:${code}`,
  };
}
