/** The command `emulator`: serves alone, or round another command. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { type Emulator, startEmulator } from "../../emulator";
import { exportLines } from "../../emulator/environment";
import { help, parseCommandLine } from "./command-line";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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

/** @returns The exit status: 0, or that of the command it was given. */
export async function emulator(args: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(args);
  if (parsed === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const running = await startEmulator(parsed.options);
  const ended = parsed.command.length === 0 ? serve(running) : run(running, parsed.command);
  const status = await ended;
  await running.close();
  return status;
}
