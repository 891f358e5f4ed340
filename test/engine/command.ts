// One call of the Pulumi command line, and what came of it.
import { type ChildProcess, spawn } from "node:child_process";

export interface Result {
  /** Null when it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Both, in the order in which they were written. */
  text: string;
  /** What the summary counts: `{ create: 2, same: 1 }`; empty where nothing was counted. */
  changes: Record<string, number>;
}

export interface StartedCommand {
  child: ChildProcess;
  /** What has been written until now. */
  text(): string;
  /**
   * When the command has ended. Not when its output has: what it leaves behind when it is killed
   * keeps the pipes open.
   */
  ended: Promise<Result>;
}

export function start(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; input?: string | undefined },
): StartedCommand {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
  let [stdout, stderr, text] = ["", "", ""];
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    stdout += data;
    text += data;
  });
  child.stderr.setEncoding("utf8").on("data", (data: string) => {
    stderr += data;
    text += data;
  });
  child.stdin.on("error", () => undefined); // it may end without reading
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Result>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      const finish = () => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, stdout, stderr, text, changes: countChanges(text) });
      };
      // Normally the pipes close at once; else nothing more is to be expected from them.
      const timer = setTimeout(finish, code === null ? 100 : 2000);
      child.on("close", () => {
        clearTimeout(timer);
        finish();
      });
    });
  });
  return { child, text: () => text, ended };
}

/**
 * Reads `+ 2 created`, `~ 1 to update`, `3 unchanged`, `2 changes. 3 unchanged` below the heading
 * `Resources:`.
 */
function countChanges(text: string): Record<string, number> {
  const [, block] = /^Resources:\n((?: .*\n?)+)/m.exec(text) ?? [];
  const changes: Record<string, number> = {};
  for (const [, count, verb] of (block ?? "").matchAll(
    /(\d+) (?:to )?(creat|updat|delet|replac|refresh|read|import|unchanged)/g,
  )) {
    changes[names[verb as keyof typeof names]] = Number(count);
  }
  return changes;
}

/** As `changeSummary` of `--json` calls them. */
const names = {
  creat: "create",
  updat: "update",
  delet: "delete",
  replac: "replace",
  refresh: "refresh",
  read: "read",
  import: "import",
  unchanged: "same",
} as const;
