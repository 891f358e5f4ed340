import type { Account, Accounts } from "../accounts";
import { kinds } from "../account-record";
import type { Emulation } from "../emulation";
import type { Claims } from "./engine-tokens";
import { ServicecombError } from "./errors";

/** One engine as a request reaches it. */
export interface Engine {
  readonly id: string;
  /** Where the request comes from; wrong passwords are counted for it. */
  readonly ip: string;
}

/**
 * Changes a password as the Service Center does, in its order of checks
 * (apache/servicecomb-service-center head 983f3f39, server/service/rbac/password.go; the order was
 * seen on a running one). Who may change whom comes from the claims of the token, not from the
 * store.
 *
 * The generation "2025-06" is what pull request #1506 makes of it: an administrator needs no
 * current password for its own account, and may not change another administrator's.
 */
export async function changePassword(
  emulation: Emulation,
  engine: Engine,
  caller: Claims,
  name: string,
  body: Buffer,
): Promise<void> {
  const { accounts } = emulation;
  const { password, currentPassword } = parseBody(body);
  if (!isName(name))
    throw new ServicecombError(
      400001,
      `field 'Account.Name' invalid value '${name}' does not match rule: {Regexp: account}`,
    );
  if (!isPassword(password))
    // The refused password stands there in clear, as it does upstream: clients must scrub it.
    throw new ServicecombError(
      400001,
      `field 'Account.Password' invalid value '${password}' does not match rule: {Regexp: password}`,
    );
  const isAdmin = caller.roles.includes("admin");
  const target = accountOf(accounts, engine, name);
  if (accounts.generation === "2025-06" && isAdmin) {
    if (target === undefined) throw new ServicecombError(500003);
    if (name !== caller.account && isAdministrator(target)) throw forbidden();
    return accounts.setPassword(target, password);
  }
  if (name === caller.account)
    return changeOwn(emulation, engine, name, target, { password, currentPassword });
  if (!isAdmin) throw forbidden();
  if (target === undefined) throw accountNotExists(name);
  await accounts.setPassword(target, password);
}

async function changeOwn(
  { accounts, lockOut }: Emulation,
  engine: Engine,
  name: string,
  target: Account | undefined,
  { password, currentPassword }: { readonly password: string; readonly currentPassword: string },
): Promise<void> {
  if (currentPassword === "")
    throw new ServicecombError(400001, "current password should not be empty");
  if (lockOut.isBanned(engine.id, name, engine.ip)) throw new ServicecombError(403201);
  if (currentPassword === password)
    throw new ServicecombError(400206, "the password can not be same as old one");
  if (target === undefined) throw accountNotExists(name);
  if (target.record.password !== currentPassword) {
    lockOut.strike(engine.id, name, engine.ip);
    throw new ServicecombError(401207);
  }
  await accounts.setPassword(target, password);
}

/** The account of that name, unless it was deleted. */
export function accountOf(
  accounts: Accounts,
  engine: Pick<Engine, "id">,
  name: string,
): Account | undefined {
  const account = accounts.find(kinds.servicecomb, { engineId: engine.id, accountName: name });
  return account?.record.deleted === true ? undefined : account;
}

export function rolesOf({ record }: Account): readonly string[] {
  return record.roles ?? ["developer"];
}

export function accountNotExists(name: string): ServicecombError {
  return new ServicecombError(400200, `account [${name}] not exist`);
}

/** Fields that are not known are not looked at. */
function parseBody(body: Buffer): { password: string; currentPassword: string } {
  const json = parseJson(body);
  return { password: textOf(json, "password"), currentPassword: textOf(json, "currentPassword") };
}

export function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(body.toString("utf8"));
    if (typeof json === "object" && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch {
    // As for JSON of another form.
  }
  throw new ServicecombError(400001, "json is invalid");
}

/** `""` where it is missing, as Go has it; another type does not parse. */
export function textOf(json: Readonly<Record<string, unknown>>, name: string): string {
  const value = json[name] ?? "";
  if (typeof value !== "string") throw new ServicecombError(400001, "json is invalid");
  return value;
}

/** 8 to 32 bytes, all four classes (pkg/validate); nothing on the first character or the name. */
function isPassword(password: string): boolean {
  const bytes = Buffer.byteLength(password, "utf8");
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[\p{P}\p{S}]/u];
  return bytes >= 8 && bytes <= 32 && classes.every((needed) => needed.test(password));
}

function isName(name: string): boolean {
  return /^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9])?$/.test(name);
}

function isAdministrator(account: Account): boolean {
  return account.record.accountName === "root" || rolesOf(account).includes("admin");
}

function forbidden(): ServicecombError {
  return new ServicecombError(403001, "can not change other account password");
}
