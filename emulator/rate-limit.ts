import type { Clock } from "./clock";

/** The documented requests per second, counted for each credential and action. */
export class RateLimit {
  readonly #admitted = new Map<string, number[]>();

  constructor(readonly clock: Clock) {}

  /**
   * Whether one more request fits into the last second.
   *
   * The second is half an interval short: requests sent at exactly the documented rate arrive a
   * little early or late, and no vendor counts so finely.
   */
  admits(key: string, perSecond: number): boolean {
    const now = this.clock.now();
    const second = 1000 - 500 / perSecond;
    const recent = (this.#admitted.get(key) ?? []).filter((time) => now - time < second);
    const admitted = recent.length < perSecond;
    if (admitted) recent.push(now);
    this.#admitted.set(key, recent);
    return admitted;
  }

  reset(): void {
    this.#admitted.clear();
  }
}
