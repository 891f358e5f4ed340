/**
 * Wrong passwords that an engine has counted, as far as this process knows from states and its own
 * calls. Three lock an account for 15 minutes, so at most one is risked in 16, over all runs.
 */
import type { Failure } from "./outcome";

/** A little longer than the 15 minutes after which the engine forgives one. */
export const secondsBetween = 16 * 60;

const farAheadMs = 24 * 60 * 60 * 1000;

interface Known {
  newest: number;
  readonly refused: Set<string>;
}

/** By engine and account. */
const known = new Map<string, Known>();

/** The system's clock; a unit test puts another one here. */
export const clock = { now: (): number => Date.now() };

export const wrongTries = {
  now: (): string => new Date(clock.now()).toISOString(),

  /** @param account Engine and account, as {@link accountKey} joins them. */
  note(account: string, triedAt?: string, refused: readonly string[] = []): void {
    const entry = known.get(account) ?? { newest: 0, refused: new Set<string>() };
    known.set(account, entry);
    const time = Date.parse(triedAt ?? "");
    if (time > entry.newest && !isFarAhead(time)) entry.newest = time;
    for (const password of refused) entry.refused.add(password);
  },

  refused: (account: string): ReadonlySet<string> => known.get(account)?.refused ?? new Set(),

  /** Why no password of the account is to be tried now. @param name What texts call it. */
  pauseOf(account: string, name: string): Failure | undefined {
    return pause(known.get(account)?.newest, name);
  },
};

export function accountKey(engineId: string, accountName: string): string {
  return JSON.stringify([engineId, accountName]);
}

/**
 * Why nothing is to be tried that soon after a wrong password.
 *
 * @param name Of the account whose password it was.
 */
export function pause(newest: number | undefined, name: string): Failure | undefined {
  if (newest === undefined || Number.isNaN(newest)) return undefined;
  const until = newest + secondsBetween * 1000;
  if (clock.now() >= until || isFarAhead(newest)) return undefined;
  return {
    outcome: "refused",
    code: "ACCOUNT_LOCKED",
    says: `a password of ${JSON.stringify(name)} was tried at ${new Date(newest).toISOString()} and may have been wrong, and three wrong ones lock that account: nothing is tried before ${new Date(until).toISOString()}`,
  };
}

/** Such a time was written by a clock that was wrong: it must not block for years. */
function isFarAhead(time: number): boolean {
  return time > clock.now() + farAheadMs;
}
