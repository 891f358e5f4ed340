/**
 * Logins by drivers, each in a thread of its own. A server decides what a driver has to understand,
 * and there are answers at which one loops for ever, throws where nobody catches, or leaves its
 * socket open: none of that may take along a change that the vendor has just confirmed.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { addressOf, inconclusive } from "./verification";
import type { Verdict, Verify } from "./verification";

export interface DatabaseLogin {
  readonly kind: "mariadb" | "postgresql" | "redis";
  /** The account's own name and place, as far as its server has them. */
  readonly account: { readonly userName?: string; readonly host?: string };
  readonly password: string;
  readonly verify: Verify;
  readonly timeoutMs: number;
}

/** A thread loads a driver, which takes some 50 MB. */
const threads = 4;
let running = 0;
const waiting: (() => void)[] = [];

/** Never rejects. */
export async function logInIsolated(login: DatabaseLogin): Promise<Verdict> {
  if (running === threads) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await inThread(login);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function inThread(login: DatabaseLogin): Promise<Verdict> {
  const worker = new Worker(join(__dirname, "login-worker.js"), {
    workerData: login,
    // A driver that says something may quote what it was sent.
    stdout: true,
    stderr: true,
    // Nothing of a user's environment (PGOPTIONS, DEBUG) is meant for these logins.
    env: {},
  });
  return new Promise<Verdict>((resolve) => {
    const end = (verdict: Verdict) => {
      clearTimeout(timer);
      resolve(verdict);
      void worker.terminate();
    };
    const failed = (why: string) => () =>
      end(inconclusive(`there is no login at ${addressOf(login.verify)}: ${why}`));
    // The driver has its own limit; this one is for a driver that no longer looks at it.
    const timer = setTimeout(
      failed("no answer that makes sense came in time"),
      login.timeoutMs + graceMs,
    );
    worker.once("message", end);
    worker.once("error", failed("the driver failed at the server's answer"));
    worker.once("exit", failed("the driver ended at the server's answer"));
  });
}

/** For loading the driver, on a machine that is busy. */
const graceMs = 5000;
