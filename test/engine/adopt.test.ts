import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adoptCsv, keysOf } from "../cli/adopt/run-adopt";
import { five, type KnownAccount, logsIn, named } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { checkout, type Language, newStack, type Stack, type StateResource } from "./harness";

/** What `adopt` prints for a list of existing accounts takes them over, and rotates each when due. */

const at = (day: string) => ({ ACCOUNT_PASSWORDS_NOW: `${day}T12:00:00Z` });
const adoption = at("2026-03-02");

/** With 90 days: due on 2026-04-15, 05-02, 05-21, 05-30, and for `cache` 05-31, from its adoption. */
const generatedAt: Readonly<Record<string, string>> = {
  robot: "2026-01-15",
  app: "2026-02-01",
  alice: "2026-02-20T12:00:00Z",
  orders: "2026-03-01",
};

const columns = ["registryId", "instanceId", "userName", "host", "engineId", "accountName"];
const csv = [
  ["name", ...columns, "type", "generatedAt"],
  ...five.map(({ name, type, account }) => [
    name,
    ...columns.map((column) => account[column] ?? ""),
    type,
    generatedAt[name] ?? "",
  ]),
]
  .map((row) => row.join(","))
  .join("\r\n");

async function printed(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await adoptCsv(csv, ...args);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

/** As the printed commands do it, with what each account has now. */
async function setSecrets(stack: Stack, program: string, accounts: readonly KnownAccount[]) {
  const keys = keysOf(program);
  expect(keys).toHaveLength(accounts.length);
  for (const [index, { first }] of accounts.entries())
    await stack.pulumi(["config", "set", "--secret", "--", keys[index] ?? ""], {
      input: `${first}\n`,
    });
}

async function account(stack: Stack, { type, name }: KnownAccount): Promise<StateResource> {
  const { resources } = await stack.export();
  const found = resources.find((each) => each.urn.endsWith(`/${type}::${name}`));
  if (found === undefined) throw new Error(`no ${type} "${name}" in the state`);
  return found;
}

async function expectAdopted(stack: Stack, emulator: TestEmulator, accounts = five) {
  for (const each of accounts) {
    const { outputs } = await account(stack, each);
    expect(outputs).toMatchObject({ status: "adopted", revision: 0, password: each.first });
    expect(await logsIn(emulator, each, each.first)).toBe(true);
  }
}

async function expectRotated(stack: Stack, emulator: TestEmulator, accounts: KnownAccount[]) {
  for (const each of accounts) {
    const { outputs } = await account(stack, each);
    expect(outputs).toMatchObject({ status: "confirmed", revision: 1, passwordVersion: 1 });
    expect(await logsIn(emulator, each, outputs["password"])).toBe(true);
    expect(await logsIn(emulator, each, each.first)).toBe(false);
  }
}

describe("five accounts with what is printed for them", () => {
  let emulator: TestEmulator;
  let stack: Stack;
  let program: string;

  beforeAll(async () => {
    emulator = await newEmulator();
    program = await printed();
    stack = await newStack({ program, env: emulator.environment });
    await setSecrets(stack, program, five);
  });

  test("the preview creates, and up adopts them without any request", async () => {
    const { json, text } = await stack.previewJson({ env: adoption });
    expect(json.changeSummary).toEqual({ create: 11 });
    await stack.up({ env: adoption });
    expect(await emulator.requests()).toEqual([]);
    await expectAdopted(stack, emulator);
    const again = await stack.previewJson({ env: adoption });
    expect(again.json.changeSummary).toEqual({ same: 11 });
    for (const { first } of five) expect(text + again.text + program).not.toContain(first);
  });

  test("the outputs are the live passwords, as secrets", async () => {
    const expected = five.map(({ name, first }) => [`${name}Password`, first]);
    expect(await stack.outputs()).toEqual(Object.fromEntries(expected));
    const shown = await stack.outputs({ showSecrets: false });
    expect(Object.values(shown)).toEqual(five.map(() => "[secret]"));
  });

  test("only what is due rotates", async () => {
    const { text } = await stack.preview({ diff: true, env: at("2026-05-03") });
    expect(text).toMatch(/~ reason +: "initial" => "age 108 days > 90"/);
    await stack.up({ env: at("2026-05-03") });
    expect((await emulator.writes()).map(({ service }) => service).sort()).toEqual([
      "mariadb",
      "tcr",
    ]);
    await expectRotated(stack, emulator, [named("robot"), named("app")]);
    await expectAdopted(stack, emulator, [named("orders"), named("cache"), named("alice")]);
  });

  test("the others when they are due, those too whose old password the vendor wants", async () => {
    const before = (await emulator.writes()).length;
    await stack.up({ env: at("2026-06-01") });
    const writes = (await emulator.writes()).slice(before);
    expect(writes.map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual([
      "ChangeAccountPassword ok",
      "ModifyInstancePassword ok",
      "ResetAccountPassword ok",
    ]);
    await expectRotated(stack, emulator, [named("orders"), named("cache"), named("alice")]);
  });

  test("without what was only for the take-over nothing is sent, and nothing rotates", async () => {
    const before = (await emulator.writes()).length;
    stack.setProgram(
      program.replace(/^ +(initial|initialGeneratedAt|currentPassword): .*\n/gm, ""),
    );
    for (const key of keysOf(program)) await stack.config.remove(key);
    const { text } = await stack.up({ env: at("2026-06-02") });
    expect(text).not.toContain("warning: A RotatingPassword");
    expect(await emulator.writes()).toHaveLength(before);
    expect((await stack.previewJson({ env: at("2026-06-02") })).json.changeSummary).toEqual({
      same: 11,
    });
    await expectRotated(stack, emulator, [...five]);
  });
});

test.each<[Language, ...string[]]>([
  ["javascript", "--language", "javascript"],
  ["esm", "--language", "typescript"],
])("%s: the program that is printed for it adopts, too", async (language, ...args) => {
  const emulator = await newEmulator();
  const program = await printed(...args);
  const stack = await newStack({ language, program, env: emulator.environment });
  await setSecrets(stack, program, five);
  await stack.up({ env: adoption });
  expect(await emulator.requests()).toEqual([]);
  await expectAdopted(stack, emulator);
  expect((await stack.up({ env: adoption })).text).toContain("11 unchanged");
});

test("examples/take-over: adopted, what is overdue rotates with the next up, the others when due", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ copyOf: "examples/take-over", env: emulator.environment });
  const accounts = five.map((each) =>
    each.name === "orders" ? { ...each, name: "orders-db" } : each,
  );
  const [robot, ...others] = accounts as [KnownAccount, ...KnownAccount[]];
  const program = readFileSync(join(checkout, "examples", "take-over", "index.ts"), "utf8");
  await setSecrets(stack, program, accounts);
  await stack.up({ env: at("2026-04-20") });
  expect(await emulator.requests()).toEqual([]);
  await expectAdopted(stack, emulator, accounts);

  await stack.up({ env: at("2026-04-20") });
  expect((await emulator.writes()).map(({ service }) => service)).toEqual(["tcr"]);
  await expectRotated(stack, emulator, [robot]);
  await expectAdopted(stack, emulator, others);
  expect((await stack.up({ env: at("2026-04-20") })).text).toContain("11 unchanged");

  await stack.up({ env: at("2036-01-01") });
  await expectRotated(stack, emulator, others);
});
