// A server of our own: a child of the test on a free loopback port, with its data in a temporary folder. Both are gone
// when the test file ends, or when its process is killed.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { closedPort } from "../servers";
import { binary } from "./find-servers";

export interface PrivateServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** The server's own folder. */
  readonly folder: string;
  /** Ends the process; its data stays until the test file ends. Of one that has ended: nothing. */
  stop(): Promise<void>;
  /** After `stop`: the same server on the same port. */
  start(): Promise<void>;
}

export interface Program {
  readonly file: string;
  /** May write the server's configuration first. */
  args(port: number): readonly string[];
  /** What the server logs when it takes connections. */
  readonly ready: RegExp;
  /** What ends it in good order, at once. @default "SIGTERM" */
  readonly stopSignal?: NodeJS.Signals;
}

// A server starts within seconds; on a machine that is busy otherwise that says nothing.
jest.setTimeout(60_000);

const folders: string[] = [];
const servers: { stop(): Promise<void> }[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Some servers refuse to run as root, and none needs it. */
const user =
  process.getuid?.() === 0 ? { uid: idOfNobody("-u"), gid: idOfNobody("-g") } : undefined;

function idOfNobody(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
}

/** A new folder that belongs to the server's user. */
export function serverFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "server-"));
  folders.push(folder);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** A file in it that only the server's user reads. */
export function serverFile(folder: string, name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, 0o600);
  if (user !== undefined) chownSync(path, user.uid, user.gid);
  return path;
}

/** Runs a program to its end as the server's user, such as the one that makes an empty database. */
export async function runOnce(file: string, args: readonly string[], folder: string) {
  await promisify(execFile)(binary(file), args, { ...user, cwd: folder, env: environment(folder) });
}

/** Starts it; its log is shown only where that fails. */
export async function startPrivateServer(folder: string, program: Program): Promise<PrivateServer> {
  let running: ChildProcess | undefined;
  const stop = async () => {
    const server = running;
    running = undefined;
    if (server !== undefined) await end(server, program);
  };
  servers.push({ stop });
  const port = await onFreePort(async (free) => {
    running = await launch(folder, program, free);
  });
  const start = async () => {
    running ??= await launch(folder, program, port);
  };
  return { host: "127.0.0.1", port, folder, stop, start };
}

/** Another process may take the port first. */
async function onFreePort(use: (port: number) => Promise<void>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = await closedPort();
    try {
      await use(port);
      return port;
    } catch (error) {
      if (tries === 3 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

async function launch(folder: string, program: Program, port: number): Promise<ChildProcess> {
  const server = spawn(binary(program.file), program.args(port), {
    ...user,
    cwd: folder,
    env: environment(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      if (log.length < 100_000) log += chunk;
      if (program.ready.test(log)) resolve();
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`${program.file} has not started:\n${log}`)));
    setTimeout(
      () => reject(new Error(`${program.file} is not ready after 45 s:\n${log}`)),
      45_000,
    ).unref();
  });
  guard(server, folder);
  try {
    await ready;
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
  return server;
}

/** Ends the server when this process is gone, however that went: then its end of the pipe is closed. */
function guard(server: ChildProcess, folder: string): void {
  if (server.pid === undefined) return;
  const script = 'read _; kill "$0"; sleep 2; kill -9 "$0"; rm -rf "$1"';
  const guardian = spawn("sh", ["-c", script, String(server.pid), folder], {
    detached: true, // Ctrl-C is not for it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.unref();
  (guardian.stdin as unknown as { unref(): void }).unref();
  server.once("exit", () => guardian.kill("SIGKILL"));
}

async function end(server: ChildProcess, { stopSignal = "SIGTERM" }: Program): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill(stopSignal);
  const late = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(late);
}

/** Nothing of ours: no variable of the tests may change what a server does. */
function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: folder, LC_ALL: "C" };
}
