/** What happens some time after the request that caused it. Keeps no process alive. */
export class Schedule {
  readonly #waiting = new Map<NodeJS.Timeout, () => void>();

  /** Runs the effect after that many milliseconds of real time. */
  later(milliseconds: number, effect: () => void): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      effect();
    }, milliseconds);
    timer.unref();
    this.#waiting.set(timer, effect);
  }

  /** Drops everything that has not happened yet. */
  cancel(): void {
    for (const timer of this.#waiting.keys()) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** Lets everything happen now, in the order in which it was asked for. */
  finish(): void {
    const effects = [...this.#waiting.values()];
    this.cancel();
    for (const effect of effects) effect();
  }
}
