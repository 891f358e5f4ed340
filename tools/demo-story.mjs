// The story that `npm run demo` tells: five accounts get their passwords, and get new ones, by `pulumi up`. It proves each
// claim by a login, and never shows a password. Argument: the folder of the Pulumi command line.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./places.mjs";
import { onInterrupt } from "./run.mjs";

const emulator = process.env.ACCOUNT_PASSWORDS_EMULATOR;
const pulumiFolder = process.argv[2];

/** State, plugins and logs of the demo: nothing of the user's is touched, and nothing stays. */
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

const problems = [];

try {
  await tell();
} catch (error) {
  problems.push(error.message);
} finally {
  removeFolder();
}
for (const problem of problems) console.log(`FAILED: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function tell() {
  // Not the checkout's own Pulumi.yaml, which does the same: settings of the stack would stay beside it.
  const project = [
    "name: quickstart",
    "runtime: nodejs",
    `main: ${join(root, "examples", "quickstart")}`,
  ];
  writeFileSync(join(folder, "Pulumi.yaml"), `${project.join("\n")}\n`);

  heading("Five accounts exist (here: in an emulator). Their passwords are set by `pulumi up`");
  const original = await existingAccounts();
  await pulumi("stack", "init", "demo");
  await pulumi("up", "--yes", "--skip-preview");
  const first = await declaredAccounts();

  heading(
    "A new release rotates them: `pulumi config set release 2`, then `pulumi preview --diff`",
  );
  await pulumi("config", "set", "release", "2");
  await pulumi("preview", "--diff");

  heading("`pulumi up` rotates");
  await pulumi("up", "--yes", "--skip-preview");
  const rotated = await declaredAccounts();

  heading("`pulumi up` again: no changes");
  const before = await writes();
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  const count = (await writes()) - before;
  console.log(`API calls that set a password in this run: ${count}`);
  if (count !== 0) problems.push("an `up` without changes has called a vendor");

  heading("Proof: a login with each password");
  await prove(rotated, [...original, ...first]);
}

async function prove(rotated, earlier) {
  const rows = [];
  for (const account of rotated) {
    const old = earlier.filter(({ name }) => name === account.name);
    const openToOld = await Promise.all(old.map(({ password }) => login(account, password)));
    const refused = openToOld.length === 2 && !openToOld.includes(true);
    const accepted = await login(account, account.password);
    rows.push({
      account: account.name,
      "old passwords refused": refused ? "yes" : "NO",
      "new password accepted": accepted ? "yes" : "NO",
      revision: String(account.revision),
    });
    if (!refused || !accepted) problems.push(`${account.name} was not rotated`);
  }
  table(rows);
  if (rows.length !== 5) problems.push(`${rows.length} accounts instead of five`);
}

/** What the vendors have, with the passwords that are live before Pulumi comes. */
async function existingAccounts() {
  const vendors = await (await fetch(`${emulator}/emulator/accounts`)).json();
  return Object.entries(kinds).flatMap(([type, [list, ...names]]) =>
    vendors[type.split(":")[0]][list].map((fields) =>
      describe(type, names, fields, fields.password),
    ),
  );
}

/** What the stack has, with the passwords that are live according to its state. */
async function declaredAccounts() {
  const text = await run(["stack", "export", "--show-secrets"], "pipe");
  const { resources } = JSON.parse(text).deployment;
  return resources.flatMap((resource) => {
    const type = resource.type.replace("pulumi-nodejs:dynamic/", "");
    if (!(type in kinds)) return [];
    const { outputs } = resource;
    const password = JSON.parse(outputs.password.plaintext);
    return [
      { ...describe(type, kinds[type].slice(1), outputs, password), revision: outputs.revision },
    ];
  });
}

function describe(type, names, fields, password) {
  const identity = Object.fromEntries(names.map((name) => [name, fields[name]]));
  return { name: [type, ...Object.values(identity)].join(" "), type, identity, password };
}

async function login({ type, identity }, password) {
  const body = JSON.stringify({ type, account: identity, password });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${emulator}/emulator/login`, { method: "POST", headers, body });
  if (response.status !== 200 && response.status !== 401) {
    throw new Error(`the emulator answered a login with ${response.status}`);
  }
  return response.status === 200;
}

async function writes() {
  const requests = await (await fetch(`${emulator}/emulator/requests`)).json();
  return requests.filter(({ write }) => write).length;
}

/** Runs the command line for the reader to see. */
async function pulumi(...args) {
  console.log(`$ pulumi ${args.join(" ")}`);
  await run(args, "inherit");
}

/** Runs it, and gives what it prints if that is piped. */
function run(args, stdout) {
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
    child.on("close", resolve);
  });
  const forget = onInterrupt(() => {
    child.kill("SIGINT");
    return closed.then(removeFolder);
  });
  return closed.then((code) => {
    forget();
    if (code === 0) return output;
    throw new Error(`pulumi ${args[0]} ended with ${code}`);
  });
}

function heading(text) {
  console.log(`\n=== ${text}\n`);
}

function table(rows) {
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
