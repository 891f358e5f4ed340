/**
 * What the engine asks of a `RotatingPassword`.
 *
 * `check` decides that a rotation is due and says so in plain inputs, which a preview shows. The
 * value itself is drawn by `create` and `update`, when the inputs' `version` is ahead of the
 * outputs': then it is in the state before any account behind it is touched. (Drawn in `check`,
 * preview and update would have different ones, and a saved plan would show both in clear.)
 */
import { randomBytes } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "../errors";
import { forgottenPasswords } from "../forgotten-passwords";
import { warn } from "../report";
import { isUnknown, toWire } from "../secret";
import { type Clock, rotationClock } from "./clock";
import { entropyBits, generatePassword } from "./generator";
import type { PasswordPolicy } from "./policy";
import {
  computedNames,
  problems,
  type RotatingPasswordInputs,
  secretNames,
} from "./rotating-password-inputs";
import { type RecordedRotation, type RotationRecord, schedule } from "./rotation-schedule";

/** How many passwords before the present one are kept. */
const historyLength = 10;

/** Values as they come from the engine: secrets in clear, in a preview with unknown ones. */
type Properties = Readonly<Record<string, unknown>>;
/** Inputs that `check` has passed. */
type CheckedInputs = RotatingPasswordInputs & RotationRecord & { readonly version: number };
/** What the resource adds to its inputs. */
interface Passwords {
  readonly result: string;
  readonly history: readonly string[];
  /** Of the result. An earlier release did not say it. */
  readonly entropyBits?: number | undefined;
}

/**
 * @param policies The policies that there are, by name.
 * @param clock What time it is for rotations.
 */
export function rotatingPasswordProvider(
  policies: ReadonlyMap<string, PasswordPolicy>,
  clock: Clock = rotationClock,
): pulumi.dynamic.ResourceProvider<Properties, Properties> {
  function draw(news: CheckedInputs): Pick<Passwords, "result" | "entropyBits"> {
    const policy = policies.get(news.policy);
    if (policy === undefined)
      throw new AccountPasswordError(
        "INTERNAL",
        `Cannot generate a password: no policy ${JSON.stringify(news.policy)}`,
      );
    const { length, consumers, excludeCharacters } = news;
    const shape = { length, consumers, excludeCharacters };
    return { result: generatePassword(policy, shape), entropyBits: entropyBits(policy, shape) };
  }

  return {
    /** Does no I/O: the engine checks one resource after another. */
    async check(olds, news) {
      const last = recorded(olds);
      const inputs = given(news);
      const now = timeOrRefusal(clock);
      if (typeof now !== "number") return refused(news, [now]);
      const found = problems(inputs, { policies, now, last });
      if (found.length > 0) return refused(news, found.map(invalidArgument));
      if (last !== undefined && last.version > 0 && inputs["initial"] !== undefined)
        warn(initialLeft(last));
      if (last?.version === 0 && isOther(inputs["initial"], last.initial)) warn(initialChanged);
      // `problems` has just looked at every argument's type.
      const record = schedule(last, inputs as unknown as RotatingPasswordInputs, now);
      return { inputs: toWire({ ...providerText(news), ...inputs, ...record }, secretNames) };
    },

    /**
     * A change that leaves the password as it is (90 days become 60) is no change of the resource:
     * otherwise every account behind it would preview as changed. The engine then stores the new
     * inputs and keeps the outputs. Where the password will change the engine is to compare the
     * inputs itself, so that the preview shows `~ reason: "first" => "age 120 days > 90"`.
     */
    async diff(_id, olds, news) {
      return olds["version"] === news["version"] ? { changes: false } : {};
    },

    async create(inputs) {
      const news = inputs as CheckedInputs & Properties;
      return {
        // Neither derived from the password nor from the name, which no provider is told.
        id: `password-${randomBytes(4).toString("hex")}`,
        outs: outputs(news, { ...(adopted(news) ?? draw(news)), history: [] }),
      };
    },

    async update(_id, olds, inputs) {
      const news = inputs as CheckedInputs & Properties;
      const before = stored(olds);
      const rotates = news.version > (olds["version"] as number);
      if (!rotates) return { outs: outputs(news, before) };
      const history = [before.result, ...before.history].slice(0, historyLength);
      return { outs: outputs(news, { ...draw(news), history }) };
    },

    /**
     * There is nothing outside to look at. No `inputs`: the stored ones may be newer than these
     * outputs.
     */
    async read(id, props = {}) {
      return { id, props: toWire(props, secretNames) };
    },

    /**
     * Forgets the password; accounts behind it keep theirs. It fails (`OUTCOME_UNKNOWN`) where this
     * run has forgotten an account with an older one: a rotation was then not finished, and if it
     * was killed the live password is nowhere else.
     */
    async delete(_id, olds = {}) {
      const { result, history } = olds as Partial<Passwords>;
      const subject = forgottenPasswords.accountWith(
        (history ?? []).filter((one) => one !== result),
      );
      if (subject === undefined || process.env["ACCOUNT_PASSWORDS_FORGET_UNKNOWN"] === "1") return;
      throw new AccountPasswordError(
        "OUTCOME_UNKNOWN",
        `Cannot forget a generated password: ${subject} was never confirmed to have it, and if the rotation was interrupted the live password is only here, among this one and those before it (outputs result and history); a second destroy forgets it for good; to recover, declare the account and its generator again under the same names and run \`pulumi up\`, or read it with \`pulumi stack export --show-secrets\`; after a rotation that was refused, not interrupted, nothing is unknown: then ACCOUNT_PASSWORDS_FORGET_UNKNOWN=1 lets it go`,
      );
    },
  };
}

