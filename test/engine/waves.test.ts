import type { AccountsFile } from "./emulator";
import { amount } from "../torture";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/** A canary and waves: what a failure stops, and what the next `up` does. */

const instanceId = "tdsql-fdpjf5zh";
const names = (count: number) => Array.from({ length: count }, (_, n) => `user${n}`);
const accounts: AccountsFile = {
  tencentcloud: {
    mariadb: names(12).map((userName) => ({
      instanceId,
      userName,
      host: "%",
      password: "Live_before_1",
    })),
  },
};

/** `canary: 2, size: 3`: user0 and user1, then user2 to user4, then user5 to user7 and so on. */
const program = (
  release: number,
  users: readonly string[] = names(8),
) => `import { inWaves, RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const { MariadbAccountPassword } = tencentcloud;
inWaves("apps", ${JSON.stringify(users)}, { canary: 2, size: 3 }, (userName, opts) => {
  const { policy } = MariadbAccountPassword;
  const password = new RotatingPassword(userName, { policy, keepers: { release: "${release}" } }, opts);
  return new MariadbAccountPassword(userName, { instanceId: "${instanceId}", userName, host: "%", password }, opts);
});
`;

async function newWaves(): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator({ accounts });
  const stack = await newStack({ program: program(1), env: emulator.environment });
  await stack.up();
  return { emulator, stack };
}

const refuse = (emulator: TestEmulator, userName: string) =>
  emulator.addFaults({
    service: "mariadb",
    action: "ResetAccountPassword",
    account: { userName },
    when: "before",
    what: "error:UnauthorizedOperation.PermissionDenied",
    times: 1000,
  });

/** The versions of all generators, in the order of their users. */
async function versions(stack: Stack): Promise<unknown[]> {
  const { resources } = await stack.export();
  return resources
    .filter(({ type }) => type.endsWith("RotatingPassword"))
    .sort((a, b) => a.urn.localeCompare(b.urn))
    .map(({ outputs }) => outputs["version"]);
}

async function written(emulator: TestEmulator, from: number): Promise<string[]> {
  const writes = (await emulator.writes()).slice(from);
  return writes.map(({ account }) => String((account as Record<string, string>)["userName"]));
}

/** Which wave each write belongs to. */
const waveOf = (user: string) => Math.floor((Number(user.slice(4)) + 1) / 3);

const { isTorture } = amount("schedules", 1);

test("the waves go one after another, with any --parallel; then nothing changes", async () => {
  const { emulator, stack } = await newWaves();
  expect((await stack.up()).changes).toEqual({ same: 19 });
  for (const [release, args] of [
    [2, []],
    [3, ["--parallel=100"]],
    [4, ["--parallel=1"]],
  ] as const) {
    const from = (await emulator.writes()).length;
    await emulator.addFaults({
      service: "mariadb",
      account: { userName: "user0" },
      when: "before",
      what: "delay:1000",
    });
    stack.setProgram(program(release));
    await stack.up({ args: [...args] });
    const waves = (await written(emulator, from)).map(waveOf);
    expect(waves).toEqual([0, 0, 1, 1, 1, 2, 2, 2]);
  }
});

test.each(isTorture ? [[[]], [["--continue-on-error"]]] : [[["--continue-on-error"]]])(
  "a canary that fails stops all others, undrawn (%j); the next up resumes",
  async (args) => {
    const { emulator, stack } = await newWaves();
    stack.setProgram(program(2));
    const { text: preview } = await stack.preview();
    expect(preview).toMatch(/~ 16 to update\n +3 unchanged/);

    await refuse(emulator, "user1");
    let from = (await emulator.writes()).length;
    const { text } = await stack.up({ expect: "failure", args });
    expect(text).toContain("PERMISSION_DENIED");
    const touched = new Set(await written(emulator, from));
    expect([...touched].filter((user) => waveOf(user) > 0)).toEqual([]);
    expect((await versions(stack)).slice(2)).toEqual([1, 1, 1, 1, 1, 1]);
    if (args.length > 0) expect([...touched].sort()).toEqual(["user0", "user1"]);

    // The canary succeeds, and one of the first wave fails.
    await emulator.clearFaults();
    await refuse(emulator, "user3");
    await stack.up({ expect: "failure", args });
    expect((await versions(stack)).slice(0, 2)).toEqual([2, 2]);
    expect((await versions(stack)).slice(5)).toEqual([1, 1, 1]);

    await emulator.clearFaults();
    from = (await emulator.writes()).length;
    await stack.up();
    const rest = await written(emulator, from);
    expect(rest).toEqual(expect.arrayContaining(["user3", "user5", "user6", "user7"]));
    expect(rest.filter((user) => waveOf(user) === 0)).toEqual([]);
    expect(await versions(stack)).toEqual(Array(8).fill(2));
    expect((await stack.up()).changes).toEqual({ same: 19 });
  },
);

test("an item that is added, in front or behind, changes none of the others", async () => {
  const { emulator, stack } = await newWaves();
  for (const [users, changes] of [
    [[...names(8), "user8"], { create: 3, same: 19 }],
    [["user9", ...names(9)], { create: 2, same: 22 }],
    [["user9", ...names(8)], { delete: 2, same: 22 }],
  ] as const) {
    const from = (await emulator.writes()).length;
    stack.setProgram(program(1, users));
    expect((await stack.up({ args: ["--continue-on-error"] })).changes).toEqual(changes);
    expect((await written(emulator, from)).filter((user) => names(8).includes(user))).toEqual([]);
  }
  expect((await stack.refresh()).changes).not.toHaveProperty("update");
  await stack.destroy();
});

test("--target takes an item out of the order", async () => {
  const { emulator, stack } = await newWaves();
  await refuse(emulator, "user0");
  stack.setProgram(program(2));
  const from = (await emulator.writes()).length;
  await stack.up({ args: ["--target=**::user7"] });
  expect(await written(emulator, from)).toEqual(["user7"]);
  expect(await versions(stack)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);

  // Both are targeted: the order between them holds.
  await stack.up({ args: ["--target=**::user0", "--target=**::user6"], expect: "failure" });
  expect((await versions(stack))[6]).toBe(1);
});

test("items may be components, such as accounts used in turn", async () => {
  const emulator = await newEmulator({ accounts });
  const stack = await newStack({
    program: `import { AlternatingPasswords, inWaves, tencentcloud } from "pulumi-account-passwords";
inWaves("pairs", [0, 1], { canary: 1, size: 1 }, (n, opts) =>
  new AlternatingPasswords("pair" + n, {
    type: tencentcloud.MariadbAccountPassword,
    accounts: [
      { instanceId: "${instanceId}", userName: "user" + 2 * n, host: "%" },
      { instanceId: "${instanceId}", userName: "user" + (2 * n + 1), host: "%" },
    ],
  }, opts));
`,
    env: emulator.environment,
  });
  await refuse(emulator, "user0");
  await stack.up({ expect: "failure" });
  const { resources } = await stack.export();
  expect(resources.filter(({ urn }) => urn.includes("pair1"))).toEqual([]);
  await emulator.clearFaults();
  await stack.up();
  expect((await stack.up()).changes).toEqual({ same: 18 });
});
