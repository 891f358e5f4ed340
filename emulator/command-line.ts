import { parseArgs } from "node:util";
import type { EmulatorOptions } from "./index";

export const help = `Usage: pulumi-account-passwords emulator [options] [-- COMMAND ...]

An offline twin of the five password APIs, on 127.0.0.1.

  --port N         listen on that port (default: any that is free)
  --accounts FILE  the accounts with their passwords, JSON (default: the quickstart's five)
  --faults FILE    faults that strike the first requests, JSON
  --state FILE     keep the accounts over restarts
  --help           show this text

Without a COMMAND it prints the variables that send a program to it, as lines that a shell can
evaluate, and runs until SIGINT or SIGTERM. With one it runs the COMMAND with these variables set
and ends with its exit status.
`;

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface CommandLine {
  readonly options: EmulatorOptions;
  /** What to run with the variables set; empty: nothing. */
  readonly command: readonly string[];
}

/**
 * What the arguments ask for; `undefined`: only help.
 *
 * @throws {@link UsageError}
 */
export function parseCommandLine(all: readonly string[]): CommandLine | undefined {
  const end = all.indexOf("--");
  const own = end === -1 ? all : all.slice(0, end);
  const command = end === -1 ? [] : all.slice(end + 1);
  const { values, positionals } = parseOwn(own);
  if (values.help === true) return undefined;
  const [name, ...others] = positionals;
  if (name === undefined) throw new UsageError("no command given: emulator is the only one");
  if (name !== "emulator")
    throw new UsageError(`unknown command "${name}": emulator is the only one`);
  if (others[0] !== undefined)
    throw new UsageError(`unexpected argument "${others[0]}": a COMMAND comes after --`);
  if (end !== -1 && command.length === 0) throw new UsageError("no COMMAND after --");
  const { port, accounts, faults, state } = values;
  return { options: { port: portNumber(port), accounts, faults, state }, command };
}

function parseOwn(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: text,
        accounts: text,
        faults: text,
        state: text,
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError("--port must be 0 to 65535");
  return port;
}
