import { accountLists } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";
import {
  aDayLater,
  fileOf,
  firstAccountsOf,
  makeRelease,
  passphraseOf,
  programOf,
  releases,
} from "./releases/release";

/**
 * A stack that an older release wrote is taken up by this code as if nothing had happened. How to
 * add a release: `releases/README.md`.
 */

const making = process.env["ACCOUNT_PASSWORDS_MAKE_RELEASE"];
if (making !== undefined) test("writes the state of a release", () => makeRelease(making));

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly account: Record<string, string>;
  readonly password: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const identityNames = ["registryId", "instanceId", "engineId", "accountName", "userName", "host"];

/** The accounts in the state by name, secrets opened. */
async function accountsIn(stack: Stack): Promise<Declared[]> {
  const { resources } = await stack.export();
  return resources
    .map(({ urn, type, inputs, outputs }) => ({
      name: urn.split("::").at(-1) ?? "",
      type: type.replace("pulumi-nodejs:dynamic/", ""),
      account: Object.fromEntries(
        identityNames
          .filter((name) => outputs?.[name] !== undefined)
          .map((name) => [name, String(outputs[name])]),
      ),
      password: String(outputs?.["password"]),
      inputs,
      outputs,
    }))
    .filter(({ type }) => type in accountLists)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The stack as the release left it, and vendors that have the passwords that it says are live. */
async function takenUp(release: string): Promise<{ stack: Stack; emulator: TestEmulator }> {
  const emulator = await newEmulator({ accounts: firstAccountsOf(release) });
  const stack = await newStack({
    ...programOf(release),
    env: { ...emulator.environment, ...passphraseOf(release), ...aDayLater },
  });
  stack.setFiles({
    "Pulumi.test.yaml": fileOf(release, "Pulumi.test.yaml"),
    "state.json": fileOf(release, "state.json"),
  });
  await stack.pulumi(["stack", "import", "--file", "state.json"]);
  for (const { type, account, password } of await accountsIn(stack)) {
    const [vendor = "", list = ""] = accountLists[type] ?? [];
    await emulator.setAccounts({ [vendor]: { [list]: [{ ...account, password }] } });
  }
  return { stack, emulator };
}

describe.each(releases)("a stack of release %s", (release) => {
  test("previews without a change, and an up sends nothing", async () => {
    const { stack, emulator } = await takenUp(release);
    const before = await accountsIn(stack);
    expect(new Set(before.map(({ type }) => type))).toEqual(new Set(Object.keys(accountLists)));

    const { json } = await stack.previewJson({ args: ["--expect-no-changes"] });
    const { same = 0 } = json.changeSummary;
    expect(json.changeSummary).toEqual({ same });
    expect(same).toBeGreaterThan(before.length);

    const { changes } = await stack.up({ args: ["--expect-no-changes"] });
    expect(changes).toEqual({ same });
    expect(await emulator.requests()).toEqual([]);
    expect(await accountsIn(stack)).toEqual(before);
  });

  test("is refreshed without a change", async () => {
    const { stack, emulator } = await takenUp(release);
    const { changes } = await stack.refresh({ args: ["--expect-no-changes"] });
    await stack.preview({ args: ["--expect-no-changes"] });
    expect((await stack.up()).changes).toEqual(changes);
    expect(await emulator.writes()).toEqual([]);
  });

  test("rotates what a keeper asks for, and nothing else", async () => {
    const { stack, emulator } = await takenUp(release);
    const before = new Map((await accountsIn(stack)).map((each) => [each.name, each.password]));
    await stack.config.set("release", "3");
    await stack.up();
    const after = await accountsIn(stack);
    const rotated = after.filter(({ name, password }) => password !== before.get(name));
    expect(rotated.map(({ name }) => name)).toEqual(["bob", "cache", "robot"]);
    expect((await emulator.writes()).map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
    for (const { name, type, account, password } of after)
      expect([name, await emulator.login(type, account, password)]).toEqual([name, true]);
  });

  test("holds its passwords as ciphertext only, and no path of a machine", async () => {
    const { stack } = await takenUp(release);
    const written = fileOf(release, "state.json") + fileOf(release, "Pulumi.test.yaml");
    for (const { password } of await accountsIn(stack)) expect(written).not.toContain(password);
    expect(written).not.toContain("Canary");
    expect(written).not.toMatch(/node_modules|index\.js/);
  });
});
