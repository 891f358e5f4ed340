/**
 * Rotations on the calendar, spread over days, in windows, and after a compromise: on the real
 * engine.
 */
import { imports } from "./accounts";
import { type AccountsFile, newEmulator, type TestEmulator } from "./emulator";
import { newStack, type PreviewJson, type Stack } from "./harness";
import { amount } from "../torture";

const day = 24 * 60 * 60 * 1000;
const start = Date.parse("2026-01-01T06:00:00Z");
const at = (days: number) => ({
  ACCOUNT_PASSWORDS_NOW: new Date(start + days * day).toISOString(),
});

interface Fleet {
  readonly emulator: TestEmulator;
  readonly stack: Stack;
}

/** TCR accounts of one instance each, with generators that have these further arguments. */
function program(names: readonly string[], rotation: (name: string) => string): string {
  const lines = names.map(
    (name) =>
      `new tencentcloud.TcrServiceAccountPassword("${name}", { registryId: "tcr-${name}", accountName: "robot", password: new RotatingPassword("${name}", { policy: tencentcloud.TcrServiceAccountPassword.policy, ${rotation(name)} }) });`,
  );
  return `${imports}${lines.join("\n")}\n`;
}

async function newFleet(names: readonly string[], text: string): Promise<Fleet> {
  const tcr = names.map((name) => ({
    registryId: `tcr-${name}`,
    accountName: "robot",
    password: "OldPass123",
  }));
  const emulator = await newEmulator({ accounts: { tencentcloud: { tcr } } as AccountsFile });
  return { emulator, stack: await newStack({ program: text, env: emulator.environment }) };
}

/** The accounts whose password an `up` at that time sets. */
async function rotated({ emulator, stack }: Fleet, env: Record<string, string>): Promise<string[]> {
  const before = (await emulator.writes()).length;
  await stack.up({ env, args: ["--parallel=64"] });
  const writes = (await emulator.writes()).slice(before);
  // On a machine that stands still now and then, requests come in a burst and are sent again.
  return writes
    .filter(({ outcome }) => outcome === "ok")
    .map(({ account }) => (account as { registryId: string }).registryId.slice("tcr-".length))
    .sort();
}

/** Two hundred take a minute or more: `npm run torture -- --schedules 200`. */
const { count } = amount("schedules", 40);

test(`${count} of one age rotate over the days of their spread, once each, and nothing else`, async () => {
  const names = Array.from({ length: count }, (_, n) => `a${n}`);
  const fleet = await newFleet(
    names,
    program(names, () => `rotateEvery: { days: 30, anchor: "2026-01-01" }, spread: { hours: 48 }`),
  );
  await fleet.stack.up({ env: at(0), args: ["--parallel=64"] });

  // The calendar says day 30; daily runs come at six in the morning.
  const byDay: string[][] = [];
  for (const nth of [30, 31, 32]) byDay.push(await rotated(fleet, at(nth)));
  expect(byDay.flat().sort()).toEqual([...names].sort());
  // Shares of a quarter, a half and a quarter; always the same ones, by their names.
  [1 / 4, 1 / 2, 1 / 4].forEach((share, n) =>
    expect(Math.abs((byDay[n]?.length ?? 0) - share * count)).toBeLessThan(3 * Math.sqrt(count)),
  );
});

test("compromisedBefore rotates the older half, once; the reason is in the preview", async () => {
  const older = ["a0", "a1", "a2"];
  const newer = ["b0", "b1", "b2"];
  const all = [...older, ...newer];
  const fleet = await newFleet(
    all,
    program(older, () => ""),
  );
  await fleet.stack.up({ env: at(0) });
  fleet.stack.setProgram(program(all, () => ""));
  await fleet.stack.up({ env: at(10) });

  fleet.stack.setProgram(program(all, () => `compromisedBefore: "2026-01-06"`));
  const { text } = await fleet.stack.preview({ diff: true, env: at(20) });
  expect(text.match(/~ reason +: "first" => "compromised before 2026-01-06"/g)).toHaveLength(3);
  const { json } = await fleet.stack.previewJson({ env: at(20) });
  expect(changed(json)).toEqual(older.flatMap((name) => [`${name} (account)`, name]).sort());
  expect(await rotated(fleet, at(20))).toEqual(older);
  expect(await rotated(fleet, at(21))).toEqual([]);

  // In the future it is an error, before anything is drawn.
  fleet.stack.setProgram(program(all, () => `compromisedBefore: "2026-02-01"`));
  const future = await fleet.stack.preview({ env: at(22), expect: "failure" });
  expect(future.text).toContain("compromisedBefore must not be in the future");
});

