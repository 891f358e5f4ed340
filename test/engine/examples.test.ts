/** The examples that show one thing each, run as their READMEs say. */
import { logsIn, named } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack } from "./harness";

test("age-rotation: in a night of the window, by calendar, by keeper and after a compromise", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ copyOf: "examples/age-rotation", env: emulator.environment });
  const at = (text: string) => ({ env: { ACCOUNT_PASSWORDS_NOW: text } });
  await stack.up(at("2026-02-01T00:00:00Z"));
  // Due, but not in the window.
  expect((await stack.up(at("2026-05-02T13:00:00Z"))).text).toContain("5 unchanged");
  const { text } = await stack.preview({ diff: true, ...at("2026-05-02T15:00:00Z") });
  expect(text.match(/~ reason +: "first" => "calendar 2026-04-01"/g)).toHaveLength(2);
  await stack.up(at("2026-05-02T15:00:00Z"));

  await stack.config.set("compromisedBefore", "2026-05-04");
  await stack.up(at("2026-05-05T09:00:00Z"));
  const { outputs } = await stack.resource("RotatingPassword::robot");
  expect(outputs).toMatchObject({ version: 3, reason: "compromised before 2026-05-04" });
  await stack.config.set("release", "2");
  await stack.up(at("2026-05-06T09:00:00Z"));
  const { ordersPassword, robotPassword } = await stack.outputs();
  expect(ordersPassword).not.toMatch(/[O0Il1]/);
  expect(encodeURIComponent(String(ordersPassword))).toBe(ordersPassword);
  expect(await logsIn(emulator, named("orders"), ordersPassword)).toBe(true);
  expect(await logsIn(emulator, named("robot"), robotPassword)).toBe(true);
});

test("report-in-ci: the program that its workflow runs", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ copyOf: "examples/report-in-ci", env: emulator.environment });
  await stack.up();
  const { appPassword } = await stack.outputs();
  expect(await logsIn(emulator, named("app"), appPassword)).toBe(true);
});
