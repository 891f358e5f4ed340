// The plain clients of the four servers, and nothing of ours: what they say of a password is the proof. Passwords reach
// them by the environment or by standard input.
import { execFile } from "node:child_process";
import { binary } from "./find-servers";
import type { Mariadb } from "./mariadb";
import type { Postgresql } from "./postgresql";
import type { Redis } from "./redis";
import type { Registry } from "./registry";

/** What became of a login. Anything else than these two is an error of the test. */
export type Login = "open" | "refused";

/** With `mariadb`. */
export function mariadbLogin(server: Mariadb, user: string, password: string): Promise<Login> {
  return login(mariadb(server, user, password, "SELECT 'o' 'pen'"), /ERROR 1045/);
}

/** Runs SQL as the administrator. */
export function mariadbAdmin(server: Mariadb, sql: string): Promise<string> {
  const { user, password } = server.admin;
  return success(mariadb(server, user, password, sql));
}

/** With `psql`. */
export function psqlLogin(server: Postgresql, user: string, password: string): Promise<Login> {
  const refused = /password authentication failed/;
  return login(psql(server, user, password, "SELECT 'open'"), refused);
}

/** Runs SQL as the administrator. */
export function psqlAdmin(server: Postgresql, sql: string): Promise<string> {
  const { user, password } = server.admin;
  return success(psql(server, user, password, sql));
}

/** With `redis-cli`. */
export function redisLogin(server: Redis, password: string, user = "default"): Promise<Login> {
  return login(redisCli(server, user, password, ["ECHO", "open"]), /WRONGPASS|NOAUTH/);
}

/** Runs one command as the administrator. */
export async function redisAdmin(server: Redis, ...command: string[]): Promise<string> {
  const { user, password } = server.admin;
  return success(redisCli(server, user, password, command));
}

/** With `curl`. */
export function registryLogin(server: Registry, user: string, password: string): Promise<Login> {
  const quoted = `${user}:${password}`.replace(/["\\]/g, "\\$&");
  const options = [
    `url = "${server.url}/v2/"`,
    `user = "${quoted}"`,
    "basic",
    "silent",
    "show-error",
    'write-out = "%{http_code}\\n"',
    'output = "/dev/null"',
    ...(server.ca === undefined ? [] : ["insecure"]),
  ].join("\n");
  const ended = run("curl", ["--disable", "--noproxy", "*", "--config", "-"], {}, options);
  return login(
    ended.then((end) => ({ ...end, stdout: end.stdout.replace(/^200$/m, "open") })),
    /^401$/m,
  );
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function mariadb(
  { host, port }: Mariadb,
  user: string,
  password: string,
  sql: string,
): Promise<Ended> {
  const place = ["--protocol=TCP", `--host=${host}`, `--port=${port}`, `--user=${user}`];
  const args = ["--no-defaults", ...place, "--batch", "--skip-column-names"];
  return run("mariadb", args, { MYSQL_PWD: password }, sql);
}

function psql(
  { host, port }: Postgresql,
  user: string,
  password: string,
  sql: string,
): Promise<Ended> {
  const place = [`--host=${host}`, `--port=${port}`, `--username=${user}`, "--dbname=postgres"];
  const form = ["--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--quiet"];
  const args = [...form, "--set=ON_ERROR_STOP=1", ...place];
  return run("psql", args, { PGPASSWORD: password, PGCONNECT_TIMEOUT: "10" }, sql);
}

function redisCli(
  { host, port }: Redis,
  user: string,
  password: string,
  command: readonly string[],
): Promise<Ended> {
  const args = ["-h", host, "-p", String(port), "--user", user, "--no-auth-warning", "-e"];
  return run("redis-cli", [...args, ...command], { REDISCLI_AUTH: password }, "");
}

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      env: { PATH: process.env["PATH"], HOME: "/nonexistent", LC_ALL: "C", ...env },
      timeout: 20_000,
    };
    const child = execFile(binary(file), args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
    child.stdin?.on("error", () => undefined); // a refused client reads nothing
    child.stdin?.end(input);
  });
}

async function login(ended: Promise<Ended>, refused: RegExp): Promise<Login> {
  const { status, stdout, stderr } = await ended;
  if (status === 0 && stdout.trim() === "open") return "open";
  if (refused.test(stdout + stderr)) return "refused";
  throw new Error(`neither open nor refused: status ${status}: ${stdout}${stderr}`);
}

async function success(ended: Promise<Ended>): Promise<string> {
  const { status, stdout, stderr } = await ended;
  if (status !== 0) throw new Error(`status ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}
