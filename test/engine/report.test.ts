import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaks } from "../leaks";
import { five, generatedProgram, named } from "./accounts";
import { start } from "./command";
import { newEmulator, type TestEmulator } from "./emulator";
import { checkout, newStack, type Stack } from "./harness";

/** `pulumi-account-passwords report` on a stack that the engine has made. */

const at = (time: string) => ({ ACCOUNT_PASSWORDS_NOW: time });
const command = join(checkout, "dist", "cli", "main.js");

/** Without a passphrase. */
function report(stack: Stack, args: string[], input?: string) {
  const env = { ...stack.environment(), ...at("2026-03-12T12:00:00Z") };
  return start(process.execPath, [command, "report", ...args], {
    cwd: stack.folder,
    env: { ...env, PULUMI_CONFIG_PASSPHRASE: undefined },
    input,
  }).ended;
}

interface JsonReport {
  counts: Record<string, number>;
  accounts: Record<string, unknown>[];
}

async function newFiveGenerated(rotation = ""): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator();
  const more = Object.fromEntries(five.map(({ name }) => [name, "timeoutSeconds: 1,"]));
  const program = (release: string) =>
    generatedProgram(`rotateEvery: { days: 90 }, keepers: { release: "${release}" }`, five, more);
  const stack = await newStack({ program: program("1"), env: emulator.environment });
  await stack.up({ env: at("2026-03-01T12:00:00Z") });
  if (rotation !== "") stack.setProgram(program(rotation));
  return { emulator, stack };
}

test("an unknown outcome, by all three ways of input, in all formats, without a password", async () => {
  const { emulator, stack } = await newFiveGenerated("2");
  await emulator.addFaults({
    ...{ service: "mariadb", action: "ResetAccountPassword" },
    ...{ when: "after", what: "reset", times: 1000 },
  });
  await stack.up({ env: at("2026-03-11T12:00:00Z"), expect: "failure" });
  const { stdout: exported } = await stack.pulumi(["stack", "export"]);
  const { stdout: opened } = await stack.pulumi(["stack", "export", "--show-secrets"]);
  writeFileSync(join(stack.folder, "state.json"), exported);

  const ways: [string[], string?][] = [
    [["--file", "state.json"]],
    [[], exported],
    [["-"], opened],
    [["-"], stack.rawState()],
    [[]],
    [["--stack", stack.name]],
  ];
  const secrets = await passwordsIn(stack);
  expect(secrets.length).toBeGreaterThanOrEqual(2 * five.length);
  const reports = [];
  for (const [args, input] of ways) {
    const { code, stdout, stderr } = await report(stack, [...args, "--format", "json"], input);
    expect([code, stderr.replace(/^warning: ACCOUNT_PASSWORDS_NOW.*\n/, "")]).toEqual([0, ""]);
    expect(leaks(stdout + stderr, secrets)).toEqual([]);
    reports.push(stdout);
  }
  expect(new Set(reports).size).toBe(1);

  const { counts, accounts } = JSON.parse(reports[0]!) as JsonReport;
  expect(counts).toMatchObject({ accounts: 5, unknown: 1, interrupted: 0, drift: 0, overdue: 0 });
  const dayInSeconds = 24 * 60 * 60;
  const app = named("app");
  expect(accounts[0]).toMatchObject({
    name: "app",
    service: "MariaDB",
    identity: app.account,
    status: "unknown",
    revision: 1,
    reason: 'keeper "release" changed',
    nextDue: "2026-06-09T12:00:00.000Z",
  });
  for (const line of accounts.slice(1)) {
    const { outputs } = await stack.resource(String(line["name"]));
    expect(line).toMatchObject({
      status: "confirmed",
      revision: 2,
      ageSeconds: dayInSeconds,
      reason: 'keeper "release" changed',
      nextDue: "2026-06-09T12:00:00.000Z",
      requestId: outputs["requestId"],
    });
  }

  for (const format of ["table", "markdown", "html"]) {
    const { code, stdout, stderr } = await report(
      stack,
      ["--format", format, "--fail-on", "unknown"],
      opened,
    );
    expect(code).toBe(1);
    expect(stderr).toContain("--fail-on finds 1 of 5 accounts: 1 unknown");
    expect(stdout).toContain("5 accounts: 1 unknown");
    expect(leaks(stdout + stderr, secrets)).toEqual([]);
  }
  const others = ["--max-age", "2d", "--fail-on", "overdue,drift"];
  expect((await report(stack, others)).code).toBe(0);
  expect((await report(stack, ["--max-age", "2h", "--fail-on", "max-age"])).code).toBe(1);
  expect((await report(stack, ["--fail-on", "late"])).code).toBe(2);

  await emulator.clearFaults();
  await stack.up({ env: at("2026-03-11T12:00:00Z") });
  const settled = await report(stack, ["--fail-on", "unknown,overdue,drift"]);
  expect([settled.code, settled.stdout]).toEqual([
    0,
    expect.stringContaining("5 accounts: nothing needs attention"),
  ]);
});

test("a killed change is interrupted, and a stack that is not there is said to be missing", async () => {
  const { emulator, stack } = await newFiveGenerated("2");
  await emulator.addFaults({ service: "redis", when: "before", what: "hang", times: 1000 });
  const run = stack.spawnUp({ env: at("2026-03-11T12:00:00Z") });
  await stack.untilState((text) => {
    const pending = JSON.parse(text).checkpoint.latest.pending_operations as
      { resource: { urn: string } }[] | undefined;
    return pending?.some(({ resource }) => resource.urn.endsWith("Password::cache")) === true;
  });
  await run.killAll();
  const { code, stdout, stderr } = await report(stack, ["--fail-on", "unknown"]);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^Redis .* interrupted +1 /m)]);
  expect(stderr).toMatch(/finds \d of 5 accounts: \d interrupted/);

  const missing = await report(stack, ["--stack", "no-such-stack"]);
  expect([missing.code, missing.stdout]).toEqual([1, ""]);
  expect(missing.stderr).toContain("no-such-stack");
  expect(missing.stderr).toMatch(/`pulumi stack export .*` ended with \d+/);
});

/** All that the state has, of accounts and of generators. */
async function passwordsIn(stack: Stack): Promise<string[]> {
  const { resources } = await stack.export();
  const values = resources.flatMap(({ outputs = {} }) =>
    ["password", "result", "previous", "history", "pendingPasswords"].map((name) => outputs[name]),
  );
  return [...new Set(values.flat().filter((each) => typeof each === "string"))];
}
