// What the demos have in common: a stack beside the emulator, its accounts, and the proof of a login. Nothing of the user's
// is touched, and nothing stays.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./places.mjs";
import { onInterrupt } from "./run.mjs";

const emulator = process.env.ACCOUNT_PASSWORDS_EMULATOR;
/** Argument of each story: the folder of the Pulumi command line. */
const pulumiFolder = process.argv[2];

/** State, plugins and logs. */
const folder = mkdtempSync(join(tmpdir(), "account-passwords-demo-"));
const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });

/** By type: where the emulator lists such accounts, and what tells one from the others. */
const kinds = {
  "tencentcloud:TcrServiceAccountPassword": ["tcr", "registryId", "accountName"],
  "tencentcloud:MariadbAccountPassword": ["mariadb", "instanceId", "userName", "host"],
  "tencentcloud:PostgresqlAccountPassword": ["postgresql", "instanceId", "userName"],
  "tencentcloud:RedisInstancePassword": ["redis", "instanceId"],
  "huaweicloud:ServicecombAccountPassword": ["servicecomb", "engineId", "accountName"],
};

/** What a story has found to be otherwise than it says. */
export const problems = [];

/**
 * Tells a story about the quickstart's stack, and ends with an exit code that says whether it is
 * true.
 */
export async function stage(tell) {
  try {
    // Not the checkout's own Pulumi.yaml, which does the same: settings of the stack would stay beside it.
    const project = [
      "name: quickstart",
      "runtime: nodejs",
      `main: ${join(root, "examples", "quickstart")}`,
    ];
    writeFileSync(join(folder, "Pulumi.yaml"), `${project.join("\n")}\n`);
    await tell();
  } catch (error) {
    problems.push(error.message);
  } finally {
    removeFolder();
  }
  for (const problem of problems) console.log(`FAILED: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** What the vendors have, with the passwords that are live before Pulumi comes. */
export async function existingAccounts() {
  const vendors = await (await fetch(`${emulator}/emulator/accounts`)).json();
  return Object.entries(kinds).flatMap(([type, [list, ...names]]) =>
    vendors[type.split(":")[0]][list].map((fields) =>
      describe(type, names, fields, fields.password),
    ),
  );
}

/**
 * What the stack has: the password that its state calls live, and what its generator has drawn
 * last.
 */
export async function declaredAccounts() {
  const text = await run(["stack", "export", "--show-secrets"], { stdout: "pipe" });
  const { resources } = JSON.parse(text).deployment;
  const drawn = new Map(
    resources
      .filter(({ type }) => type.endsWith("password:RotatingPassword"))
      .map(({ urn, outputs }) => [nameOf(urn), JSON.parse(outputs.result.plaintext)]),
  );
  return resources.flatMap(({ type: token, urn, outputs }) => {
    const type = token.replace("pulumi-nodejs:dynamic/", "");
    if (!(type in kinds)) return [];
    const password = JSON.parse(outputs.password.plaintext);
    const { revision, status } = outputs;
    const account = describe(type, kinds[type].slice(1), outputs, password);
    return [{ ...account, revision, status, drawn: drawn.get(nameOf(urn)) }];
  });
}

function nameOf(urn) {
  return urn.split("::").at(-1);
}

function describe(type, names, fields, password) {
  const identity = Object.fromEntries(names.map((name) => [name, fields[name]]));
  return { name: [type, ...Object.values(identity)].join(" "), type, identity, password };
}

export async function login({ type, identity }, password) {
  const body = JSON.stringify({ type, account: identity, password });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${emulator}/emulator/login`, { method: "POST", headers, body });
  if (response.status !== 200 && response.status !== 401) {
    throw new Error(`the emulator answered a login with ${response.status}`);
  }
  return response.status === 200;
}

export async function writes() {
  const requests = await (await fetch(`${emulator}/emulator/requests`)).json();
  return requests.filter(({ write }) => write).length;
}

/** Has the next requests go wrong; none: no more. */
export async function faults(...faults) {
  const body = JSON.stringify(faults);
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${emulator}/emulator/faults`, { method: "POST", headers, body });
  if (response.status !== 200) throw new Error(`the emulator takes no such fault: ${body}`);
}

/** Runs the command line for the reader to see. */
export async function pulumi(...args) {
  console.log(`$ pulumi ${args.join(" ")}`);
  await run(args);
}

/** The same, and takes it away like a power cut as soon as that is so. */
export async function pulumiKilledWhen(isSo, ...args) {
  console.log(`$ pulumi ${args.join(" ")}`);
  await run(args, { killWhen: isSo });
}

function killWithDescendants(pid) {
  if (process.platform === "win32") return spawnSync("taskkill", ["/T", "/F", "/PID", String(pid)]);
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const all = stdout.split("\n").map((line) => line.trim().split(/ +/).map(Number));
  const withDescendants = (one) =>
    all
      .filter(([, parent]) => parent === one)
      .flatMap(([child]) => withDescendants(child))
      .concat(one);
  for (const one of withDescendants(pid)) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** @returns What it prints, if that is piped. */
function run(args, { stdout = "inherit", killWhen } = {}) {
  const child = spawn(join(pulumiFolder, "pulumi"), [...args, "--non-interactive"], {
    cwd: folder,
    stdio: ["ignore", stdout, "inherit"],
    env: {
      ...process.env,
      PATH: [pulumiFolder, process.env.PATH].join(delimiter),
      PULUMI_HOME: folder,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_STACK: "demo",
    },
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
  const closed = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal ?? code));
  });
  const forget = onInterrupt(() => {
    child.kill("SIGINT");
    return closed.then(removeFolder);
  });
  const watch =
    killWhen &&
    setInterval(async () => {
      if (await killWhen().catch(() => false)) killWithDescendants(child.pid);
    }, 20);
  return closed.then((ending) => {
    clearInterval(watch);
    forget();
    // Windows knows no signals.
    if (killWhen ? ending !== 0 : ending === 0) return output;
    throw new Error(`pulumi ${args[0]} ended with ${ending}`);
  });
}

export function heading(text) {
  console.log(`\n=== ${text}\n`);
}

export function table(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const format = (line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]))
      .join(" | ")
      .trimEnd();
  console.log(format(lines[0]));
  console.log(widths.map((width) => "-".repeat(width)).join("-|-"));
  for (const line of lines.slice(1)) console.log(format(line));
}
