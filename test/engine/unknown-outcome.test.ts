import { chosen, configuredProgram, five, generatedProgram, logsIn, named } from "./accounts";
import { newEmulator, type Fault, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/**
 * A change whose outcome nobody knows is never "done" and never "unchanged", whatever is run in
 * between, until an update has settled it.
 */

/** Every answer to a change is lost, after its effect. */
const lostAnswers: Fault = { when: "after", what: "reset", times: 1000 };
const writing = (fault: Fault): Fault[] =>
  [
    "ModifyServiceAccountPassword",
    "ResetAccountPassword",
    "ModifyInstancePassword",
    "ResetPassword",
    "ChangeAccountPassword",
  ].map((action) => ({ ...fault, action }));

const current = {
  cache: `currentPassword: pulumi.secret(${JSON.stringify(named("cache").first)}),`,
};
const shortly = Object.fromEntries(
  five.map(({ name }) => [name, `timeoutSeconds: 1, ${current[name as "cache"] ?? ""}`]),
);

async function newFive(n: number): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(five, shortly),
    secretConfig: passwords(n),
    env: emulator.environment,
  });
  return { emulator, stack };
}

const passwords = (n: number) =>
  Object.fromEntries(five.map((account) => [account.name, chosen(account, n)]));

async function expectUnknown(stack: Stack, n: number): Promise<void> {
  for (const account of five) {
    const { outputs } = await stack.resource(account.name);
    expect(outputs).toMatchObject({
      ...account.account,
      status: "unknown",
      pendingPasswords: [chosen(account, n)],
    });
    expect(outputs["unknownSince"]).toMatch(/^\d{4}-/);
  }
}

async function expectSettled(stack: Stack, emulator: TestEmulator, n: number): Promise<void> {
  for (const account of five) {
    const { outputs } = await stack.resource(account.name);
    expect(outputs).toMatchObject({
      status: "confirmed",
      password: chosen(account, n),
      drift: "none",
    });
    expect(outputs["pendingPasswords"]).toBeUndefined();
    expect(await logsIn(emulator, account, chosen(account, n))).toBe(true);
  }
  expect((await stack.up()).text).toContain("6 unchanged");
}

const between: [string, (stack: Stack) => Promise<unknown>][] = [
  ["nothing", () => Promise.resolve()],
  ["two refreshes", (stack) => stack.refresh().then(() => stack.refresh())],
];

test.each(between)(
  "a first change with unknown outcome, %s in between, the same password wanted",
  async (_what, inBetween) => {
    const { emulator, stack } = await newFive(1);
    await emulator.addFaults(...writing(lostAnswers));
    const { text } = await stack.up({ expect: "failure" });
    expect(text).toContain("OUTCOME_UNKNOWN");
    expect(text).toContain("run `pulumi up` again");
    await expectUnknown(stack, 1);
    for (const { name } of five)
      expect((await stack.resource(name)).outputs["password"]).toBeUndefined();

    await inBetween(stack);
    await emulator.clearFaults();
    expect((await stack.previewJson()).json.changeSummary).toMatchObject({ update: 5 });
    await stack.up();
    await expectSettled(stack, emulator, 1);
  },
);

test.each([
  ["the same password wanted", 2, false],
  ["another password wanted", 3, false],
  ["the old password wanted again, with up --refresh", 1, true],
])("an update with unknown outcome, %s", async (_what, wanted, refresh) => {
  const { emulator, stack } = await newFive(1);
  await stack.up();
  await emulator.addFaults(...writing(lostAnswers));
  await stack.config.setAll({}, passwords(2));
  const { text } = await stack.up({ expect: "failure" });
  expect(text).toContain("OUTCOME_UNKNOWN");
  await expectUnknown(stack, 2);
  for (const account of five)
    expect((await stack.resource(account.name)).outputs["password"]).toBe(chosen(account, 1));

  await emulator.clearFaults();
  await stack.config.setAll({}, passwords(wanted));
  const preview = await stack.preview();
  expect(preview.text).toContain("outcome is unknown");
  await stack.up({ args: refresh ? ["--refresh"] : [] });
  await expectSettled(stack, emulator, wanted);
});

