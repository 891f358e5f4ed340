// The story that `npm run demo` tells: five accounts get their passwords, and get new ones, by `pulumi up`. It proves each
// claim by a login, and never shows a password. Argument: the folder of the Pulumi command line.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./places.mjs";
import { onInterrupt } from "./run.mjs";

const emulator = process.env.ACCOUNT_PASSWORDS_EMULATOR;
const pulumiFolder = process.argv[2];

/** State, plugins and logs of the demo: nothing of the user's is touched, and nothing stays. */
const folder = mkdtempSync(join(tmpdir(), "account-passwords-demo-"));
const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
onInterrupt(removeFolder);

/** What tells an account from others, by its type. */
const identities = {
  "tencentcloud:TcrServiceAccountPassword": ["registryId", "accountName"],
  "tencentcloud:MariadbAccountPassword": ["instanceId", "userName", "host"],
  "tencentcloud:PostgresqlAccountPassword": ["instanceId", "userName"],
  "tencentcloud:RedisInstancePassword": ["instanceId"],
  "huaweicloud:ServicecombAccountPassword": ["engineId", "accountName"],
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
  heading("Five accounts exist (here: in an emulator). Their passwords are set by `pulumi up`");
  await pulumi("stack", "init", "demo");
  await pulumi("up", "--yes", "--skip-preview");
  const first = await accounts();

  heading(
    "A new release rotates them: `pulumi config set release 2`, then `pulumi preview --diff`",
  );
  await pulumi("config", "set", "release", "2");
  await pulumi("preview", "--diff");

  heading("`pulumi up` rotates");
  await pulumi("up", "--yes", "--skip-preview");
  const rotated = await accounts();

  heading("`pulumi up` again: no changes");
  const before = await writes();
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  const count = (await writes()) - before;
  console.log(`API calls that set a password in this run: ${count}`);
  if (count !== 0) problems.push("an `up` without changes has called a vendor");

  heading("Proof: a login with each password");
  await prove(first, rotated);
}

async function prove(first, rotated) {
  const rows = [];
  for (const account of rotated) {
    const old = first.find(({ urn }) => urn === account.urn);
    const refused = !(await login(account, old.password));
    const accepted = await login(account, account.password);
    rows.push({
      account: [account.type, ...Object.values(account.identity)].join(" "),
      "old password refused": refused ? "yes" : "NO",
      "new password accepted": accepted ? "yes" : "NO",
      revision: String(account.revision),
    });
    if (!refused || !accepted) problems.push(`${account.urn} was not rotated`);
  }
  table(rows);
  if (rows.length !== 5) problems.push(`${rows.length} accounts instead of five`);
}

/** The accounts of the stack, with what the state holds as their live password. */
async function accounts() {
  const text = await pulumi.quietly("stack", "export", "--show-secrets");
  const { resources } = JSON.parse(text).deployment;
  return resources.flatMap(({ urn, type, outputs }) => {
    const kind = type.replace("pulumi-nodejs:dynamic/", "");
    const names = identities[kind];
    if (names === undefined) return [];
    const identity = Object.fromEntries(names.map((name) => [name, outputs[name]]));
    const password = JSON.parse(outputs.password.plaintext);
    return [{ urn, type: kind, identity, password, revision: outputs.revision }];
  });
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
  await start(args, "inherit");
}

/** Runs it for what it prints. */
pulumi.quietly = (...args) => start(args, "pipe");

function start(args, stdout) {
  const child = spawn(
    join(pulumiFolder, "pulumi"),
    [...args, "--non-interactive", "--config-file", join(folder, "Pulumi.demo.yaml")],
    {
      cwd: root, // whose Pulumi.yaml runs examples/quickstart
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
    },
  );
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`pulumi ${args[0]} ended with ${code}`)),
    );
  });
}

function heading(text) {
  console.log(`\n=== ${text}\n`);
}

function table(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const format = (line) => line.map((cell, i) => cell.padEnd(widths[i])).join(" | ");
  console.log(format(lines[0]));
  console.log(widths.map((width) => "-".repeat(width)).join("-|-"));
  for (const line of lines.slice(1)) console.log(format(line));
}
