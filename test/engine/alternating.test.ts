import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accountLines } from "../../cli/report/account-line";
import { readExport } from "../../cli/report/read-export";
import { type AccountsFile, type Fault, newEmulator, type TestEmulator } from "./emulator";
import { checkout, newStack, type Stack } from "./harness";
import { amount } from "../torture";
import {
  accountsOf,
  type Credentials,
  indexOf,
  mariadb,
  opens,
  type Pair,
  pairProgram,
  pairs,
} from "./pairs";

/** Two accounts used in turn: whatever happens in a rotation, what the outputs name logs in. */

const release = (n: number) => `keepers: { release: "${n}" }`;
const day = 24 * 60 * 60 * 1000;
const at = (days: number) => ({
  ACCOUNT_PASSWORDS_NOW: new Date(Date.parse("2026-03-01T12:00:00Z") + days * day).toISOString(),
});
const everyWrite = (fault: Pick<Fault, "when" | "what">): Fault[] =>
  (["ModifyServiceAccountPassword", "ResetAccountPassword", "ChangeAccountPassword"] as const).map(
    (action) => ({ ...fault, action, times: 1000 }) as Fault,
  );

async function newPairs(
  all: readonly Pair[],
  rotation: string,
): Promise<{ emulator: TestEmulator; stack: Stack }> {
  const emulator = await newEmulator({ accounts: accountsOf(all) });
  const stack = await newStack({
    program: pairProgram(all, rotation),
    env: emulator.environment,
  });
  return { emulator, stack };
}

/** The active credentials of the stack's outputs, which have to log in whenever they are asked for. */
async function activeOf(stack: Stack, emulator: TestEmulator, pair: Pair): Promise<Credentials> {
  const outputs = await stack.outputs();
  const active = outputs[`${pair.name}Active`] as Credentials;
  expect([active.userName, await opens(emulator, pair, active)]).toEqual([active.userName, true]);
  const standby = outputs[`${pair.name}Standby`];
  expect(indexOf(pair, standby)).toBe(1 - indexOf(pair, active.userName));
  return active;
}

/** Which account each pair has active, 0 or 1. */
async function activeIndexes(stack: Stack, emulator: TestEmulator, all: readonly Pair[]) {
  const indexes = [];
  for (const pair of all)
    indexes.push(indexOf(pair, (await activeOf(stack, emulator, pair)).userName));
  return indexes;
}

/**
 * `npm run torture -- --schedules 1` does all of it, `npm test` a part that takes a third of the
 * time.
 */
const { isTorture } = amount("schedules", 1);
const some = isTorture ? pairs : pairs.slice(0, 1);

const writersOf = async (emulator: TestEmulator, from: number) =>
  (await emulator.writes()).slice(from).map(({ account }) => Object.values(account ?? {}));

test("each rotation changes the idle account and makes it active; the other one stays valid", async () => {
  const { emulator, stack } = await newPairs(pairs, release(1));
  await stack.up();
  expect(await activeIndexes(stack, emulator, pairs)).toEqual([0, 0, 0, 0]);
  expect(await emulator.writes()).toHaveLength(8);
  expect((await stack.up({ preview: true })).changes).toEqual({ same: 33 });

  for (const n of [2, 3]) {
    const before = new Map<Pair, Credentials>();
    for (const pair of pairs) before.set(pair, await activeOf(stack, emulator, pair));
    const written = (await emulator.writes()).length;
    stack.setProgram(pairProgram(pairs, release(n)));
    const index = n === 2 ? 1 : 0;

    const { text } = await stack.preview({ diff: true });
    // Of the third turn it is the same again.
    if (n === 2)
      expect(text).toMatch(
        /::app-turn\]\n(?: .*\n)+? +~ reason +: "first" => "keeper \\"release\\" changed"/,
      );
    expect(text).toMatch(new RegExp(`Turn::app-${index}\\]\\n +~ turn: ${n - 2} => ${n}\\n`));
    expect(text).toMatch(
      new RegExp(
        `MariadbAccountPassword::app-${index}\\]\\n +~ password +: \\[secret\\] => \\[secret\\]\\n +~ passwordVersion: 1 => 2\\n`,
      ),
    );
    const [from, to] = index === 1 ? ["a", "b"] : ["b", "a"];
    expect(text).toContain(`~ userName: "app_${from}" => "app_${to}"`);
    expect(text).toMatch(/~ 16 to update\n +17 unchanged/);

    expect((await stack.up()).changes).toEqual({ update: 16, same: 17 });
    expect((await emulator.writes()).length - written).toBe(4);
    expect(await activeIndexes(stack, emulator, pairs)).toEqual([index, index, index, index]);
    for (const [pair, credentials] of before)
      expect(await opens(emulator, pair, credentials)).toBe(true);
    expect((await stack.up()).changes).toEqual({ same: 33 });
  }

  const hidden = JSON.stringify(await stack.outputs({ showSecrets: false }));
  const state = stack.rawState();
  for (const pair of pairs) {
    const { password } = await activeOf(stack, emulator, pair);
    expect(hidden).not.toContain(password);
    expect(state).not.toContain(password);
  }
  expect(hidden).toContain('{"password":"[secret]","userName":"app_a"}');
});

