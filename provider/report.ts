/** What the provider process says to the user beside its results: the engine shows these lines. */
import { redact } from "./redact";

const said = new Set<string>();

/** One line, once in a run. */
export function warn(text: string): void {
  once(`warning: ${redact(text)}`);
}

/**
 * One line, once in a run, of fixed words and an account's identity: with nothing in it that would
 * have to be cleaned, for there may be one for each account of a fleet.
 */
export function inform(text: string): void {
  once(text);
}

function once(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  console.error(line);
}
