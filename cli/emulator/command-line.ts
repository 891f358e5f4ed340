import type { EmulatorOptions } from "../../emulator";
import { readArguments, UsageError } from "../arguments";

export const help = `Usage: pulumi-account-passwords emulator [options] [-- COMMAND ...]

An offline twin of the five password APIs, on 127.0.0.1.

  --port N         listen on that port (default: any that is free)
  --accounts FILE  the accounts with their passwords, JSON (default: the quickstart's five)
  --faults FILE    faults that strike the first requests, JSON
  --state FILE     keep the accounts over restarts
  --backends FILE  real servers on this machine whose passwords change too, JSON
  --help           show this text

Without a COMMAND it prints the variables that send a program to it, as lines that a shell can
evaluate, and runs until SIGINT or SIGTERM. With one it runs the COMMAND with these variables set
and ends with its exit status.
`;

export interface CommandLine {
  readonly options: EmulatorOptions;
  /** What to run with the variables set; empty: nothing. */
  readonly command: readonly string[];
}

const text = { type: "string" } as const;
const options = {
  port: text,
  accounts: text,
  faults: text,
  state: text,
  backends: text,
  help: { type: "boolean", short: "h" },
} as const;

/**
 * What the arguments after `emulator` ask for; `undefined`: only help.
 *
 * @throws {@link UsageError}
 */
export function parseCommandLine(all: readonly string[]): CommandLine | undefined {
  const end = all.indexOf("--");
  const own = end === -1 ? all : all.slice(0, end);
  const command = end === -1 ? [] : all.slice(end + 1);
  const { values, positionals } = readArguments({
    args: [...own],
    allowPositionals: true,
    options,
  });
  if (values.help === true) return undefined;
  if (positionals[0] !== undefined)
    throw new UsageError(`unexpected argument "${positionals[0]}": a COMMAND comes after --`);
  if (end !== -1 && command.length === 0) throw new UsageError("no COMMAND after --");
  const { port, accounts, faults, state, backends } = values;
  return { options: { port: portNumber(port), accounts, faults, state, backends }, command };
}

function portNumber(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65535) throw new UsageError("--port must be 0 to 65535");
  return port;
}
