/**
 * How much the long tests do: a fixed part of it in `npm test`, as much as it is told in `npm run
 * torture`, which sets the variables below and adds up what the tests record.
 */
import { appendFileSync } from "node:fs";

export type Part =
  "kills" | "outcomes" | "histories" | "leaks" | "lockouts" | "passwords" | "schedules" | "logins";

export interface Amount {
  /** What a random test starts from. The same one makes the same choices. */
  readonly seed: number;
  /** Whether `npm run torture` asks. */
  readonly isTorture: boolean;
  /** How many are told. */
  readonly count: number;
  /** Whether that many are enough, or the time is over. */
  enough(done: number): boolean;
  /** For `jest.setTimeout`. */
  readonly timeoutMs: number;
}

interface Told {
  readonly seed?: number;
  readonly minutes?: number;
  readonly counts?: Partial<Record<Part, number>>;
}

const told = JSON.parse(process.env["ACCOUNT_PASSWORDS_TORTURE"] ?? "null") as Told | null;
const minuteMs = 60_000;

/** @param inTests How many `npm test` does. */
export function amount(part: Part, inTests: number): Amount {
  const count = told?.counts?.[part];
  const minutes = count === undefined ? told?.minutes : undefined;
  const endsAt = Date.now() + (minutes ?? Infinity) * minuteMs;
  return {
    seed: told?.seed ?? 1,
    isTorture: told !== null,
    count: count ?? inTests,
    enough: (done) => (minutes === undefined ? done >= (count ?? inTests) : Date.now() >= endsAt),
    timeoutMs: told === null ? 20 * minuteMs : 24 * 60 * minuteMs,
  };
}

/** Adds to the figures of this run. */
export function record(part: Part, figures: Readonly<Record<string, number>>): void {
  const file = process.env["ACCOUNT_PASSWORDS_TORTURE_RECORD"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ part, figures })}\n`);
}

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
