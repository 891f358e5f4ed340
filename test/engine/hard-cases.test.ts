import { five, generatedProgram, imports, logsIn } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";
import { current, lostAnswers, writing } from "./lost-answers";

/** What people do between an interrupted change and its repetition: no account is lost by it. */

const program = (release: string, timeoutSeconds = 60) =>
  generatedProgram(
    `keepers: { release: "${release}" }`,
    five,
    Object.fromEntries(
      five.map(({ name }) => [
        name,
        `timeoutSeconds: ${timeoutSeconds}, ${current[name as "cache"] ?? ""}`,
      ]),
    ),
  );

async function newFive(): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator();
  const stack = await newStack({ program: program("1"), env: emulator.environment });
  await stack.up();
  return { emulator, stack };
}

/** Rotates, and loses every answer. */
async function leaveUnknown(stack: Stack, emulator: TestEmulator, release: string): Promise<void> {
  await emulator.addFaults(...writing(lostAnswers));
  stack.setProgram(program(release, 1));
  await stack.up({ expect: "failure", args: ["--continue-on-error"] });
  await emulator.clearFaults();
}

async function expectConfirmed(stack: Stack, emulator: TestEmulator): Promise<void> {
  const { resources } = await stack.export();
  const accounts = resources.filter(({ urn }) => /(Account|Instance)Password::/.test(urn));
  expect(accounts.map(({ outputs }) => outputs["status"])).toEqual(five.map(() => "confirmed"));
  for (const account of five) {
    const { outputs } = accounts.find(({ type }) => type.endsWith(account.type)) ?? {};
    expect(await logsIn(emulator, account, outputs?.["password"])).toBe(true);
  }
  const writes = (await emulator.writes()).length;
  expect((await stack.up()).changes).toEqual({ same: 11 });
  expect(await emulator.writes()).toHaveLength(writes);
}

test("killed after the effect, rotated again and killed before it: the generators' history has it", async () => {
  const { emulator, stack } = await newFive();
  for (const [release, when] of [
    ["2", "after"],
    ["3", "before"],
  ] as const) {
    const done = (await emulator.writes()).length;
    await emulator.addFaults(...writing({ when, what: "hang", times: 1000 }));
    stack.setProgram(program(release));
    const run = stack.spawnUp();
    await emulator.waitForRequest(({ write, service }) => write && service === "redis");
    while ((await emulator.writes()).length < done + five.length)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await run.killAll();
    await stack.endProcesses();
    await emulator.clearFaults();
    await stack.cancel();
  }
  for (const account of five) {
    const { outputs } = await stack.resource(`${account.name}-password`);
    const [previous] = outputs["history"] as string[];
    expect(await logsIn(emulator, account, previous)).toBe(true);
    expect(await logsIn(emulator, account, outputs["result"])).toBe(false);
    expect((await stack.resource(account.name)).outputs["password"]).not.toBe(previous);
  }
  await stack.up();
  await expectConfirmed(stack, emulator);
});

test("while unknown: a targeted run of others, a refresh, and names that change", async () => {
  const { emulator, stack } = await newFive();
  await leaveUnknown(stack, emulator, "2");
  stack.setProgram(program("2"));
  const urn = (await stack.resource("robot-password")).urn;
  await stack.up({ args: [`--target=${urn}`] });
  await stack.refresh();
  expect((await stack.resource("cache")).outputs["status"]).toBe("unknown");

  // Other names without aliases: created anew with the generators' values, then forgotten.
  stack.setProgram(program("2").replace(/(Account|Instance)Password\("/g, "$&new-"));
  await stack.up();
  await expectConfirmed(stack, emulator);

  // Generators of other names draw other values; nothing is open that only the old ones would know.
  stack.setProgram(
    program("2")
      .replace(/(Account|Instance)Password\("/g, "$&newest-")
      .replace(/RotatingPassword\("/g, "$&new-"),
  );
  await stack.up();
  await expectConfirmed(stack, emulator);
});

test("while unknown: --replace of all of them", async () => {
  const { emulator, stack } = await newFive();
  await leaveUnknown(stack, emulator, "2");
  stack.setProgram(program("2"));
  const urns = await Promise.all(
    five.map(async ({ name }) => `--replace=${(await stack.resource(name)).urn}`),
  );
  await stack.up({ args: urns });
  await expectConfirmed(stack, emulator);
});

test("a Redis task that fails again and again is unknown, and the next up settles it", async () => {
  const { emulator, stack } = await newFive();
  await emulator.addFaults({ service: "redis", when: "before", what: "taskFails", times: 1000 });
  stack.setProgram(program("2", 2));
  const { text } = await stack.up({ expect: "failure", args: ["--continue-on-error"] });
  expect(text).toContain("OUTCOME_UNKNOWN");
  const { outputs } = await stack.resource("cache");
  expect(outputs).toMatchObject({ status: "unknown" });
  expect(outputs["taskId"]).toMatch(/^\d+$/);
  await emulator.clearFaults();
  await stack.up();
  await expectConfirmed(stack, emulator);
});

test("a Redis task that may not be read is unknown, and the text names the permission", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ program: `${imports}export {};`, env: emulator.environment });
  await emulator.addFaults({
    service: "redis",
    action: "DescribeTaskInfo",
    when: "before",
    what: "error:UnauthorizedOperation",
    times: 1000,
  });
  stack.setProgram(program("1"));
  const { text } = await stack.up({ expect: "failure", args: ["--continue-on-error"] });
  expect(text).toContain("DescribeTaskInfo");
  expect((await stack.resource("cache")).outputs["status"]).toBe("unknown");
  await emulator.clearFaults();
  await stack.up();
  await expectConfirmed(stack, emulator);
});
