/**
 * The time by which tokens expire, locked accounts are released and rate limits are counted. It
 * runs like the system's clock and can be moved ahead; time stamps in answers and the five minutes
 * of a signature stay with the system's clock, or moving it would refuse every request.
 */
export class Clock {
  #offsetMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }

  reset(): void {
    this.#offsetMs = 0;
  }
}