/** The last run's inputs; `undefined` on creation and replacement, when the engine has none. */
function recorded(olds: Properties): RecordedRotation | undefined {
  return typeof olds["version"] === "number" ? (olds as unknown as RecordedRotation) : undefined;
}

/** The program's arguments, without what was not given and without what `check` computes. */
function given(news: Properties): Properties {
  const computed: readonly string[] = computedNames;
  return Object.fromEntries(
    Object.entries(news).filter(
      // A secret that resolves to `undefined` arrives as `null`. `__provider` is the engine's.
      ([name, value]) => value !== null && !computed.includes(name) && !name.startsWith("__"),
    ),
  );
}

function providerText(news: Properties): Properties {
  return "__provider" in news ? { __provider: news["__provider"] } : {};
}

/**
 * A failed check. No failure names its property: the engine would print that property's value
 * beside the reason, a secret in clear (seen with the command line 3.259). The texts name the
 * argument.
 */
function refused(news: Properties, errors: readonly AccountPasswordError[]) {
  return {
    inputs: toWire(news, secretNames),
    failures: errors.map(({ message }) => ({ property: "", reason: message })),
  };
}

function invalidArgument(text: string): AccountPasswordError {
  return new AccountPasswordError("INVALID_ARGUMENT", text);
}

/** A clock that is set wrongly is the run's mistake; a text is enough, no stack. */
function timeOrRefusal(clock: Clock): number | AccountPasswordError {
  try {
    return clock();
  } catch (error) {
    if (error instanceof AccountPasswordError) return error;
    throw error;
  }
}

const initialChanged =
  "A RotatingPassword is given another initial than the one that it was created with, which stays in force: if that one was wrong, set the right password as currentPassword of the account and change a keeper, which rotates";

function initialLeft({ version, generatedAt }: RotationRecord): string {
  return `A RotatingPassword of version ${version} (generated ${generatedAt}) is still given initial, which its first rotation made useless: take initial out of the program, and currentPassword of the account with it`;
}

/** Whether both are given and known, and differ. */
function isOther(given: unknown, before: unknown): boolean {
  return [given, before].every(isKnown) && given !== before;
}

function isKnown(value: unknown): boolean {
  return value !== undefined && !isUnknown(value);
}

/** The password that version 0 is; nobody can say how it was made. */
function adopted({ version, initial }: CheckedInputs) {
  return version === 0 && initial !== undefined ? { result: initial, entropyBits: 0 } : undefined;
}

function stored(olds: Properties): Passwords {
  const { result, history, version, entropyBits } = olds;
  if (typeof result !== "string" || result === "" || typeof version !== "number")
    throw new AccountPasswordError(
      "INTERNAL",
      "Cannot update a generated password: the state no longer holds the present one. No new one was drawn, because accounts may still need it. Restore an earlier state (pulumi stack export --version, pulumi stack import), or replace this generator (pulumi up --replace) and give its accounts the live password as currentPassword",
    );
  return {
    result,
    history: Array.isArray(history) ? (history as string[]) : [],
    entropyBits: entropyBits as number | undefined,
  };
}

/** Every input, the passwords, and nothing that is `undefined`. */
function outputs(news: CheckedInputs & Properties, passwords: Passwords): Record<string, unknown> {
  return toWire({ ...news, ...passwords, previous: passwords.history[0] }, secretNames);
}
