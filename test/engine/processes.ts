// Which processes a test has started, directly or through the engine, and their end. Linux only: it reads /proc.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface OwnProcess {
  pid: number;
  parent: number;
  role: "cli" | "language-host" | "program" | "provider" | "other";
  command: string;
}

/**
 * Every living process that has `marker` (`NAME=value`) in its environment. The marker is unique to
 * a test, so these are its own, also when their parent has been killed and they belong to nobody
 * any more.
 */
export function processesWith(marker: string): OwnProcess[] {
  const found: OwnProcess[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
      if (environment.includes(marker)) found.push(describe(Number(name)));
    } catch {
      // It has ended meanwhile, or belongs to somebody else.
    }
  }
  return found;
}

/** The process `pid` itself is not among them. */
export function descendantsOf(pid: number, among: OwnProcess[]): OwnProcess[] {
  const children = among.filter((each) => each.parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, among)]);
}

/** Ends the processes for good, and waits until they are gone. */
export async function kill(processes: OwnProcess[]): Promise<void> {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
  await Promise.all(processes.map(({ pid }) => untilGone(pid)));
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function isRunning(pid: number): boolean {
  try {
    return statusOf(pid).state !== "Z"; // a zombie only waits for its parent to take note
  } catch {
    return false;
  }
}

function describe(pid: number): OwnProcess {
  const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  const command = args.join(" ").trim();
  return { pid, parent: statusOf(pid).parent, role: roleOf(command, executableOf(pid)), command };
}

function roleOf(command: string, executable: string): OwnProcess["role"] {
  if (executable.endsWith("/pulumi")) return "cli";
  if (executable.endsWith("/pulumi-language-nodejs")) return "language-host";
  // The `sh` around it has the script's name in its command as well.
  if (executable.endsWith("/node") && command.includes("cmd/dynamic-provider")) return "provider";
  if (executable.endsWith("/node") && command.includes("cmd/run")) return "program";
  return "other";
}

function executableOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/exe`);
}

function statusOf(pid: number): { state: string; parent: number } {
  // "pid (name) state parent …", where the name may hold anything.
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [state = "", parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state, parent: Number(parent) };
}
