import { chosen, configuredProgram, five, generatedProgram, logsIn, named } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack } from "./harness";
import { current, expectSettled, lostAnswers, newFive, passwords, writing } from "./lost-answers";

/** What an unknown outcome forbids, what a refusal leaves behind, and a run that is killed. */

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
