#!/usr/bin/env node
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { help, parseCommandLine, UsageError } from "./command-line";
import { exportLines } from "./environment";
import { type Emulator, startEmulator } from "./index";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const statusOfMisuse = 2;

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
  const parsed = parseCommandLine(process.argv.slice(2));
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