test.each(["before", "after"] as const)(
  "killed %s the effect: what the outputs name logs in then, later, and in the runs after it",
  async (when) => {
    const { emulator, stack } = await newPairs(some, release(1));
    await stack.up();
    for (const n of isTorture ? [2, 3] : [2]) {
      const active = n === 2 ? 1 : 0;
      const written = (await emulator.writes()).length;
      await emulator.addFaults(...everyWrite({ when, what: "hang" }));
      stack.setProgram(pairProgram(some, release(n)));
      const run = stack.spawnUp();
      while ((await emulator.writes()).length < written + some.length)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await activeIndexes(stack, emulator, some)).not.toContain(active);
      await run.killAll();
      await stack.endProcesses();
      expect(await activeIndexes(stack, emulator, some)).not.toContain(active);
      await emulator.clearFaults();
      await stack.cancel();
      await stack.up();
      expect(await activeIndexes(stack, emulator, some)).toEqual(some.map(() => active));
      expect((await stack.up()).changes).toEqual({ same: 1 + 8 * some.length });
    }
  },
);

test("killed as soon as the schedule, the turn, the password is saved: the next up finishes", async () => {
  const { emulator, stack } = await newPairs([mariadb], release(1));
  await stack.up();
  const moments = [
    [2, "the schedule"],
    [3, "the turn"],
    [4, "the password"],
  ] as const;
  for (const [n, saved] of isTorture ? moments : moments.slice(0, 1)) {
    stack.setProgram(pairProgram([mariadb], release(n)));
    await emulator.addFaults(...everyWrite({ when: "before", what: "hang" }));
    const run = stack.spawnUp();
    const reached = {
      "the schedule": (text: string) => text.includes('"release":"2"'),
      "the turn": (text: string) => text.includes('"turn":3'),
      "the password": (text: string) => text.includes('"turn":"4"'),
    }[saved];
    await stack.untilState(reached);
    await run.killAll();
    await stack.endProcesses();
    await emulator.clearFaults();
    await stack.cancel();
    expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([n % 2]);
    await stack.up();
    expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1 - (n % 2)]);
    expect((await stack.up()).changes).toEqual({ same: 9 });
  }
});

test.each(isTorture ? [[[]], [["--continue-on-error"]]] : [[["--continue-on-error"]]])(
  "a change that fails leaves active and the outputs as they were (%j); the next up finishes it",
  async (args) => {
    const { emulator, stack } = await newPairs(some, release(1));
    await stack.up();
    const before = await stack.outputs();
    stack.setProgram(
      pairProgram(some, `${release(2)}`).replaceAll("{ ...", "{ timeoutSeconds: 1, ..."),
    );
    for (const fault of [
      { when: "before", what: "error:UnauthorizedOperation.PermissionDenied" },
      { when: "after", what: "reset" },
      { when: "before", what: "hang" },
    ] as const) {
      await emulator.addFaults(...everyWrite(fault));
      await stack.up({ expect: "failure", args });
      expect(await stack.outputs()).toEqual(before);
      expect(await activeIndexes(stack, emulator, some)).toEqual(some.map(() => 0));
      await emulator.clearFaults();
    }
    await stack.refresh();
    await stack.up();
    expect(await activeIndexes(stack, emulator, some)).toEqual(some.map(() => 1));
    expect((await stack.up()).changes).toEqual({ same: 1 + 8 * some.length });
  },
);

