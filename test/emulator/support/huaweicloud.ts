// Calls of the ServiceComb engine's two planes.
import type { Emulator } from "../../../emulator";
import { http, type Request, type Response } from "./http";

export const projectId = "0123456789abcdef0123456789abcdef";

export function createToken(
  emulator: Emulator,
  user: Readonly<Record<string, unknown>> = {},
  scope: unknown = { project: { id: projectId } },
): Promise<Response> {
  const right = {
    name: "emulator-admin",
    password: "emulator-iam-password",
    domain: { name: "emulator" },
  };
  const identity = { methods: ["password"], password: { user: { ...right, ...user } } };
  return http(`${emulator.url}/v3/auth/tokens`, {
    method: "POST",
    body: { auth: { identity, scope } },
  });
}

export async function iamToken(emulator: Emulator): Promise<string> {
  return String((await createToken(emulator)).headers["x-subject-token"]);
}

export async function exchange(emulator: Emulator, engineId = "engine-1"): Promise<Response> {
  return http(`${emulator.url}/v2/${projectId}/enginemgr/engines/${engineId}/tokens`, {
    method: "POST",
    headers: { "X-Auth-Token": await iamToken(emulator) },
  });
}

/** An administrator's RBAC token. */
export async function adminToken(emulator: Emulator, engineId = "engine-1"): Promise<string> {
  return (await exchange(emulator, engineId)).json.token as string;
}

/** `POST /v3/{project_id}/accounts/{name}/password`. An empty header is left out. */
export async function changeOnControlPlane(
  emulator: Emulator,
  name: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const all = { "X-Auth-Token": await iamToken(emulator), "X-Engine-Id": "engine-1", ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  return http(`${emulator.url}/v3/${projectId}/accounts/${name}/password`, {
    method: "POST",
    headers: sent,
    body,
  });
}

/** One call of the engine itself. */
export function engine(
  emulator: Emulator,
  path: string,
  { token, ...request }: Request & { readonly token?: string } = {},
): Promise<Response> {
  const headers = {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...request.headers,
  };
  return http(`${emulator.url}/v4/${path}`, { ...request, headers });
}

export function changeOnEngine(
  emulator: Emulator,
  name: string,
  body: unknown,
  token: string,
): Promise<Response> {
  return engine(emulator, `accounts/${name}/password`, { method: "POST", body, token });
}

export function login(
  emulator: Emulator,
  name: string,
  password: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return engine(emulator, "token", { method: "POST", body: { name, password }, headers });
}