test("a due rotation waits for its window, a keeper does not; the preview says when and why", async () => {
  const window = `window: { days: ["Saturday"], from: "22:00", to: "02:00", timeZone: "Asia/Shanghai" }`;
  const rotation = (more: string) => () =>
    `rotateEvery: { months: 1, anchor: "2026-01-31" }, ${window}, ${more}`;
  const fleet = await newFleet(["a"], program(["a"], rotation("")));
  await fleet.stack.up({ env: at(0) });
  // 31 January is a Saturday; in Shanghai ten in the evening is 14:00 UTC.
  const { outputs } = await fleet.stack.resource("RotatingPassword::a");
  expect(outputs).toMatchObject({ nextRotation: "2026-01-31T14:00:00.000Z" });

  const now = (text: string) => ({ ACCOUNT_PASSWORDS_NOW: text });
  expect(await rotated(fleet, now("2026-01-31T13:59:59Z"))).toEqual([]);
  expect(await rotated(fleet, now("2026-02-03T12:00:00Z"))).toEqual([]);
  const { text } = await fleet.stack.preview({ diff: true, env: now("2026-02-07T17:00:00Z") });
  expect(text).toMatch(/~ reason +: "first" => "calendar 2026-01-31"/);
  expect(text).toMatch(/~ version +: 1 => 2/);
  expect(text).toMatch(/~ nextRotation: "2026-01-31T14:00:00.000Z" => "2026-02-28T14:00:00.000Z"/);
  expect(await rotated(fleet, now("2026-02-07T17:00:00Z"))).toEqual(["a"]);

  fleet.stack.setProgram(program(["a"], rotation(`keepers: { left: "Bob" }`)));
  expect(await rotated(fleet, now("2026-02-10T12:00:00Z"))).toEqual(["a"]);
});

test("what shapes the next password rotates nothing; too weak a shape is an error in the preview", async () => {
  const fleet = await newFleet(
    ["a"],
    program(["a"], () => ""),
  );
  await fleet.stack.up();
  const shaped = (more: string) =>
    program(["a"], () => `consumers: ["url"], excludeCharacters: "O0Il1", ${more}`);
  fleet.stack.setProgram(shaped(""));
  expect(await rotated(fleet, {})).toEqual([]);
  fleet.stack.setProgram(shaped(`keepers: { again: "1" }`));
  expect(await rotated(fleet, {})).toEqual(["a"]);
  const { outputs } = await fleet.stack.resource("RotatingPassword::a");
  expect(outputs["result"]).not.toMatch(/[O0Il1]/);
  expect(outputs["entropyBits"]).toBeGreaterThan(100);

  fleet.stack.setProgram(shaped("length: 12"));
  const { text } = await fleet.stack.preview({ expect: "failure" });
  expect(text).toMatch(
    /passwords of 12 characters for tencentcloud:TcrServiceAccountPassword with these consumers and excludeCharacters have only \d+(\.\d)? bits/,
  );
});

test("rotationPeriod rotates a RandomPassword on the calendar", async () => {
  const emulator = await newEmulator();
  const program = `
import * as random from "@pulumi/random";
import { rotationPeriod, tencentcloud } from "pulumi-account-passwords";
const generated = new random.RandomPassword("robot", {
  ...tencentcloud.TcrServiceAccountPassword.policy.randomPasswordArgs(),
  keepers: { period: rotationPeriod({ every: { days: 90 }, anchor: "2026-01-01" }) },
});
export const robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7", accountName: "robot", password: generated.result,
}).password;
`;
  const stack = await newStack({ program, env: emulator.environment });
  await stack.up({ env: at(0) });
  const first = await stack.outputs();
  await stack.up({ env: at(89) });
  expect(await stack.outputs()).toEqual(first);
  const { text } = await stack.preview({ diff: true, env: at(90) });
  expect(text).toMatch(/~ period: "2026-01-01" => "2026-04-01"/);
  await stack.up({ env: at(90) });
  expect(await stack.outputs()).not.toEqual(first);
});

/** The resources that a preview would change; accounts are marked. */
function changed({ steps }: PreviewJson): string[] {
  return steps
    .filter(({ op }) => op === "update")
    .map(({ urn }) => {
      const name = urn.split("::").at(-1) ?? "";
      return urn.includes("RotatingPassword") ? name : `${name} (account)`;
    })
    .sort();
}
