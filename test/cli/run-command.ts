// The command as a child process, without a build.
import { spawn } from "node:child_process";
import { type CompiledCommand, compileCommand } from "./compiled-command";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

let command: CompiledCommand | undefined;
afterAll(() => command?.remove());

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** What is piped in; without it there is no standard input. */
  input?: string;
}

export function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  command ??= compileCommand();
  const { input } = options;
  const child = spawn(process.execPath, [command.path, ...args], {
    cwd: options.cwd,
    env: { ...command.environment, ...options.env },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.on("error", () => undefined); // it may end without reading
  child.stdin?.end(input);
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk: Buffer) => (ended.stdout += chunk));
  child.stderr!.on("data", (chunk: Buffer) => (ended.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...ended, code }));
  });
}
