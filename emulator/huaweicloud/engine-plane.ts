import { type Identity, kinds } from "../account-record";
import { type Account, createTime, modifiedTime } from "../accounts";
import {
  type Call,
  decodeSegment,
  type HttpRequest,
  jsonReply,
  type Reply,
  type VendorReply,
} from "../call";
import { huaweiCloud } from "../credentials";
import type { Emulation } from "../emulation";
import type { ActionOf } from "../actions";
import {
  accountNotExists,
  accountOf,
  changePassword,
  type Engine,
  parseJson,
  rolesOf,
  textOf,
} from "./change-password";
import { callerOf } from "./caller";
import { clientIp } from "./client-ip";
import { httpStatus, messageOf, ServicecombError } from "./errors";

/** What one route does. */
interface Route {
  readonly action: ActionOf<"cse">;
  readonly write?: true;
  readonly name?: string;
  run(request: HttpRequest, emulation: Emulation, engine: Engine): Reply | Promise<Reply>;
}

/** The engine itself: the API of apache/servicecomb-service-center under `/v4`. */
export function enginePlaneCall(request: HttpRequest, emulation: Emulation): Call | undefined {
  const route = routeOf(request);
  if (route === undefined) return undefined;
  const name = route.name ?? loginName(request);
  const engineId = engineOf(request, emulation, name);
  const account: Identity = {
    region: huaweiCloud.region,
    projectId: huaweiCloud.projectId,
    ...(engineId === undefined ? {} : { engineId }),
    ...(name === undefined ? {} : { accountName: name }),
  };
  return {
    service: "cse",
    action: route.action,
    account,
    write: route.write ?? false,
    answer: () => answer(request, emulation, engineId, route),
    refuse: (code) => failure(code, messageOf(code)),
  };
}

function routeOf({ method, path }: HttpRequest): Route | undefined {
  const [, accounts, segment = "", password] =
    /^\/v4\/(accounts)\/([^/]+)(\/password)?$/.exec(path) ?? [];
  const name = decodeSegment(segment);
  if (accounts !== undefined && password !== undefined && method === "POST")
    return { action: "ChangeAccountPassword", write: true, name, run: changeAccountPassword(name) };
  if (accounts !== undefined && password === undefined && method === "GET")
    return { action: "DescribeAccount", name, run: describeAccount(name) };
  if (method === "POST" && path === "/v4/token") return { action: "Login", run: login };
  if (method === "GET" && path === "/v4/accounts")
    return { action: "ListAccounts", run: listAccounts };
  if (method === "GET" && path === "/v4/account-locks")
    return { action: "ListAccountLocks", run: listAccountLocks };
  return undefined;
}

/**
 * Which engine the request is for: several share one address here. The header `X-Engine-Id` says
 * it; without one it is the engine that has made the token, or to which name and password open, or
 * that has an account of the name, or the first.
 */
function engineOf(
  request: HttpRequest,
  { accounts, engineTokens }: Emulation,
  name: string | undefined,
): string | undefined {
  const said = request.headers["x-engine-id"];
  const listed = accounts
    .of(kinds.servicecomb)
    .filter(({ record }) => said === undefined || record.engineId === said);
  const engines = [...new Set(listed.map(({ record }) => String(record.engineId)))].filter(
    (id) => !listed.some(({ record }) => record.engineId === id && record.instanceDeleted === true),
  );
  const password = loginPassword(request);
  const named = listed.filter(({ record }) => record.accountName === name);
  return (
    engines.find((id) => engineTokens.isOf(id, request.headers["authorization"])) ??
    engines.find((id) =>
      named.some(({ record }) => record.engineId === id && record.password === password),
    ) ??
    engines.find((id) => named.some(({ record }) => record.engineId === id)) ??
    engines[0]
  );
}

function loginName(request: HttpRequest): string | undefined {
  return loginField(request, "name");
}

function loginPassword(request: HttpRequest): string | undefined {
  return loginField(request, "password");
}

function loginField(request: HttpRequest, field: string): string | undefined {
  if (request.path !== "/v4/token") return undefined;
  try {
    return textOf(parseJson(request.body), field);
  } catch {
    return undefined;
  }
}

