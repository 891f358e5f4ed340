import type { HttpRequest } from "../call";
import { huaweiCloud } from "../credentials";
import type { Emulation } from "../emulation";
import { accountOf } from "./change-password";
import type { Claims } from "./engine-tokens";
import { ServicecombError } from "./errors";

/** The bearer of the RBAC token, whose account must still be there. */
export function callerOf(
  { engineTokens, accounts }: Emulation,
  engine: { readonly id: string },
  request: HttpRequest,
): Claims {
  const caller = engineTokens.verify(engine.id, request.headers["authorization"]);
  const exempt = caller.account === "root" || caller.account === huaweiCloud.userName;
  if (!exempt && accountOf(accounts, engine, caller.account) === undefined)
    throw new ServicecombError(401206, `account [${caller.account}] is deleted`);
  return caller;
}
