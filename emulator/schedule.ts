type Effect = () => void | Promise<void>;

/** What happens some time after the request that caused it. Keeps no process alive. */
export class Schedule {
  readonly #waiting = new Map<NodeJS.Timeout, Effect>();

  /** Runs the effect after that many milliseconds of real time. */
  later(milliseconds: number, effect: Effect): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      void effect();
    }, milliseconds);
    timer.unref();
    this.#waiting.set(timer, effect);
  }

  /** Drops everything that has not happened yet. */
  cancel(): void {
    for (const timer of this.#waiting.keys()) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** Lets everything happen now, one after the other in the order in which it was asked for. */
  async finish(): Promise<void> {
    const effects = [...this.#waiting.values()];
    this.cancel();
    for (const effect of effects) await effect();
  }
}
