/**
 * Two queues that all resources of a run share: a vendor's rate per action, and one change at a
 * time for each instance.
 */
import { AccountPasswordError } from "./errors";
import type { Deadline } from "./deadline";

/** Evenly spaced, never in a burst; 3 % slower than allowed, for the jitter of the way there. */
const slack = 1.03;

const nextFree = new Map<string, number>();
const lastShifted = new Map<string, number>();
const lastInQueue = new Map<string, Promise<unknown>>();

/**
 * Waits for a turn.
 *
 * @param key Credential, endpoint and action.
 * @param perSecond The documented rate. `ACCOUNT_PASSWORDS_RATE` sets it lower, never higher.
 * @returns False when the turn would come too late; then none was taken.
 */
export async function takeTurn(
  key: string,
  perSecond: number,
  deadline: Deadline,
): Promise<boolean> {
  const rate = Math.min(perSecond, configuredRate() ?? perSecond);
  const now = performance.now();
  const turn = Math.max(now, nextFree.get(key) ?? 0);
  if (!deadline.hasTimeFor(turn - now)) return false;
  const spacing = (1000 / rate) * slack;
  nextFree.set(key, turn + spacing);
  if (turn > now && !(await deadline.wait(turn - now))) return false;
  // A process that stood still wakes to several turns at once: they are shifted, not a burst.
  const woke = performance.now();
  const free = (lastShifted.get(key) ?? -Infinity) + spacing;
  if (woke - turn < spacing && free <= woke) return true;
  const start = Math.max(woke, free);
  lastShifted.set(key, start);
  return start === woke || deadline.wait(start - woke);
}

/** Runs the actions of one instance one after another, in the order in which they came. */
export async function oneAtATime<T>(instance: string, action: () => Promise<T>): Promise<T> {
  const before = lastInQueue.get(instance);
  const mine = (async () => {
    await before?.catch(() => undefined);
    return action();
  })();
  lastInQueue.set(instance, mine);
  try {
    return await mine;
  } finally {
    if (lastInQueue.get(instance) === mine) lastInQueue.delete(instance);
  }
}

/** @throws `INVALID_ARGUMENT` when `ACCOUNT_PASSWORDS_RATE` is not of the form `5/s`. */
export function configuredRate(text = process.env["ACCOUNT_PASSWORDS_RATE"]): number | undefined {
  if (!text) return undefined;
  const rate = Number(/^(\d+(?:\.\d+)?)\/s$/.exec(text.trim())?.[1]);
  if (rate > 0) return rate;
  throw new AccountPasswordError(
    "INVALID_ARGUMENT",
    "Cannot read ACCOUNT_PASSWORDS_RATE: it must be calls per second, such as 5/s; nothing was sent",
  );
}
