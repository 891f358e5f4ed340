/**
 * When passwords were changed by this run. The provider process lives as long as a run, and a
 * preview, which changes nothing, has a process of its own; so no clocks are compared.
 */
const moments = new Set<string>();

export const changesOfThisRun = {
  /** @param changedAt Of an account, as its outputs have it. */
  note(changedAt: string): void {
    moments.add(changedAt);
  },
  has(changedAt: string): boolean {
    return moments.has(changedAt);
  },
};
