import { configuredProgram, chosen, five, generatedProgram, logsIn } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack, type Language } from "./harness";

/** The same program in every form in which users write one, and the examples as they are. */

const javascript = generatedProgram(`keepers: { release: config.get("release") || "1" }`)
  .replace(`import * as pulumi from "@pulumi/pulumi";`, `const pulumi = require("@pulumi/pulumi");`)
  .replace(
    /import \{ (.*) \} from "pulumi-account-passwords";/,
    `const { $1 } = require("pulumi-account-passwords");`,
  )
  .replace(/export const (\w+) =/g, "exports.$1 =");
const esModule = generatedProgram(`keepers: { release: config.get("release") || "1" }`);

test.each<[Language, string]>([
  ["javascript", javascript],
  ["esm", esModule],
])("%s: set, unchanged, rotated", async (language, program) => {
  const emulator = await newEmulator();
  const stack = await newStack({ language, program, env: emulator.environment });
  await stack.up();
  for (const account of five) {
    const { outputs } = await stack.resource(account.name);
    expect(outputs).toMatchObject({ status: "confirmed", revision: 1, passwordVersion: 1 });
    expect(await logsIn(emulator, account, outputs["password"])).toBe(true);
  }
  expect((await stack.up()).text).toContain("11 unchanged");
  await stack.config.set("release", "2");
  await stack.up();
  for (const account of five) {
    const { outputs } = await stack.resource(account.name);
    expect(outputs).toMatchObject({ status: "confirmed", revision: 2, passwordVersion: 2 });
    expect(await logsIn(emulator, account, outputs["password"])).toBe(true);
  }
});

test.each([["examples/quickstart"], ["examples/random-password"]])(
  "%s: set, unchanged, rotated by its keeper",
  async (example) => {
    const emulator = await newEmulator();
    const stack = await newStack({ copyOf: example, env: emulator.environment });
    await stack.up();
    for (const account of five) expect(await logsIn(emulator, account, account.first)).toBe(false);
    const before = (await emulator.writes()).length;
    expect((await stack.up()).text).toContain("11 unchanged");
    expect(await emulator.writes()).toHaveLength(before);

    await stack.config.set("release", "2");
    await stack.up();
    const { resources } = await stack.export();
    for (const account of five) {
      const resource = resources.find(
        ({ urn, type }) => type.endsWith(account.type) && urn.endsWith(`::${account.name}`),
      );
      expect(resource?.outputs).toMatchObject({ status: "confirmed", revision: 2 });
      expect(await logsIn(emulator, account, resource?.outputs["password"])).toBe(true);
    }
  },
);

test("what the state says of a provider is the fixed text, and no more than 128 bytes", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(),
    secretConfig: Object.fromEntries(five.map((account) => [account.name, chosen(account, 1)])),
    env: emulator.environment,
  });
  await stack.up();
  for (const { name, type } of five) {
    const { inputs, outputs, type: token } = await stack.resource(name);
    expect(token).toBe(`pulumi-nodejs:dynamic/${type}`);
    const text = `exports.handler=()=>require("pulumi-account-passwords/provider").handler("${type}")`;
    expect([inputs["__provider"], outputs["__provider"]]).toEqual([text, text]);
    expect(text.length).toBeLessThanOrEqual(128);
  }
});
