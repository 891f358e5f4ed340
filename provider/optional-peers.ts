/**
 * Packages that the user installs where they are needed, and only there: the clients of servers.
 * They are found beside this package or, where that is linked from elsewhere, from the program's
 * folder.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

/** What is loaded of each. */
const entries = {
  bcryptjs: "bcryptjs",
  mysql2: "mysql2/promise",
  pg: "pg",
  redis: "redis",
} as const;

export type OptionalPeer = keyof typeof entries;

/** `undefined`: it is not installed. */
export function loadPeer<Module>(name: OptionalPeer): Module | undefined {
  const path = resolve(name);
  return path === undefined ? undefined : (require(path) as Module);
}

export function isInstalled(name: OptionalPeer): boolean {
  return resolve(name) !== undefined;
}

const paths = new Map<OptionalPeer, string>();

function resolve(name: OptionalPeer): string | undefined {
  const known = paths.get(name);
  if (known !== undefined) return known;
  for (const from of [__filename, join(process.cwd(), "program.js")]) {
    try {
      const path = createRequire(from).resolve(entries[name]);
      paths.set(name, path);
      return path;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