test("failed until the next turn is due: the account in use waits for a run of its own", async () => {
  const { emulator, stack } = await newPairs([mariadb], "rotateEvery: { days: 90 }");
  await stack.up({ env: at(0) });
  const touched = await writersOf(emulator, 0);
  expect(touched).toHaveLength(2);

  // Turns 2, 3 and 4 become due while the second account cannot be changed.
  for (const days of [90, 180, 270]) {
    await emulator.addFaults({
      service: "mariadb",
      action: "ResetAccountPassword",
      account: { userName: "app_b" },
      when: "before",
      what: "error:UnauthorizedOperation.PermissionDenied",
      times: 1000,
    });
    const from = (await emulator.writes()).length;
    await stack.up({ env: at(days), expect: "failure" });
    expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([0]);
    for (const writer of await writersOf(emulator, from)) expect(writer).toContain("app_b");
    await emulator.clearFaults();
  }
  // Of an even number, so the second account's own: its late change counts for it.
  await stack.up({ env: at(271) });
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);
  expect((await stack.up({ env: at(272) })).changes).toEqual({ same: 9 });
  await stack.up({ env: at(361) });
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([0]);
});

test("the run that confirms a late change leaves the account in use alone, and says so", async () => {
  const { emulator, stack } = await newPairs([mariadb], release(1));
  await stack.up();
  stack.setProgram(pairProgram([mariadb], release(2)));
  await emulator.addFaults(...everyWrite({ when: "before", what: "error:InternalError" }));
  stack.setProgram(
    pairProgram([mariadb], release(2)).replaceAll("{ ...", "{ timeoutSeconds: 1, ..."),
  );
  await stack.up({ expect: "failure" });
  await emulator.clearFaults();

  stack.setProgram(pairProgram([mariadb], release(3)));
  const { text: preview } = await stack.preview({ diff: true });
  expect(preview).toMatch(/Turn::app-0\]\n +~ turn: 1 => \[unknown\]/);
  const from = (await emulator.writes()).length;
  const { text } = await stack.up();
  expect(await writersOf(emulator, from)).toEqual([expect.arrayContaining(["app_b"])]);
  expect(text).toContain('Account "app_a": its password changes with the next `pulumi up`');
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);

  // One more turn in between: each run takes one, until none is left.
  stack.setProgram(pairProgram([mariadb], release(4)));
  await stack.up();
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([0]);
  await stack.up();
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);
  expect((await stack.up()).changes).toEqual({ same: 9 });
});

test("a run that leaves an unfinished pair out leaves the outputs as they were", async () => {
  const program = (n: number) =>
    `${pairProgram([mariadb], release(n))}
import { RotatingPassword } from "pulumi-account-passwords";
new RotatingPassword("other", { policy: tencentcloud.TcrServiceAccountPassword.policy });`;
  const { emulator, stack } = await newPairs([mariadb], release(1));
  stack.setProgram(program(1));
  await stack.up();
  const before = await stack.outputs();
  const { urn } = await stack.resource("other");
  const othersOnly = { args: [`--target=${urn}`] };
  const expectOutputs = async () => {
    await stack.up(othersOnly);
    expect(await stack.outputs()).toEqual(before);
  };

  stack.setProgram(program(2));
  for (const fault of [
    { when: "before", what: "error:UnauthorizedOperation.PermissionDenied" },
    { when: "after", what: "reset" },
  ] as const) {
    await emulator.addFaults(...everyWrite(fault));
    stack.setProgram(program(2).replaceAll("{ ...", "{ timeoutSeconds: 1, ..."));
    await stack.up({ expect: "failure" });
    await emulator.clearFaults();
    await expectOutputs();
  }
  await stack.up();
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);

  Object.assign(before, await stack.outputs());
  stack.setProgram(program(3));
  await emulator.addFaults(...everyWrite({ when: "before", what: "hang" }));
  const run = stack.spawnUp();
  await stack.untilState((text) => text.includes('"turn":"3"'));
  await run.killAll();
  await stack.endProcesses();
  await emulator.clearFaults();
  await stack.cancel();
  await expectOutputs();
});

