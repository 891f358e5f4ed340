// A folder that is there completely or not at all, and work that only one set-up at a time does.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheFolder } from "./places.mjs";
import { onInterrupt, say } from "./run.mjs";

/**
 * Replaces `folder` by what `fill` puts into a temporary folder beside it. When that fails or is
 * interrupted, nothing has changed.
 *
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function makeFolder(folder, fill) {
  removeLeftOvers(folder);
  const temporary = `${folder}.tmp-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  const forget = onInterrupt(() => remove(temporary));
  try {
    await fill(temporary);
    renameIfThere(folder, old);
    renameSync(temporary, folder);
  } finally {
    forget();
    remove(temporary);
    remove(old);
  }
}

/** What a killed set-up has left: the process whose number the name ends in is gone. */
function removeLeftOvers(folder) {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  const leftOver = /^(.*)\.(?:tmp|old)-(\d+)$/;
  for (const name of readdirSync(parent)) {
    const [, of, pid] = leftOver.exec(name) ?? [];
    if (of === basename(folder) && !isAlive(Number(pid))) remove(join(parent, name));
  }
}

function remove(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

function renameIfThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/**
 * Does `work` while no other set-up does something under the same name (a path, for what belongs to
 * one checkout).
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneAtATime(name, work) {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  const file = join(cacheFolder, `lock-${digest}`);
  mkdirSync(cacheFolder, { recursive: true });
  for (let tries = 0; !take(file); tries++) {
    if (tries === 0) say("Waiting for another set-up that is at work …");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const forget = onInterrupt(() => remove(file));
  try {
    return await work();
  } finally {
    forget();
    remove(file);
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isAlive(holder(file))) remove(file); // it was killed; the next try takes the lock
  return false;
}

function holder(file) {
  try {
    // Empty for the moment between the file's creation and its content: then its maker is alive.
    return Number(readFileSync(file, "utf8")) || process.pid;
  } catch {
    return process.pid; // just released
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