test("refresh shows an unknown outcome as drift, and keeps it", async () => {
  const { emulator, stack } = await newFive(1);
  await stack.up();
  await emulator.addFaults(...writing(lostAnswers));
  await stack.config.setAll({}, passwords(2));
  await stack.up({ expect: "failure" });
  const { text } = await stack.refresh({ diff: true });
  expect(text).toMatch(/~ drift *: "none" => "outcome unknown since \d{4}-/);
  await expectUnknown(stack, 2);
  const { text: preview } = await stack.preview({ diff: true });
  expect(preview).toMatch(/~ drift *: "outcome unknown since .*" => "none"/);
});

test("while unknown: no destroy, no other account in its place; then both", async () => {
  const app = named("app");
  const emulator = await newEmulator();
  const program = (host: string) =>
    configuredProgram([{ ...app, account: { ...app.account, host } }], {
      app: "timeoutSeconds: 1,",
    });
  const stack = await newStack({
    program: program("10.%"),
    secretConfig: passwords(1),
    env: emulator.environment,
  });
  await stack.up();
  await emulator.addFaults(...writing(lostAnswers));
  await stack.config.setAll({}, passwords(2));
  await stack.up({ expect: "failure" });

  expect((await stack.destroy({ expect: "failure" })).text).toContain("OUTCOME_UNKNOWN");
  stack.setProgram(program("%"));
  expect((await stack.preview({ expect: "failure" })).text).toContain(
    "finish the interrupted change first",
  );
  stack.setProgram("export {};");
  expect((await stack.up({ expect: "failure" })).text).toContain("OUTCOME_UNKNOWN");
  expect((await stack.resource("app")).outputs["pendingPasswords"]).toEqual([chosen(app, 2)]);

  const { text } = await stack.destroy({ env: { ACCOUNT_PASSWORDS_FORGET_UNKNOWN: "1" } });
  expect(text).toContain("keeps its password");
});

test("a refusal is not recorded: the state stays, the next up tries again", async () => {
  const { emulator, stack } = await newFive(1);
  await stack.up();
  await emulator.addFaults(
    { service: "tcr", when: "before", what: "error:OperationDenied", times: 1 },
    { service: "mariadb", when: "before", what: "error:InvalidParameter.CharacterError", times: 1 },
    { service: "postgres", when: "before", what: "error:InvalidAccountPassword", times: 1 },
    { service: "redis", when: "before", what: "error:UnauthorizedOperation.NoCAMAuthed", times: 1 },
    { service: "cse", action: "ChangeAccountPassword", when: "before", what: "error:403001" },
  );
  await stack.config.setAll({}, passwords(2));
  const { text } = await stack.up({ expect: "failure", args: ["--continue-on-error"] });
  for (const code of ["PERMISSION_DENIED", "PASSWORD_REJECTED"]) expect(text).toContain(code);
  for (const account of five) {
    const { outputs, initErrors } = await stack.resource(account.name);
    expect(outputs).toMatchObject({
      status: "confirmed",
      password: chosen(account, 1),
      revision: 1,
    });
    expect(initErrors ?? []).toEqual([]);
    expect(await logsIn(emulator, account, chosen(account, 1))).toBe(true);
  }
  await stack.up();
  await expectSettled(stack, emulator, 2);
});

test("killed after the effect and before the answer, with generators: the next up converges", async () => {
  const emulator = await newEmulator();
  const program = (release: string) =>
    generatedProgram(`keepers: { release: "${release}" }`, five, current);
  const stack = await newStack({ program: program("1"), env: emulator.environment });
  await stack.up();
  await emulator.addFaults(...writing({ when: "after", what: "hang", times: 5 }));
  stack.setProgram(program("2"));
  const run = stack.spawnUp();
  const before = (await emulator.writes()).length;
  await emulator.waitForRequest(({ write, service }) => write && service === "redis");
  while ((await emulator.writes()).length < before + 5)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await run.killAll();
  await stack.endProcesses();
  await emulator.clearFaults();
  await stack.cancel({ expect: "any" });

  // At every moment the live password is in the state: here as the generator's result.
  for (const account of five) {
    const drawn = (await stack.resource(`${account.name}-password`)).outputs["result"];
    expect(await logsIn(emulator, account, drawn)).toBe(true);
  }
  await stack.up();
  for (const account of five) {
    const { outputs } = await stack.resource(account.name);
    expect(outputs["status"]).toBe("confirmed");
    expect(await logsIn(emulator, account, outputs["password"])).toBe(true);
  }
  expect((await stack.up()).text).toContain("11 unchanged");
});
