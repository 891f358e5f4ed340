/** What the report says of one account. */
import { parseTime } from "../../provider/password/clock";
import { services } from "../../provider/services";
import type { Facts, Resource, StackExport } from "./read-export";

const day = 24 * 60 * 60 * 1000;

export type Status = "confirmed" | "adopted" | "unknown" | "interrupted" | "drift";

export interface AccountLine {
  readonly urn: string;
  /** The resource's. */
  readonly name: string;
  /** `<vendor>:<Class>`. */
  readonly type: string;
  /** Short, such as `PostgreSQL`. */
  readonly service: string;
  /** The identity arguments, in the order of the id. What is secret or missing is not there. */
  readonly identity: Readonly<Partial<Record<string, string>>>;
  readonly status: Status;
  /** What `refresh` found; `none`: nothing. */
  readonly drift: string;
  /** What the last login has shown, where `verify` asks for one: such as `refused`. */
  readonly verification: string | undefined;
  readonly revision: number | undefined;
  /** Milliseconds since 1970, as all times here. */
  readonly changedAt: number | undefined;
  /** Milliseconds; `undefined`: nobody knows how old the password is. */
  readonly age: number | undefined;
  /** Why its generator made the last password. */
  readonly reason: string | undefined;
  /** When its generator, or its pair's, makes the next one; `undefined`: never, or by none. */
  readonly nextDue: number | undefined;
  /** Whether its generator has a newer password, which no unfinished change explains. */
  readonly behind: boolean;
  readonly requestId: string | undefined;
}

/** One line for each account, those that were never finished with included. */
export function accountLines(
  { accounts, generators, turns, interrupted }: StackExport,
  now: number,
): AccountLine[] {
  const generatorsByUrn = new Map(generators.map((each) => [each.urn, each]));
  const turnsByUrn = new Map(turns.map((each) => [each.urn, each]));
  const interruptedUrns = new Set(interrupted.map(({ urn }) => urn));
  const declared = new Set(accounts.map(({ urn }) => urn));
  // Killed while it was created, an account stands nowhere else.
  const onlyBegun = interrupted.filter(({ urn }) => !declared.has(urn));
  return [...accounts, ...onlyBegun].map((account) => {
    const generator = generatorOf(account, generatorsByUrn);
    const turn = generator?.madeFrom.flatMap((urn) => turnsByUrn.get(urn) ?? [])[0];
    return lineOf(account, {
      generator,
      schedule: turn?.madeFrom.flatMap((urn) => generatorsByUrn.get(urn) ?? [])[0] ?? generator,
      interrupted: interruptedUrns.has(account.urn),
      now,
    });
  });
}

interface Circumstances {
  readonly generator: Resource | undefined;
  /** What decides when the next password is made: of a pair, a generator for both. */
  readonly schedule: Resource | undefined;
  readonly interrupted: boolean;
  readonly now: number;
}

function lineOf(
  account: Resource,
  { generator, schedule, interrupted, now }: Circumstances,
): AccountLine {
  const { inputs, outputs, urn } = account;
  const type = account.type.replace("pulumi-nodejs:dynamic/", "");
  const service = services.get(type);
  const drift = text(outputs, "drift") ?? "none";
  const status = shownStatus(outputs, { interrupted, drift });
  const changedAt = time(outputs, "changedAt");
  const madeAt = madeWith(account, generator) ? generatedAt(generator) : changedAt;
  return {
    urn,
    name: urn.split("::").slice(3).join("::"),
    type,
    service: (service?.noun ?? type).replace(/ (service )?(account|instance)$/, ""),
    identity: Object.fromEntries(
      (service?.identity ?? []).map((name) => [name, text(outputs, name) ?? text(inputs, name)]),
    ),
    status,
    drift,
    verification: text(outputs, "verification"),
    revision: wholeNumber(outputs, "revision"),
    changedAt,
    age: ageSince(madeAt, now),
    reason: text(generator?.inputs, "reason"),
    nextDue: time(schedule?.inputs, "nextRotation"),
    behind: !isUnsettled(status) && isBehind(account, generator),
    requestId: text(outputs, "requestId"),
  };
}

/** Clocks differ a little; a time further ahead is of a wrong one, and nobody knows the age. */
function ageSince(madeAt: number | undefined, now: number): number | undefined {
  if (madeAt === undefined || madeAt > now + day) return undefined;
  return Math.max(0, now - madeAt);
}

/**
 * The generator that the password came from. Where several, or none, can be meant, there is none: a
 * wrong due date is worse than a missing one.
 */
function generatorOf(
  { type, madeFrom }: Resource,
  generators: ReadonlyMap<string, Resource>,
): Resource | undefined {
  const found = madeFrom.flatMap((urn) => generators.get(urn) ?? []);
  if (found.length <= 1) return found[0];
  const fitting = found.filter(({ inputs }) => type.endsWith(`/${inputs["policy"]}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Whether nobody knows how the last change ended. */
export function isUnsettled(status: Status): boolean {
  return status === "unknown" || status === "interrupted";
}

function shownStatus(
  outputs: Facts,
  { interrupted, drift }: { interrupted: boolean; drift: string },
): Status {
  if (interrupted) return "interrupted";
  const recorded = recordedStatus(outputs);
  return recorded === "unknown" || drift === "none" ? recorded : "drift";
}

/** What cannot be understood, such as a later release's word, is not called good. */
function recordedStatus({ status }: Facts): "confirmed" | "adopted" | "unknown" {
  return status === "confirmed" || status === "adopted" ? status : "unknown";
}

/** Whether the account is known to have the password that its generator has drawn last. */
function madeWith({ inputs, outputs }: Resource, generator: Resource | undefined): boolean {
  const version = inputs["passwordVersion"];
  return (
    recordedStatus(outputs) !== "unknown" &&
    version !== undefined &&
    version === generator?.outputs["version"]
  );
}

/** `undefined`: an adopted password of unknown age. The inputs may have learned it since. */
function generatedAt(generator: Resource | undefined): number | undefined {
  const { inputs = {}, outputs = {} } = generator ?? {};
  const newest = inputs["version"] === outputs["version"] ? inputs : outputs;
  return time(newest, "generatedAt");
}

/** A rotation that was refused leaves no other trace: the account is confirmed, with the old one. */
function isBehind({ inputs }: Resource, generator: Resource | undefined): boolean {
  const has = wholeNumber(inputs, "passwordVersion");
  const drawn = wholeNumber(generator?.outputs ?? {}, "version");
  return has !== undefined && drawn !== undefined && has < drawn;
}

/** `""` says that there is none. */
function text(facts: Facts | undefined, name: string): string | undefined {
  const value = facts?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function time(facts: Facts | undefined, name: string): number | undefined {
  return parseTime(facts?.[name]);
}

function wholeNumber(facts: Facts, name: string): number | undefined {
  const value = facts[name];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}
