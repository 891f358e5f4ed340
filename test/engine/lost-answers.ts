/** The five accounts in a stack, and an emulator whose answers to changes get lost. */
import { chosen, configuredProgram, five, logsIn, named } from "./accounts";
import { newEmulator, type Fault, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/** Every answer to a change is lost, after its effect. */
export const lostAnswers: Fault = { when: "after", what: "reset", times: 1000 };
export const writing = (fault: Fault): Fault[] =>
  [
    "ModifyServiceAccountPassword",
    "ResetAccountPassword",
    "ModifyInstancePassword",
    "ResetPassword",
    "ChangeAccountPassword",
  ].map((action) => ({ ...fault, action }));

export const current = {
  cache: `currentPassword: pulumi.secret(${JSON.stringify(named("cache").first)}),`,
};
const shortly = Object.fromEntries(
  five.map(({ name }) => [name, `timeoutSeconds: 1, ${current[name as "cache"] ?? ""}`]),
);

export async function newFive(n: number): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(five, shortly),
    secretConfig: passwords(n),
    env: emulator.environment,
  });
  return { emulator, stack };
}

export const passwords = (n: number) =>
  Object.fromEntries(five.map((account) => [account.name, chosen(account, n)]));

export async function expectUnknown(stack: Stack, n: number): Promise<void> {
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

export async function expectSettled(
  stack: Stack,
  emulator: TestEmulator,
  n: number,
): Promise<void> {
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