async function answer(
  request: HttpRequest,
  emulation: Emulation,
  engineId: string | undefined,
  route: Route,
): Promise<VendorReply> {
  try {
    if (engineId === undefined) return { ...jsonReply(404, {}), outcome: "error:404" };
    const denied = emulation.accounts
      .ofInstance(kinds.servicecomb, engineId, {})
      .some(({ record }) => record.deny?.includes(route.action));
    if (denied) throw new ServicecombError(403205);
    const engine = { id: engineId, ip: clientIp(request) };
    return { ...(await route.run(request, emulation, engine)), outcome: "ok" };
  } catch (error) {
    if (error instanceof ServicecombError) return failure(error.code, error.message, error.detail);
    throw error;
  }
}

function failure(code: string, message: string, detail?: string): VendorReply {
  return {
    ...jsonReply(httpStatus(code), { errorCode: code, errorMessage: message, detail }),
    outcome: `error:${code}`,
  };
}

function changeAccountPassword(name: string): Route["run"] {
  return async (request, emulation, engine) => {
    const caller = callerOf(emulation, engine, request);
    await changePassword(emulation, engine, caller, name, request.body);
    return { status: 200, headers: { "Content-Type": "text/plain; charset=UTF-8" }, body: "" };
  };
}

function login(request: HttpRequest, emulation: Emulation, engine: Engine): Reply {
  const { accounts, lockOut, engineTokens } = emulation;
  const json = parseJson(request.body);
  const name = textOf(json, "name");
  const lifetime = lifetimeSeconds(textOf(json, "tokenExpirationTime") || "12h");
  if (lockOut.isBanned(engine.id, name, engine.ip)) throw new ServicecombError(403201);
  const account = accountOf(accounts, engine, name);
  // A status of "inactive" is not looked at: upstream does not.
  if (account === undefined || account.record.password !== textOf(json, "password")) {
    lockOut.strike(engine.id, name, engine.ip);
    throw new ServicecombError(401202);
  }
  const claims = { account: name, roles: rolesOf(account) };
  return jsonReply(200, { token: engineTokens.create(engine.id, claims, lifetime) });
}

/** A Go duration from 15 minutes to 24 hours. */
function lifetimeSeconds(text: string): number {
  const match = /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  const [hours, minutes, seconds] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (match === null || total < 15 * 60 || total > 24 * 60 * 60)
    throw new ServicecombError(
      400001,
      "field 'Account.TokenExpirationTime' must be between 15m and 24h",
    );
  return total;
}

function listAccounts(request: HttpRequest, emulation: Emulation, engine: Engine): Reply {
  onlyAdministrators(request, emulation, engine);
  const data = emulation.accounts
    .ofInstance(kinds.servicecomb, engine.id, {})
    .filter(({ record }) => record.deleted !== true)
    .map(accountAnswer);
  return jsonReply(200, { total: data.length, data });
}

function describeAccount(name: string): Route["run"] {
  return (request, emulation, engine) => {
    onlyAdministrators(request, emulation, engine);
    const account = accountOf(emulation.accounts, engine, name);
    if (account === undefined) throw accountNotExists(name);
    return jsonReply(200, accountAnswer(account));
  };
}

function listAccountLocks(request: HttpRequest, emulation: Emulation, engine: Engine): Reply {
  onlyAdministrators(request, emulation, engine);
  const data = emulation.lockOut.bans(engine.id);
  return jsonReply(200, { total: data.length, data });
}

function onlyAdministrators(request: HttpRequest, emulation: Emulation, engine: Engine): void {
  const { roles } = callerOf(emulation, engine, request);
  if (!roles.includes("admin")) throw new ServicecombError(403205);
}

/** Times are seconds, as texts; the password never stands there. */
function accountAnswer(account: Account): object {
  const { record } = account;
  return {
    id: `${record.engineId}-${record.accountName}`,
    name: record.accountName,
    roles: rolesOf(account),
    status: record.status ?? "active",
    createTime: seconds(createTime(record)),
    updateTime: seconds(modifiedTime(record)),
  };
}

function seconds(iso: string): string {
  return String(Math.floor(Date.parse(iso) / 1000));
}