test("accounts with currentPassword are taken over without a call", async () => {
  const emulator = await newEmulator({ accounts: accountsOf(pairs) });
  const stack = await newStack({
    program: pairProgram(pairs, release(1), true),
    env: emulator.environment,
  });
  await stack.up();
  expect(await emulator.requests()).toEqual([]);
  for (const pair of pairs)
    expect((await activeOf(stack, emulator, pair)).password).toBe(pair.first[0]);
  expect((await stack.up()).changes).toEqual({ same: 33 });

  stack.setProgram(pairProgram(pairs, release(2), true));
  await stack.up();
  expect(await activeIndexes(stack, emulator, pairs)).toEqual([1, 1, 1, 1]);
  for (const pair of pairs) {
    const [first, second] = pair.first;
    expect(await emulator.login(pair.type, pair.accounts[0], first)).toBe(true);
    expect(await emulator.login(pair.type, pair.accounts[1], second)).toBe(false);
  }
  // Taken out before the first account had its turn: it keeps what it has.
  stack.setProgram(pairProgram(pairs, release(2)));
  const written = (await emulator.writes()).length;
  await stack.up();
  expect(await emulator.writes()).toHaveLength(written);
  stack.setProgram(pairProgram(pairs, release(3)));
  await stack.up();
  expect(await activeIndexes(stack, emulator, pairs)).toEqual([0, 0, 0, 0]);
});

test("a keeper that is not known yet, a refresh, targets, a new schedule and destroy", async () => {
  const { emulator, stack } = await newPairs([mariadb], release(1));
  await stack.up();

  const other = `import { RotatingPassword } from "pulumi-account-passwords";
const other = new RotatingPassword("other", { policy: tencentcloud.TcrServiceAccountPassword.policy });
`;
  const fromOther = pairProgram([mariadb], `keepers: { release: other.id }`).replace(
    "const app",
    `${other}const app`,
  );
  stack.setProgram(fromOther);
  const { text } = await stack.preview({ diff: true });
  expect(text).toMatch(/Turn::app-0\]\n +~ turn: 1 => \[unknown\]/);
  expect(text).toMatch(/Turn::app-1\]\n +~ turn: 0 => \[unknown\]/);
  const written = (await emulator.writes()).length;
  await stack.up();
  expect((await emulator.writes()).length - written).toBe(1);
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);

  await stack.refresh();
  expect((await stack.up()).changes).toEqual({ same: 10 });

  // The whole pair by its URNs' prefix; the rest of the program stays.
  stack.setProgram(fromOther.replace("other.id", "'3'"));
  await stack.up({ args: ["--target=**AlternatingPasswords$**::app-*"] });
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([0]);

  // Its version begins again: nothing changes by that, and the next rotation is the other's.
  const { urn } = await stack.resource("app-turn");
  await stack.up({ args: [`--replace=${urn}`] });
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([0]);
  stack.setProgram(fromOther.replace("other.id", "'4'"));
  expect((await stack.up()).text).not.toContain("counts as taken");
  expect(await activeIndexes(stack, emulator, [mariadb])).toEqual([1]);

  const active = await activeOf(stack, emulator, mariadb);
  await stack.destroy();
  expect(await opens(emulator, mariadb, active)).toBe(true);
});

test("the example: two MariaDB accounts from its accounts file", async () => {
  const folder = join(checkout, "examples", "a-b-pair");
  const accounts = JSON.parse(readFileSync(join(folder, "accounts.json"), "utf8")) as AccountsFile;
  const emulator = await newEmulator({ accounts });
  const stack = await newStack({ copyOf: "examples/a-b-pair", env: emulator.environment });
  await stack.up();
  const opensActive = async () => {
    const { userName, password } = await stack.outputs();
    const account = { instanceId: "tdsql-fdpjf5zh", userName: String(userName), host: "10.%" };
    expect(await emulator.login(mariadb.type, account, String(password))).toBe(true);
    return userName;
  };
  expect(await opensActive()).toBe("app_a");
  await stack.config.set("release", "2");
  await stack.up();
  expect(await opensActive()).toBe("app_b");
  expect((await stack.up()).changes).toEqual({ same: 9 });

  // What a report says is due is the pair's next turn: their own generators have no date.
  const { outputs } = await stack.resource("app-turn");
  const { stdout } = await stack.pulumi(["stack", "export"]);
  const due = accountLines(readExport(stdout), Date.now()).map(({ nextDue }) => nextDue);
  expect(due).toEqual([1, 2].map(() => Date.parse(String(outputs["nextRotation"]))));
});
