/** What `check` does: complete the inputs, and say what is wrong with them before any request. */
import type * as pulumi from "@pulumi/pulumi";
import { idOf, describe } from "./account-service";
import type { ArgumentKind, AccountService } from "./account-service";
import { AccountPasswordError } from "./errors";
import type { ErrorCode } from "./errors";
import { configuredRate } from "./rate-limit";
import { isUnknown } from "./secret";
import type { Settings } from "./settings";
import { accountOf, noDrift } from "./state";
import type { Inputs } from "./state";
import { verifyProblems, withoutNulls } from "./verification/verify-inputs";

/** Arguments of every account; `passwordVersion` comes from the class. */
const commonArguments: Readonly<Record<string, ArgumentKind>> = {
  password: "text",
  currentPassword: "text",
  passwordVersion: "number",
  profile: "text",
  timeoutSeconds: "seconds",
};

export function argumentsOf(service: AccountService): Record<string, ArgumentKind> {
  const identity = service.identity.map((name) => [name, "text"] as const);
  const verify = service.verifier === undefined ? {} : { verify: "verify" as const };
  return {
    ...Object.fromEntries(identity),
    ...commonArguments,
    ...verify,
    ...service.ownArguments,
  };
}

export interface CheckedInputs {
  readonly inputs: Inputs;
  readonly failures: pulumi.dynamic.CheckFailure[];
  /** What is allowed and yet not wise; each worth a line. */
  readonly warnings: string[];
  /** Absent while a part of the identity is not known. */
  readonly id?: string;
}

/** Pure but for the settings: no file is read, no request made. */
export function checkInputs(
  service: AccountService,
  olds: Inputs,
  news: Inputs,
  settings: Settings,
): CheckedInputs {
  const inputs: Record<string, unknown> = resolved(service, olds, news, settings);
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const warnings: string[] = [];
  const account = accountOf(service, inputs);
  const known = service.identity.every(
    (name) => typeof inputs[name] === "string" && !isUnknown(inputs[name]),
  );
  const subject = known ? describe(service, account) : nameOfKnown(service, inputs);
  const fail = (why: string, code: ErrorCode = "INVALID_ARGUMENT") => {
    const text = `Cannot set the password of ${subject}: ${why}; nothing was sent`;
    failures.push(problem(new AccountPasswordError(code, text)));
  };

  const kinds = argumentsOf(service);
  for (const [name, value] of Object.entries(inputs)) {
    if (name === "__provider" || name === "drift") continue;
    const kind = kinds[name];
    if (kind === undefined)
      fail(
        `there is no argument ${JSON.stringify(name)}; there are ${Object.keys(kinds)
          .filter((k) => k !== "passwordVersion")
          .join(", ")}`,
      );
    else if (kind !== "verify" && !isUnknown(value) && !isOfKind(value, kind))
      fail(`${name} ${wanted[kind]}`);
  }
  for (const name of service.identity) {
    const value = inputs[name];
    // They travel in headers and host names, which would lose other characters without a word.
    const travels = name in service.places || name === service.instanceArgument;
    if (travels && typeof value === "string" && !isUnknown(value) && !/^[\x21-\x7e]+$/.test(value))
      fail(`${name} must have ASCII characters only, and no blanks`);
    if (value !== undefined) continue;
    const place = service.places[name];
    fail(
      place === undefined
        ? `${name} is missing`
        : `${name} is missing; give it, or set ${place.key} or ${place.variable}`,
    );
  }
  if (inputs["password"] === undefined) fail("password is missing");
  if (inputs["verify"] !== undefined && service.verifier !== undefined)
    verifyProblems(service.verifier, inputs["verify"], {
      account: known ? account : undefined,
      settings,
    }).forEach((problem) => fail(problem));

  const { password, currentPassword } = inputs as Inputs;
  const isNew =
    typeof password === "string" &&
    password !== "" &&
    !isUnknown(password) &&
    password !== olds.password &&
    // What is live already was accepted once, and a vendor's own passwords break its rules.
    password !== currentPassword;
  if (isNew) {
    const name = service.nameArgument;
    const identity = name === undefined ? undefined : account[name];
    const { policy } = service;
    const violations = policy.violations(password, identity);
    const remedy =
      inputs["passwordVersion"] === undefined
        ? "choose another one"
        : "give its RotatingPassword the policy of this kind of account, and change its keepers";
    if (violations.length > 0)
      fail(`the password ${violations.join(" and ")}; ${remedy}`, "PASSWORD_POLICY");
    for (const warning of policy.warnings(password, identity))
      warnings.push(
        `${subject}: the password ${warning}, says one of the vendor's documents; another one allows it`,
      );
  }

  const noOldPassword =
    inputs["resetWithoutCurrent"] === false &&
    olds.password === undefined &&
    currentPassword === undefined &&
    !(isUnknown(inputs["candidates"]) || (inputs["candidates"] as unknown[] | undefined)?.length);
  if (noOldPassword)
    fail(
      "currentPassword is missing: with resetWithoutCurrent false the first change needs the live password",
    );

  for (const check of [() => known && service.endpoint(account, settings), configuredRate]) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof AccountPasswordError)) throw error;
      failures.push(problem(error));
    }
  }

  return {
    inputs,
    failures,
    warnings,
    ...(known ? { id: idOf(service, account) } : {}),
  };
}

/** With a question mark for what is missing, or not known yet. */
function nameOfKnown(service: AccountService, inputs: Readonly<Record<string, unknown>>): string {
  const values = service.identity.map((name) => {
    const value = inputs[name];
    return typeof value === "string" && !isUnknown(value) ? value : "?";
  });
  const nothing = values.every((value) => value === "?");
  return nothing ? service.noun : `${service.noun} ${JSON.stringify(values.join("/"))}`;
}

/** Names no property: the engine would print its value beside the reason, also a secret one. */
function problem({ message }: AccountPasswordError): pulumi.dynamic.CheckFailure {
  return { property: "", reason: message };
}

/**
 * An omitted place is _stored ?? configuration ?? environment_: a changed default never replaces.
 * What is added here is seen by every resource of every user, so nothing is ever added later on.
 */
function resolved(
  service: AccountService,
  olds: Inputs,
  news: Inputs,
  settings: Settings,
): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(news)) {
    const kept = value !== undefined && value !== null;
    if (kept && !(service.identity.includes(name) && value === ""))
      inputs[name] = name === "verify" ? withoutNulls(value) : value;
  }
  for (const name of service.identity) {
    const place = service.places[name];
    if (place !== undefined)
      inputs[name] ??= olds[name] ?? (settings.config(place.key) || settings.env(place.variable));
    const value = inputs[name];
    if (value === undefined) delete inputs[name];
    else if (typeof value === "string" && !isUnknown(value))
      inputs[name] = service.normalize?.(name, value) ?? value;
  }
  inputs["drift"] = noDrift;
  return inputs;
}

type PlainKind = Exclude<ArgumentKind, "verify">;

const wanted: Readonly<Record<PlainKind, string>> = {
  text: "must be a text that is not empty",
  flag: "must be true or false",
  seconds: "must be whole seconds, at least 1",
  number: "must be a number",
  texts: "must be a list of texts",
};

function isOfKind(value: unknown, kind: PlainKind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && value.trim() !== "";
    case "flag":
      return typeof value === "boolean";
    case "seconds":
      return Number.isInteger(value) && Number(value) >= 1;
    case "number":
      return typeof value === "number";
    case "texts":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
  }
}
