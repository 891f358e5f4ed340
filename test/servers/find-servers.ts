// Which of the servers and plain clients are on this machine. They are Debian's packages; `.ci/run` installs them.
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export type ServerKind = "mariadb" | "postgresql" | "redis" | "registry";

interface Needed {
  readonly binaries: readonly string[];
  readonly packages: readonly string[];
}

const needed: Readonly<Record<ServerKind, Needed>> = {
  mariadb: {
    binaries: ["mariadbd", "mariadb-install-db", "mariadb"],
    packages: ["mariadb-server", "mariadb-client"],
  },
  postgresql: {
    binaries: ["initdb", "postgres", "psql"],
    packages: ["postgresql", "postgresql-client"],
  },
  redis: {
    binaries: ["redis-server", "redis-cli"],
    packages: ["redis-server", "redis-tools"],
  },
  registry: {
    binaries: ["docker-registry", "curl"],
    packages: ["docker-registry", "curl"],
  },
};

export const serverKinds = Object.keys(needed) as readonly ServerKind[];

/** What is missing of each kind, by name of the binary; nothing: it can be started. */
export function findServers(): Readonly<Record<ServerKind, readonly string[]>> {
  const missing = serverKinds.map((kind) => [
    kind,
    needed[kind].binaries.filter((name) => find(name) === undefined),
  ]);
  return Object.fromEntries(missing) as Record<ServerKind, string[]>;
}

/** The path of a binary. */
export function binary(name: string): string {
  const path = find(name);
  if (path === undefined) throw new Error(`${name} is not on this machine`);
  return path;
}

/**
 * `describe` for tests that need these servers. Where one is missing they are skipped, and one line
 * says which and how to get it; in CI (`CI=true`) that is a failure.
 */
export function describeWithServers(
  name: string,
  kinds: readonly ServerKind[],
  tests: () => void,
): void {
  const found = findServers();
  const missing = kinds.filter((kind) => found[kind].length > 0);
  if (missing.length === 0) return describe(name, tests);
  const names = missing.flatMap((kind) => found[kind]).join(", ");
  const packages = missing.flatMap((kind) => needed[kind].packages).join(" ");
  const hint = `${names} missing: apt-get install --no-install-recommends ${packages}`;
  if (process.env["CI"] === "true")
    return describe(name, () => {
      test("has its servers", () => {
        throw new Error(hint);
      });
    });
  process.stderr.write(`Skipped: ${name}: ${hint}\n`);
  describe.skip(name, tests);
}

function find(name: string): string | undefined {
  return folders()
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * Debian keeps servers where the PATH of plain users does not lead, PostgreSQL's one for each
 * version.
 */
function folders(): string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const versions = "/usr/lib/postgresql";
  const postgresql = existsSync(versions) ? readdirSync(versions) : [];
  const newestFirst = postgresql.sort((a, b) => Number(b) - Number(a));
  return [
    ...path,
    "/usr/sbin",
    "/usr/local/sbin",
    ...newestFirst.map((version) => join(versions, version, "bin")),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
