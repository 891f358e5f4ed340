/** What of an account needs attention, in which order, and how many there are. */
import { type AccountLine, isUnsettled } from "./account-line";
import { day, type Duration } from "./durations";

/** In the order of their weight. */
const concerns = ["unknown", "drift", "refused", "overdue", "max-age", "due-soon"] as const;
export type Concern = (typeof concerns)[number];

/** What `--fail-on` takes. That a rotation will be due is no failure. */
export const concernsToFailOn = concerns.filter((each) => each !== "due-soon");

const soon = 7 * day;

export interface Assessed extends AccountLine {
  /** The weightiest first; empty: all is well. */
  readonly concerns: readonly Concern[];
}

export interface Circumstances {
  readonly now: number;
  readonly maxAge: Duration | undefined;
}

/** The lines with their concerns: what needs attention first, then the oldest. */
export function assess(
  lines: readonly AccountLine[],
  circumstances: Circumstances,
): readonly Assessed[] {
  return lines
    .map((line) => ({
      ...line,
      concerns: concerns.filter((each) => has(line, each, circumstances)),
    }))
    .sort(
      (a, b) =>
        weight(a) - weight(b) || older(a, b) || a.urn.localeCompare(b.urn, "en", { numeric: true }),
    );
}

function has(line: AccountLine, concern: Concern, { now, maxAge }: Circumstances): boolean {
  const { status, drift, verification, age, nextDue, behind } = line;
  switch (concern) {
    case "unknown":
      return isUnsettled(status);
    case "drift":
      // So `refresh` repeats what the status says.
      return drift !== "none" && !drift.startsWith("outcome unknown");
    case "refused":
      return verification === "refused";
    case "overdue":
      return behind || (nextDue !== undefined && nextDue <= now);
    case "max-age":
      return maxAge !== undefined && (age === undefined || age > maxAge.milliseconds);
    case "due-soon":
      return nextDue !== undefined && nextDue > now && nextDue <= now + soon;
  }
}

function weight({ concerns: [first] }: Assessed): number {
  return first === undefined ? concerns.length : concerns.indexOf(first);
}

/** An unknown age may be any. */
function older(a: AccountLine, b: AccountLine): number {
  const [ageOfA, ageOfB] = [a.age ?? Infinity, b.age ?? Infinity];
  return ageOfA === ageOfB ? 0 : ageOfB - ageOfA;
}

/** How many accounts have each concern; one may have several. */
export interface Counts {
  readonly accounts: number;
  readonly unknown: number;
  readonly interrupted: number;
  readonly drift: number;
  /** A login with its password was refused. */
  readonly refused: number;
  readonly overdue: number;
  /** Too old for `--max-age`. */
  readonly maxAge: number;
  /** Within 7 days. */
  readonly dueSoon: number;
}

export function count(lines: readonly Assessed[]): Counts {
  const having = (concern: Concern) =>
    lines.filter((line) => line.concerns.includes(concern)).length;
  return {
    accounts: lines.length,
    unknown: lines.filter(({ status }) => status === "unknown").length,
    interrupted: lines.filter(({ status }) => status === "interrupted").length,
    drift: having("drift"),
    refused: having("refused"),
    overdue: having("overdue"),
    maxAge: having("max-age"),
    dueSoon: having("due-soon"),
  };
}

/** Such as `12 accounts: 1 unknown, 2 overdue`. */
export function inOneLine(lines: readonly Assessed[], maxAge: Duration | undefined): string {
  if (lines.length === 0) return accounts(0);
  const found = counted(lines, concerns, maxAge).join(", ");
  return `${accounts(lines.length)}: ${found || "nothing needs attention"}`;
}

/** Why `--fail-on` fails; `undefined`: it does not. */
export function failure(
  lines: readonly Assessed[],
  failOn: readonly Concern[],
  maxAge: Duration | undefined,
): string | undefined {
  const failing = lines.filter((line) => line.concerns.some((each) => failOn.includes(each)));
  if (failing.length === 0) return undefined;
  const asked = concerns.filter((each) => failOn.includes(each));
  const why = counted(failing, asked, maxAge).join(", ");
  return `--fail-on finds ${failing.length} of ${accounts(lines.length)}: ${why}`;
}

function accounts(n: number): string {
  return `${n} ${n === 1 ? "account" : "accounts"}`;
}

/** Such as `["1 unknown", "2 overdue"]`; what there is none of is left out. */
function counted(
  lines: readonly Assessed[],
  which: readonly Concern[],
  maxAge: Duration | undefined,
): string[] {
  const counts = count(lines);
  const words: Readonly<Record<Concern, readonly (readonly [number, string])[]>> = {
    unknown: [
      [counts.unknown, "unknown"],
      [counts.interrupted, "interrupted"],
    ],
    drift: [[counts.drift, "drift"]],
    refused: [[counts.refused, "refused at the login"]],
    overdue: [[counts.overdue, "overdue"]],
    "max-age": [[counts.maxAge, `older than ${maxAge?.text}`]],
    "due-soon": [[counts.dueSoon, "due within 7 days"]],
  };
  return which
    .flatMap((concern) => words[concern])
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`);
}
