import {
  accountLists,
  chosen,
  configuredProgram,
  five,
  type KnownAccount,
  logsIn,
  named,
} from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/** What somebody does to an account behind Pulumi's back: `refresh` finds it, `up` heals it. */

// Accounts that are not whole outputs of the stack: these would show every output of theirs.
const program = configuredProgram().replace(/export const/g, "const");
const declared = (account: KnownAccount) => chosen(account, 1);
const outside = (account: KnownAccount) => chosen(account, 7);

/** As each vendor writes its time. */
const beijing = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
const drifts: Readonly<Record<string, string>> = {
  robot: String.raw`account modified outside on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00, perhaps the password`,
  app: `account modified outside on ${beijing}, perhaps the password`,
  orders: `changed outside on ${beijing}`,
  cache: `changed outside on ${beijing}`,
  alice: String.raw`account modified outside on \d{10}, perhaps the password`,
};

/** The five accounts, declared, with a first refresh behind them. */
async function settled(): Promise<{ stack: Stack; emulator: TestEmulator }> {
  const emulator = await newEmulator();
  const stack = await newStack({
    program,
    secretConfig: Object.fromEntries(five.map((each) => [each.name, declared(each)])),
    env: emulator.environment,
  });
  await stack.up();
  await stack.refresh();
  return { stack, emulator };
}

async function edit(emulator: TestEmulator, { type, account }: KnownAccount, fields: object) {
  const [vendor = "", list = ""] = accountLists[type] ?? [];
  await emulator.setAccounts({ [vendor]: { [list]: [{ ...account, ...fields }] } });
}

async function changeAll(emulator: TestEmulator): Promise<void> {
  for (const each of five) await edit(emulator, each, { password: outside(each) });
}

/** Whether each account opens to the declared password and to no other one. */
async function expectHealed(stack: Stack, emulator: TestEmulator): Promise<void> {
  for (const each of five) {
    const { name } = each;
    expect([name, await logsIn(emulator, each, declared(each))]).toEqual([name, true]);
    expect([name, await logsIn(emulator, each, outside(each))]).toEqual([name, false]);
    const { inputs, outputs } = await stack.resource(name);
    expect(outputs).toMatchObject({ status: "confirmed", password: declared(each), revision: 2 });
    expect([inputs["drift"], outputs["drift"]]).toEqual(["none", "none"]);
    expect(outputs).not.toHaveProperty("vendorModifiedAt");
  }
}

/** No text shows a password, whoever has set it. */
function expectNoSecret(texts: readonly string[]): void {
  for (const each of five)
    for (const password of [each.first, declared(each), outside(each)])
      for (const text of texts) expect(text).not.toContain(password);
}

test("a refresh finds a change outside of all five services, and an up heals it", async () => {
  const { stack, emulator } = await settled();
  await changeAll(emulator);

  const found = await stack.refresh({ diff: true });
  expect(found.changes).toEqual({ update: five.length, same: 1 });
  for (const { name } of five) {
    const drift = drifts[name] ?? "";
    expect(found.text).toMatch(new RegExp(`::${name}\\]\n +~ drift: "none" => "${drift}"\n`));
    expect(found.text).toMatch(
      new RegExp(`warning: .*: ${drift}; the next update sets the declared password again`),
    );
    const { inputs, outputs } = await stack.resource(name);
    expect(outputs["drift"]).toMatch(new RegExp(`^${drift}$`));
    expect(inputs["drift"]).toBe(outputs["drift"]);
  }
  // What was found stays, and is not found anew.
  const again = await stack.refresh({ diff: true });
  expect(again.changes).toEqual({ same: five.length + 1 });
  expect(again.text).not.toContain("warning:");

  const planned = await stack.preview({ diff: true });
  expect(planned.changes).toEqual({ update: five.length, same: 1 });
  for (const { name } of five)
    expect(planned.text).toMatch(
      new RegExp(`::${name}\\]\n +~ drift: "${drifts[name]}" => "none"\n`),
    );
  expect(planned.text.match(/^ +~ \w+ *:/gm)).toHaveLength(five.length);
  expect((await stack.previewJson()).json.changeSummary).toEqual({ update: five.length, same: 1 });

  const before = (await emulator.writes()).length;
  const healed = await stack.up();
  await expectHealed(stack, emulator);
  const sent = (await emulator.writes()).slice(before);
  expect(
    sent
      .filter(({ outcome }) => outcome === "ok")
      .map(({ action }) => action)
      .sort(),
  ).toEqual([
    "ChangeAccountPassword",
    "ModifyServiceAccountPassword",
    "ResetAccountPassword",
    "ResetAccountPassword",
    "ResetPassword",
  ]);
  // Redis is asked with the old passwords that are known first, and none is the live one.
  const refused = sent.filter(({ outcome }) => outcome !== "ok").map(({ action }) => action);
  expect(new Set(refused)).toEqual(new Set(["ModifyInstancePassword"]));

  const writes = (await emulator.writes()).length;
  expect((await stack.up()).changes).toEqual({ same: five.length + 1 });
  const after = await stack.refresh({ diff: true, args: ["--expect-no-changes"] });
  expect(after.text).not.toContain("outside");
  await stack.preview({ args: ["--expect-no-changes"] });
  expect(await emulator.writes()).toHaveLength(writes);
  // No refresh or preview has logged in to find out.
  expect((await emulator.requests()).filter(({ action }) => action === "Login")).toEqual([]);
  expectNoSecret([found, again, planned, healed, after].map(({ text }) => text));
});

test("a refresh without a change outside is quiet, however often", async () => {
  const { stack, emulator } = await settled();
  const { resources } = await stack.export();
  const writes = (await emulator.writes()).length;
  for (let times = 0; times < 2; times++) {
    const { text } = await stack.refresh({ diff: true, args: ["--expect-no-changes"] });
    expect(text).not.toContain("warning:");
  }
  const states = ({ inputs, outputs }: (typeof resources)[number]) => ({ inputs, outputs });
  expect((await stack.export()).resources.map(states)).toEqual(resources.map(states));
  await stack.preview({ args: ["--expect-no-changes"] });
  expect((await stack.up()).changes).toEqual({ same: five.length + 1 });
  expect(await emulator.writes()).toHaveLength(writes);
  for (const { name } of five)
    expect((await stack.resource(name)).outputs).toHaveProperty("vendorModifiedAt");
});

test("up --refresh finds and heals in one go", async () => {
  const { stack, emulator } = await settled();
  await changeAll(emulator);
  const { text } = await stack.up({ args: ["--refresh"] });
  await expectHealed(stack, emulator);
  const writes = (await emulator.writes()).length;
  const again = await stack.up({ args: ["--refresh"] });
  expect(again.changes).toEqual({ same: five.length + 1 });
  expect(await emulator.writes()).toHaveLength(writes);
  expectNoSecret([text, again.text]);
});

test("another edit of a TCR account is perhaps one of its password, and set right without harm", async () => {
  const { stack, emulator } = await settled();
  await edit(emulator, named("robot"), { description: "of the build" });
  // The same of an account whose password has a time of its own is none.
  await edit(emulator, named("orders"), { status: 2 });
  const { text, changes } = await stack.refresh({ diff: true });
  expect(changes).toEqual({ update: 1, same: five.length });
  expect(text).toMatch(new RegExp(`~ drift: "none" => "${drifts["robot"]}"`));
  expect((await stack.up()).changes).toEqual({ update: 1, same: five.length });
  expect(await logsIn(emulator, named("robot"), declared(named("robot")))).toBe(true);
  expect((await stack.up({ args: ["--refresh"] })).changes).toEqual({ same: five.length + 1 });
});
