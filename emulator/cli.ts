#!/usr/bin/env node
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { exportLines } from "./environment";
import { type Emulator, type EmulatorOptions, startEmulator } from "./index";

const help = `Usage: pulumi-account-passwords emulator [options] [-- COMMAND ...]

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

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const statusOfMisuse = 2;

/** A mistake in the command line. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Arguments {
  readonly options: EmulatorOptions;
  readonly command: readonly string[];
}

/** `undefined`: only help was asked for. */
function parseArguments(all: readonly string[]): Arguments | undefined {
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
    throw new UsageError(error instanceof Error ? error.message : "wrong arguments");
  }
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError("--port must be 0 to 65535");
  return port;
}

/** Prints the variables and serves until it is told to stop. */
function serve(emulator: Emulator): Promise<number> {
  process.stdout.write(exportLines(emulator.environment));
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(0));
  });
}

/** Runs the command with the variables set, passes signals on, and gives its exit status. */
function run(emulator: Emulator, [file = "", ...args]: readonly string[]): Promise<number> {
  const child = spawn(file, args, {
    stdio: "inherit",
    env: { ...process.env, ...emulator.environment },
    shell: process.platform === "win32", // npm's commands are .cmd files there
  });
  for (const signal of signals)
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: a second one makes Pulumi drop a running update.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      process.stderr.write(`pulumi-account-passwords: cannot run "${file}": ${error.code}\n`);
      resolve(error.code === "ENOENT" ? 127 : 126);
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const emulator = await startEmulator(parsed.options);
  const ended = parsed.command.length === 0 ? serve(emulator) : run(emulator, parsed.command);
  const status = await ended;
  await emulator.close();
  return status;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`pulumi-account-passwords: ${text}\n`);
    if (!(error instanceof UsageError)) process.exit(1);
    process.stderr.write("Try: pulumi-account-passwords --help\n");
    process.exit(statusOfMisuse);
  },
);
