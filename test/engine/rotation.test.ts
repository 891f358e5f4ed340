import { five, generatedProgram, logsIn, named } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack, type PreviewJson, type Stack } from "./harness";

/** When passwords rotate: by keepers and by age, with a clock that the test sets. */

const day = 24 * 60 * 60 * 1000;
const start = Date.parse("2026-03-01T12:00:00Z");
const at = (days: number) => ({
  ACCOUNT_PASSWORDS_NOW: new Date(start + days * day).toISOString(),
});

test("keepers rotate the accounts whose keeper changes, and no other", async () => {
  const emulator = await newEmulator();
  const two = [named("robot"), named("cache")];
  const program = (robot: string, cache: string) =>
    generatedProgram("", two)
      .replace(`policy: ${two[0]?.className}.policy`, `$&, keepers: { release: "${robot}" }`)
      .replace(`policy: ${two[1]?.className}.policy`, `$&, keepers: { release: "${cache}" }`);
  const stack = await newStack({ program: program("1", "1"), env: emulator.environment });
  await stack.up();
  const first = await passwords(stack, ["robot", "cache"]);

  stack.setProgram(program("2", "1"));
  const { text } = await stack.preview({ diff: true });
  expect(text).toMatch(/~ reason +: "first" => "keeper \\"release\\" changed"/);
  expect(text).toMatch(/~ version +: 1 => 2/);
  expect(text).toMatch(/~ password +: \[secret\] => \[secret\]/);
  expect(text).toMatch(/~ passwordVersion: 1 => 2/);

  await stack.up();
  const second = await passwords(stack, ["robot", "cache"]);
  expect(second["robot"]).not.toBe(first["robot"]);
  expect(second["cache"]).toBe(first["cache"]);
  expect(await logsIn(emulator, named("robot"), first["robot"])).toBe(false);
  expect(await logsIn(emulator, named("robot"), second["robot"])).toBe(true);
  expect(await logsIn(emulator, named("cache"), first["cache"])).toBe(true);

  const generator = await stack.resource("robot-password");
  expect(generator.outputs).toMatchObject({
    result: second["robot"],
    history: [first["robot"]],
    version: 2,
    reason: 'keeper "release" changed',
  });
  expect((await stack.resource("robot")).outputs).toMatchObject({
    passwordVersion: 2,
    revision: 2,
  });

  // Redis changes by its old password: the one that the state knows.
  stack.setProgram(program("2", "2"));
  const before = (await emulator.writes()).length;
  await stack.up();
  const writes = (await emulator.writes()).slice(before);
  expect(writes.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["ModifyInstancePassword", "ok"],
  ]);
});

test("rotateEvery rotates what is due, once; a change of it alone touches no account", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: generatedProgram("rotateEvery: { days: 90 }"),
    env: emulator.environment,
  });
  await stack.up({ env: at(0) });
  const first = await passwords(stack);

  expect((await stack.previewJson({ env: at(89) })).json.changeSummary).toEqual({ same: 11 });

  stack.setProgram(generatedProgram("rotateEvery: { days: 60 }"));
  const shorter = await stack.previewJson({ env: at(30) });
  expect(changed(shorter.json)).toEqual([]);
  const unwritten = (await emulator.writes()).length;
  await stack.up({ env: at(30) });
  expect(await emulator.writes()).toHaveLength(unwritten);

  // Counted from the generation, so the shorter limit of day 60 holds now.
  const due = await stack.preview({ diff: true, env: at(92) });
  expect(due.text).toMatch(/~ reason +: "first" => "age 92 days > 60"/);
  await stack.up({ env: at(92) });
  const second = await passwords(stack);
  for (const account of five) {
    expect(second[account.name]).not.toBe(first[account.name]);
    expect(await logsIn(emulator, account, first[account.name])).toBe(false);
    expect(await logsIn(emulator, account, second[account.name])).toBe(true);
  }
  const again = await stack.up({ env: at(93) });
  expect(again.text).toContain("11 unchanged");
  expect((await stack.resource("cache-password")).outputs).toMatchObject({
    generatedAt: new Date(start + 92 * day).toISOString(),
    nextRotation: new Date(start + 152 * day).toISOString(),
    history: [first["cache"]],
  });
  expect(again.text).toContain("ACCOUNT_PASSWORDS_NOW");
});

test("previous is the password before this one, as a secret", async () => {
  const emulator = await newEmulator();
  const program = (release: string) => `
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const generated = new RotatingPassword("generated", {
  policy: tencentcloud.TcrServiceAccountPassword.policy, keepers: { release: "${release}" },
});
export const { previous, result, history, generatedAt, nextRotation, reason, version } = generated;
`;
  const stack = await newStack({ program: program("1"), env: emulator.environment });
  await stack.up();
  const first = await stack.outputs();
  expect(first["previous"] ?? undefined).toBeUndefined();
  stack.setProgram(program("2"));
  await stack.up();
  const second = await stack.outputs();
  expect(second).toMatchObject({
    previous: first["result"],
    history: [first["result"]],
    version: 2,
  });
  const shown = await stack.outputs({ showSecrets: false });
  expect([shown["previous"], shown["result"], shown["history"]]).toEqual(Array(3).fill("[secret]"));
});

test("initial and currentPassword the same: adopted with no call, rotated when due", async () => {
  const emulator = await newEmulator();
  const robot = named("robot");
  const program = `
import * as pulumi from "@pulumi/pulumi";
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const current = new pulumi.Config().requireSecret("robot");
export const robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7", accountName: "robot", currentPassword: current,
  password: new RotatingPassword("robot-password", {
    policy: tencentcloud.TcrServiceAccountPassword.policy, initial: current, rotateEvery: { days: 30 },
  }),
});
`;
  const stack = await newStack({
    program,
    secretConfig: { robot: robot.first },
    env: emulator.environment,
  });
  await stack.up({ env: at(0) });
  expect(await emulator.requests()).toEqual([]);
  expect((await stack.resource("robot")).outputs).toMatchObject({
    status: "adopted",
    revision: 0,
    changedAt: "",
    requestId: "",
    password: robot.first,
  });
  expect((await stack.resource("robot-password")).outputs).toMatchObject({
    version: 0,
    generatedAt: "",
    result: robot.first,
  });
  expect((await stack.up({ env: at(29) })).text).toContain("3 unchanged");

  await stack.up({ env: at(31) });
  const { outputs } = await stack.resource("robot");
  expect(outputs).toMatchObject({ status: "confirmed", revision: 1 });
  expect(await logsIn(emulator, robot, outputs["password"])).toBe(true);
  expect(await logsIn(emulator, robot, robot.first)).toBe(false);

  const { text } = await stack.up({ env: at(32) });
  expect(text).toContain("3 unchanged");
  expect(text).toMatch(/warning: .*initial/);
});

async function passwords(stack: Stack, names = five.map(({ name }) => name)) {
  const found: Record<string, unknown> = {};
  for (const name of names) found[name] = (await stack.resource(name)).outputs["password"];
  return found;
}

function changed({ steps }: PreviewJson): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ urn }) => urn);
}
