/** Times as the package reads and writes them, and the clock that rotations go by. */
import { AccountPasswordError } from "../errors";
import { warn } from "../report";

/** Milliseconds since 1970. */
export type Clock = () => number;

/** What {@link parseTime} accepts, in words. */
export const timeForm = "an ISO time in UTC, such as 2026-01-31T12:00:00Z";

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateAndTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/**
 * Milliseconds since 1970, or `undefined` when the text is no ISO time in UTC. A date alone is its
 * midnight. A time without `Z` is refused: it would be another moment on every machine.
 */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== "string" || !(dateOnly.test(text) || dateAndTime.test(text)))
    return undefined;
  const time = Date.parse(text);
  // JavaScript takes 31 February for 3 March, and 24:00 for the next day.
  const same = !Number.isNaN(time) && isoTime(time).startsWith(text.slice(0, 19));
  return same ? time : undefined;
}

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/**
 * The clock that decides which rotations are due: the system's, or for tests and rehearsals the
 * moment in `ACCOUNT_PASSWORDS_NOW`. Requests are never signed with it.
 */
export const rotationClock: Clock = () => {
  const text = process.env["ACCOUNT_PASSWORDS_NOW"];
  if (text === undefined || text === "") return Date.now();
  const time = parseTime(text);
  if (time === undefined)
    throw new AccountPasswordError(
      "INVALID_ARGUMENT",
      `The environment variable ACCOUNT_PASSWORDS_NOW is not ${timeForm}: correct it, or unset it to use the system's clock`,
    );
  warn(
    `ACCOUNT_PASSWORDS_NOW is set: rotations are decided as if it were ${isoTime(time)}; unset it outside tests and rehearsals`,
  );
  return time;
};
