import { createRequire } from "node:module";
import { join } from "node:path";
import type { Driver } from "./verification";

/**
 * An installed driver, or `undefined`. It is an optional peer dependency: found beside this package
 * or, where that is linked from elsewhere, from the program's folder.
 */
export function loadDriver<Module>(driver: Driver): Module | undefined {
  const path = resolve(driver);
  return path === undefined ? undefined : (require(path) as Module);
}

export function isInstalled(driver: Driver): boolean {
  return resolve(driver) !== undefined;
}

const entries: Readonly<Record<Driver, string>> = {
  mysql2: "mysql2/promise",
  pg: "pg",
  redis: "redis",
};

const paths = new Map<Driver, string>();

function resolve(driver: Driver): string | undefined {
  const known = paths.get(driver);
  if (known !== undefined) return known;
  for (const from of [__filename, join(process.cwd(), "program.js")]) {
    try {
      const path = createRequire(from).resolve(entries[driver]);
      paths.set(driver, path);
      return path;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
