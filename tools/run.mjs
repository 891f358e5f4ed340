// Runs other programs. One that is interrupted takes its children along.
import { spawn } from "node:child_process";
import { basename } from "node:path";

const windows = process.platform === "win32";

/** Whatever a set-up has to say goes to stderr: its stdout may be read by a script. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A step that could not be done; `help` says what to do about it. */
export class SetupError extends Error {
  constructor(message, help = "") {
    super(help ? `${message}\n${help}` : message);
  }
}

/**
 * Runs `main`; for a step that could not be done it prints what to do, without a stack.
 *
 * @returns {Promise<boolean>} Whether all went well
 */
export async function orExplain(main) {
  try {
    await main();
    return true;
  } catch (error) {
    say(error instanceof SetupError ? `\n${error.message}` : error.stack);
    process.exitCode = 1;
    return false;
  }
}

/**
 * Runs a program to its end, without standard input.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {Record<string, string | undefined>} [options.env] What to add to the environment
 * @param {(text: string) => void} [options.onOutput] Gets everything that the program writes
 * @param {() => boolean} [options.giveUp] Asked once a second; `true` ends the program
 * @returns {Promise<{ code: number | null; output: string; gaveUp: boolean }>} `code` is null if it
 *   could not be started
 */
export function run(command, args, { cwd, env, onOutput, giveUp } = {}) {
  return new Promise((resolve) => {
    let output = "";
    let gaveUp = false;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: !windows, // a process group of its own, so that it can be ended as a whole
      windowsHide: true,
    });
    const forget = onInterrupt((signal) => endGroup(child, signal));
    const watch = setInterval(() => {
      if (!giveUp?.()) return;
      endGroup(child, gaveUp ? "SIGKILL" : "SIGTERM");
      gaveUp = true;
    }, 1000);
    const collect = (data) => {
      output += data;
      onOutput?.(String(data));
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const finish = (code) => {
      clearInterval(watch);
      forget();
      resolve({ code, output, gaveUp });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(null);
    });
    child.on("close", finish);
  });
}

/** Runs npm: the one that runs this script, if one does. */
export function npm(args, options) {
  const own = process.env.npm_execpath;
  if (own && basename(own).startsWith("npm")) return run(process.execPath, [own, ...args], options);
  return windows ? run("cmd", ["/c", "npm", ...args], options) : run("npm", args, options);
}

function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill();
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

const cleanUps = new Set();

/**
 * Has `cleanUp` called when this process is interrupted; the process ends when all that they
 * promise is done.
 *
 * @param {(signal: NodeJS.Signals) => void | Promise<unknown>} cleanUp Called again when the user
 *   insists
 * @returns {() => void} Call it when there is nothing to clean up any more
 */
export function onInterrupt(cleanUp) {
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

/** A terminal's Ctrl-C reaches a process twice if its parent passes it on: that is one interruption. */
const sameMs = 500;

let interruptedAt = 0;

for (const [signal, number] of [
  ["SIGINT", 2],
  ["SIGTERM", 15],
  ["SIGHUP", 1],
]) {
  process.on(signal, async () => {
    if (Date.now() - interruptedAt < sameMs) return;
    interruptedAt = Date.now();
    await Promise.allSettled([...cleanUps].map((cleanUp) => cleanUp(signal)));
    process.exit(128 + number);
  });
}
