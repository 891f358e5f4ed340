import { type AccountField, accountKinds, bareName, type Identity } from "./account-record";
import { actionsOf, isService, type Service, services } from "./actions";
import type { Call } from "./call";

/** What a fault does to the request that it strikes. */
export type FaultEffect =
  /** No answer; the connection stays open. */
  | { readonly kind: "hang" }
  /** The connection is reset (RST). */
  | { readonly kind: "reset" }
  /** That HTTP status with a page of HTML, as gateways answer. */
  | { readonly kind: "status"; readonly status: number }
  /** The vendor's error envelope with that code. */
  | { readonly kind: "error"; readonly code: string }
  /** Status 200 and half a body. */
  | { readonly kind: "garbage" }
  /** The true answer, that much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection is reset at once, the effect comes that much later. */
  | { readonly kind: "lateEffect"; readonly ms: number }
  /** The Redis task that the call starts fails. */
  | { readonly kind: "taskFails" };

/** One fault, as the faults file and `POST /emulator/faults` give it. */
export interface Fault {
  /** @default every service */
  readonly service?: Service;
  /** @default every action */
  readonly action?: string;
  /** Any part of the identity. @default every account */
  readonly account?: Identity;
  /**
   * Before or after the vendor has done what the request asks for. Struck before, the effect never
   * happens (`delay` and `lateEffect` only postpone it).
   */
  readonly when: "before" | "after";
  /**
   * `hang`, `reset`, `status:503`, `error:<Code>`, `garbage`, `delay:<ms>`, `lateEffect:<ms>`,
   * `taskFails`
   */
  readonly what: string;
  /** How many requests it strikes. @default 1 */
  readonly times?: number;
}

export interface Strike {
  readonly when: Fault["when"];
  readonly what: string;
  readonly effect: FaultEffect;
}

/** What is wrong with a fault. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** The faults that wait for a request. A refused request is struck like any other. */
export class Faults {
  #waiting: { readonly fault: Fault; readonly effect: FaultEffect; left: number }[] = [];

  /** One fault, or a list of them, after those that wait; an empty list removes all. */
  add(json: unknown): void {
    const faults = (Array.isArray(json) ? json : [json]).map(parseFault);
    if (faults.length === 0) return this.reset();
    for (const fault of faults)
      this.#waiting.push({ fault, effect: parseEffect(fault.what), left: fault.times ?? 1 });
  }

  /** The first fault that fits the call; it counts as used. */
  take(call: Call): Strike | undefined {
    const found = this.#waiting.find(({ fault, effect }) => fits(fault, effect, call));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    return { when: found.fault.when, what: found.fault.what, effect: found.effect };
  }

  reset(): void {
    this.#waiting = [];
  }
}

function fits(fault: Fault, effect: FaultEffect, call: Call): boolean {
  if (effect.kind === "taskFails" && !startsTask(call.service, call.action)) return false;
  return (
    (fault.service === undefined || fault.service === call.service) &&
    (fault.action === undefined || fault.action === call.action) &&
    Object.entries(fault.account ?? {}).every(
      ([field, value]) =>
        call.account?.[field as AccountField] ===
        (call.service === "tcr" && field === "accountName" ? bareName(value) : value),
    )
  );
}

function startsTask(service: string, action: string): boolean {
  return service === "redis" && (action === "ModifyInstancePassword" || action === "ResetPassword");
}

const fields = ["service", "action", "account", "when", "what", "times"];
const identityFields: readonly string[] = [
  ...new Set(accountKinds.flatMap((kind) => [...kind.place, ...kind.identity])),
];

function parseFault(json: unknown): Fault {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new FaultError("a fault must be an object");
  const { service, action, account, when, what, times } = json as Record<string, unknown>;
  const other = Object.keys(json).find((key) => !fields.includes(key));
  if (other !== undefined)
    throw new FaultError(`unknown field "${other}"; known: ${fields.join(", ")}`);
  if (service !== undefined && !isService(service))
    throw new FaultError(`service must be one of ${services.join(", ")}`);
  const known = actionsOf(service);
  if (action !== undefined && !known.some((name) => name === action))
    throw new FaultError(`action must be one of ${known.join(", ")}`);
  if (account !== undefined) checkIdentity(account);
  if (when !== "before" && when !== "after")
    throw new FaultError('when must be "before" or "after"');
  if (typeof what !== "string") throw new FaultError("what must be a text");
  if (times !== undefined && !(Number.isSafeInteger(times) && Number(times) > 0))
    throw new FaultError("times must be a whole number from 1 on");
  if (parseEffect(what).kind === "taskFails") {
    const redis = service === undefined || service === "redis";
    if (!redis || (action !== undefined && !startsTask("redis", String(action))))
      throw new FaultError("taskFails strikes redis ModifyInstancePassword and ResetPassword only");
  }
  return json as Fault;
}

function checkIdentity(account: unknown): void {
  if (typeof account !== "object" || account === null || Array.isArray(account))
    throw new FaultError("account must be an object");
  for (const [field, value] of Object.entries(account)) {
    if (!identityFields.includes(field))
      throw new FaultError(
        `unknown field "${field}" of account; known: ${identityFields.join(", ")}`,
      );
    if (typeof value !== "string") throw new FaultError(`${field} of account must be a text`);
  }
}

function parseEffect(what: string): FaultEffect {
  const [kind, argument] = what.split(/:(.*)/s, 2) as [string, string?];
  if (argument === undefined) {
    if (kind === "hang" || kind === "reset" || kind === "garbage" || kind === "taskFails")
      return { kind };
  } else {
    if (kind === "status" && /^[2-5]\d\d$/.test(argument))
      return { kind, status: Number(argument) };
    if (kind === "error" && /^[A-Za-z0-9_.]+$/.test(argument)) return { kind, code: argument };
    if ((kind === "delay" || kind === "lateEffect") && /^\d{1,9}$/.test(argument))
      return { kind, ms: Number(argument) };
  }
  throw new FaultError(
    "what must be one of hang, reset, status:<200 to 599>, error:<Code>, garbage, " +
      "delay:<milliseconds>, lateEffect:<milliseconds>, taskFails",
  );
}
