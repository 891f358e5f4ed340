/**
 * Time that passes only when somebody waits. A wait ends at once, after everything that was due
 * before it has happened, so that hours take milliseconds and nothing depends on the machine.
 */
export class VirtualTime {
  #now = Date.UTC(2026, 0, 1);
  readonly #due: { readonly at: number; readonly happen: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#due.findIndex(
        ({ at }, _index, all) => at <= until && all.every((other) => other.at >= at),
      );
      if (next < 0) break;
      const [event] = this.#due.splice(next, 1);
      this.#now = Math.max(this.#now, event?.at ?? 0);
      event?.happen();
      await settled();
    }
    this.#now = until;
    await settled();
  }

  /** What a module sees as its globals. */
  globals() {
    const now = (): number => this.#now;
    class VirtualDate extends Date {
      constructor(...args: [] | [number | string | Date]) {
        if (args.length === 0) super(now());
        else super(...args);
      }
      static override now = now;
    }
    const due = this.#due;
    const timer = (event: (typeof due)[number]) => ({ event, unref: () => undefined });
    return {
      Date: VirtualDate,
      performance: { now },
      // Nothing is ever late by itself: what is not answered says so.
      AbortSignal: { timeout: (ms: number) => ({ ms }) },
      setTimeout: (happen: () => void, ms = 0) => {
        const event = { at: now() + ms, happen };
        due.push(event);
        return timer(event);
      },
      clearTimeout: (set: ReturnType<typeof timer> | undefined) => {
        const index = set === undefined ? -1 : due.indexOf(set.event);
        if (index >= 0) due.splice(index, 1);
      },
    };
  }
}

/** Everything that follows from what has just happened has happened too. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
