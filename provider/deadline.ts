import { setTimeout as sleep } from "node:timers/promises";

/** No single HTTP attempt takes longer, so that a lost answer leaves time for another try. */
const longestAttemptMs = 30_000;

/** The time that one operation may take, waits included. */
export class Deadline {
  readonly #endsAt: number;
  /** An attempt with less time would only turn a certain answer into a lost one. */
  readonly #shortestAttemptMs: number;

  constructor(seconds: number) {
    this.#endsAt = performance.now() + seconds * 1000;
    this.#shortestAttemptMs = Math.min(1000, seconds * 100);
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** How long an attempt may take that starts now; 0 when there is no time for one. */
  attemptMs(): number {
    return this.hasTimeFor(0) ? Math.min(longestAttemptMs, this.remainingMs()) : 0;
  }

  /** Whether there is time for a wait, and for an attempt after it. */
  hasTimeFor(ms: number): boolean {
    return ms + this.#shortestAttemptMs < this.remainingMs();
  }

  /** Waits, if there is time for that and for something after it. */
  async wait(ms: number): Promise<boolean> {
    if (!this.hasTimeFor(ms)) return false;
    await sleep(ms);
    return true;
  }
}

/** Exponential, with full jitter: many resources that fail at once do not come back at once. */
export function backoffMs(attempt: number, baseMs = 500, capMs = 10_000): number {
  return Math.random() * Math.min(capMs, baseMs * 2 ** attempt);
}
