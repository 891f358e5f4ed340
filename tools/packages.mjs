// Step 1: the npm packages, of the checkout and of its examples.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";
import { npm, say, SetupError } from "./run.mjs";
import { oneAtATime } from "./whole-folder.mjs";

export async function installPackages() {
  if (packagesAreInstalled()) return;
  await oneAtATime(root, async () => {
    if (packagesAreInstalled()) return;
    say("Packages: npm ci (about 20 seconds) …");
    // The explicit options win over those of an outer npm, which come in through the environment.
    const options = ["--no-audit", "--no-fund", "--loglevel=error", "--dry-run=false"];
    const { code, output } = await npm(["ci", ...options], { cwd: root });
    if (code === 0) return;
    throw new SetupError(
      `npm ci failed:\n${output.trim()}`,
      "It needs npm and a package registry that npm can reach (npm config get registry).",
    );
  });
}

/**
 * Npm writes down what it has installed in a lock file of its own, as the last thing that it does.
 * That, unlike times of files, also holds after an interrupted `npm ci`, a change of branch, and a
 * restored cache.
 */
function packagesAreInstalled() {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf(join("node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, entry]) => {
    // The checkout itself; a workspace's own folder; what is for another platform.
    if (path === "" || !path.includes("node_modules/")) return true;
    if (entry.optional || entry.devOptional || entry.peer) return true;
    const { version, integrity, link } = installed[path] ?? {};
    return version === entry.version && integrity === entry.integrity && link === entry.link;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}
