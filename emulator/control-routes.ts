import { type AccountField, type AccountKind, type Identity } from "./account-record";
import { kindOfType } from "./accounts";
import { parseAccountPatches } from "./accounts-file";
import { BackendError } from "./backends";
import { type HttpRequest, jsonReply, type Reply } from "./call";
import type { Emulation } from "./emulation";
import { FaultError } from "./faults";
import { FileError } from "./fields";

/** What is wrong with a request for a control route. */
class BadRequest extends Error {
  override readonly name = "BadRequest";
}

type Route = (emulation: Emulation, json: () => unknown) => Reply | Promise<Reply>;

const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  "/emulator/accounts": {
    GET: ({ accounts }) => jsonReply(200, accounts.toFile()),
    POST: changeAccounts,
  },
  "/emulator/login": { POST: login },
  "/emulator/requests": { GET: ({ requests }) => jsonReply(200, requests.entries()) },
  "/emulator/faults": { POST: addFaults },
  "/emulator/clock": { POST: advanceClock },
  "/emulator/reset": { POST: reset },
};

/** The routes under `/emulator`, by which tests and rehearsals look and reach behind the vendors. */
export async function controlReply(request: HttpRequest, emulation: Emulation): Promise<Reply> {
  // Otherwise any web page could read the passwords, through a name that leads to this address.
  if (!/^(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?$/i.test(request.headers["host"] ?? ""))
    return failure(403, "the Host header must be a loopback address");
  const methods = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
  if (methods === undefined) return failure(404, `no such route: ${request.path}`);
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (route === undefined)
    return failure(405, `${request.path} takes ${Object.keys(methods).join(" and ")}`);
  try {
    return await route(emulation, () => parseJson(request.body));
  } catch (error) {
    if (error instanceof BadRequest || error instanceof FaultError || error instanceof FileError)
      return failure(400, error.message);
    if (error instanceof BackendError) return failure(502, error.message);
    throw error;
  }
}

async function changeAccounts({ accounts }: Emulation, json: () => unknown): Promise<Reply> {
  const missing = await accounts.patch(parseAccountPatches(json()));
  return missing === undefined ? done() : failure(404, `${missing}: no such account`);
}

/** Whether the password is the live one. Asks no vendor, so it is no strike and waits for no ban. */
function login({ accounts, clock }: Emulation, json: () => unknown): Reply {
  const { type, account, password } = object(json(), "the body");
  const kind = kindOfType(type);
  if (kind === undefined) throw new BadRequest("type is not the type of an account password");
  if (typeof password !== "string") throw new BadRequest("password must be a text");
  const record = accounts.find(kind, identity(kind, account))?.record;
  const open =
    record !== undefined &&
    record.password === password &&
    record.deleted !== true &&
    record.instanceDeleted !== true &&
    record.disabled !== true &&
    (record.expiresAt === undefined || record.expiresAt > clock.now()) &&
    record.noAuth !== true &&
    !(kind.list === "postgresql" && record.status === 5);
  return jsonReply(open ? 200 : 401, { ok: open });
}

function identity(kind: AccountKind, json: unknown): Identity {
  const account = object(json, "account");
  const names = [...kind.identity, ...kind.place];
  for (const [name, value] of Object.entries(account)) {
    if (!names.includes(name as AccountField))
      throw new BadRequest(`unknown field "${name}" of account; known: ${names.join(", ")}`);
    if (typeof value !== "string") throw new BadRequest(`${name} of account must be a text`);
  }
  for (const name of kind.identity)
    if (account[name] === undefined) throw new BadRequest(`${name} of account is missing`);
  return account as Identity;
}

function addFaults({ faults }: Emulation, json: () => unknown): Reply {
  faults.add(json());
  return done();
}

function advanceClock({ clock }: Emulation, json: () => unknown): Reply {
  const { advanceSeconds } = object(json(), "the body");
  if (typeof advanceSeconds !== "number" || !(advanceSeconds >= 0) || advanceSeconds > 1e10)
    throw new BadRequest("advanceSeconds must be a number from 0 on");
  clock.advance(advanceSeconds);
  return jsonReply(200, { ok: true, now: new Date(clock.now()).toISOString() });
}

async function reset(emulation: Emulation): Promise<Reply> {
  emulation.postponed.cancel();
  emulation.changes.cancel();
  await emulation.accounts.reset();
  emulation.requests.reset();
  emulation.faults.reset();
  emulation.lockOut.reset();
  emulation.clock.reset();
  emulation.rateLimit.reset();
  emulation.tasks.reset();
  return done();
}

function done(): Reply {
  return jsonReply(200, { ok: true });
}

function failure(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

function object(json: unknown, what: string): Record<string, unknown> {
  if (typeof json === "object" && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new BadRequest(`${what} must be an object`);
}
