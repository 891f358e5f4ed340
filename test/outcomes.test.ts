// The outcome matrix: each call that a change of a password makes, and everything that may become of it, over the wire, with
// the process in which Pulumi runs providers. As with Pulumi, each command has a process of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestLogEntry } from "../emulator";
import { providerLiteral } from "../provider/provider-literal";
import { secondsBetween } from "../provider/wrong-tries";
import { newEmulator, type TestEmulator } from "./engine/emulator";
import {
  accountOf,
  accountsFile,
  type Account,
  environmentOf,
  faultOfChange,
  faultsOf,
  instanceOf,
  isAnswered,
  passwordsOf,
  programOf,
  type Row,
  rows,
} from "./outcome-matrix";
import {
  type Change,
  expectLeft,
  expectLiveIsRecorded,
  expectSettled,
  expectTruth,
  liveOf,
  opens,
} from "./outcome-truth";
import { type ProviderHost, ProviderHostError, startProviderHost } from "./provider-host";
import { Resource } from "./rehearsal";
import { type Relay, startRelay } from "./relay";
import { amount, record } from "./torture";

const told = amount("outcomes", rows.length);
jest.setTimeout(told.timeoutMs);

/** Rows that are played at the same time: so many that no call waits long for its turn. */
const atATime = 40;

/** What went wrong with each row. */
const problems = new Map<Row, string>();

beforeAll(async () => {
  let done = 0;
  do {
    // The emulator's clock is moved for ServiceComb's pauses, and Tencent Cloud's signatures need the right one.
    const vendors = ["tencentcloud", "huaweicloud"].map((vendor) =>
      rows.filter(({ call }) => call.type.startsWith(vendor)),
    );
    await Promise.all(vendors.map((some) => play(some, done / rows.length)));
    done += rows.length;
  } while (!told.enough(done));
  record("outcomes", { cases: done });
});

test.each(rows)("$name", (row) => {
  const problem = problems.get(row);
  if (problem !== undefined) throw new Error(problem);
});

/** One account, from its first change to the last `up`. */
interface Case {
  readonly row: Row;
  readonly resource: Resource;
  readonly wanted: string;
  change?: Change;
  /** What the last run said. */
  said?: string;
  /** The program's `timeoutSeconds`. */
  seconds: number;
  readonly cache: string;
}

const plentySeconds = 60;

/** Plays rows side by side. @param round How often this has been done before. */
async function play(some: readonly Row[], round: number): Promise<void> {
  const emulator = await newEmulator({ accounts: accountsFile(some) });
  const relay = await startRelay(emulator.url);
  try {
    await playWith(some, round, emulator, relay);
  } finally {
    relay.cut();
    await emulator.close();
  }
}

async function playWith(
  some: readonly Row[],
  round: number,
  emulator: TestEmulator,
  relay: Relay,
): Promise<void> {
  // One machine for all commands: they share the journal of tries.
  const cache = mkdtempSync(join(String(process.env["XDG_CACHE_HOME"]), "outcomes-"));
  const environment = {
    ...(await environmentOf(some, emulator, relay.url)),
    XDG_CACHE_HOME: cache,
  };
  const cases = some.map((row): Case => {
    const { first, second } = passwordsOf(row);
    return {
      row,
      resource: new Resource(noProvider, row.call.type),
      wanted: row.round === "create" ? first : second,
      seconds: plentySeconds,
      cache,
    };
  });
  const good = () => cases.filter(({ row }) => !problems.has(row));
  let slowestStartSeconds = 0;
  const command = (run: () => Promise<void>) =>
    asOneCommand(environment, cases, async (startSeconds) => {
      slowestStartSeconds = Math.max(slowestStartSeconds, startSeconds);
      await run();
      await emulator.clearFaults();
    });

  await command(() => each(good(), (one) => prepare(one, emulator)));
  await command(() => {
    // Short, since most rows use all of it; on a busy machine long enough to get that far.
    const seconds = Math.min(8, Math.max(3, Math.ceil(2 * slowestStartSeconds)));
    for (const one of good()) if (!isAnswered(one.row)) one.seconds = seconds;
    return whatBecomesOfIt(good(), emulator, relay);
  });
  await command(() => each(good().filter(isTooSoon), (one) => tooSoon(one, emulator)));
  for (const one of good()) if (one.change?.failed !== undefined) one.seconds = plentySeconds;
  // A try with a wrong password more is one pause more: ServiceComb only.
  for (let run = 0; run < 3; run++) {
    const left = good().filter(({ change }) => change?.failed !== undefined);
    if (left.length === 0) break;
    if (left.some(({ resource }) => resource.outputs["triedAt"] !== undefined)) {
      await emulator.advanceClock(secondsBetween + 60);
      left.forEach(agePause);
    }
    await command(() =>
      each(left, async (one) => {
        if (
          run === 0 &&
          (Math.floor(one.row.n / 2) + round) % 2 === 1 &&
          one.resource.id !== undefined
        )
          await one.resource.refresh();
        await again(one, emulator, run === 2);
      }),
    );
  }
  const writes = (await emulator.writes()).length;
  await command(() => each(good(), (one) => unchanged(one, emulator)));
  const more = (await emulator.writes()).slice(writes).map(({ account }) => account);
  for (const { row } of good())
    if (more.some((account) => isOf(row, account))) problems.set(row, "the last up wrote");
}

const noProvider = {} as Resource["provider"];

/** The real process in the place of a provider. */
function overTheWireTo(host: ProviderHost): Resource["provider"] {
  return {
    check: (olds, news) => host.check(olds, news),
    diff: (id, olds, news) => host.diff(id, olds, news),
    create: (inputs) => host.create(inputs),
    update: (id, olds, news) => host.update(id, olds, news),
    read: (id, props = {}) => host.read(id, props),
    delete: (id, props) => host.delete(id, props),
  } as Resource["provider"];
}

/** Runs with a process of its own, which prints and logs no password. */
async function asOneCommand(
  env: Record<string, string>,
  cases: readonly Case[],
  run: (startSeconds: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const provider = providerLiteral("tencentcloud:TcrServiceAccountPassword");
  const host = await startProviderHost({ provider, env });
  try {
    await host.configure({});
    for (const { resource } of cases) resource.provider = overTheWireTo(host);
    await run((performance.now() - startedAt) / 1000);
    expect(host.stdout + host.stderr).not.toMatch(canary);
  } finally {
    await host.close();
  }
}

/** In clear or in base64. */
const canary = /Canary|Q2FuYXJ5/;

/** A failure of one row says what was recorded, and ends that row alone. */
async function each(cases: readonly Case[], run: (one: Case) => Promise<void>): Promise<void> {
  const waiting = [...cases];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const { row, resource, wanted } = one;
      await run(one).catch((error: Error) => {
        const { id, outputs, initFailed } = resource;
        const recorded = JSON.stringify(
          { wanted, id, initFailed, outputs, said: one.said },
          null,
          2,
        );
        problems.set(row, `${row.name}\n${error.message}\nrecorded: ${recorded}`);
      });
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** What the engine would do, and what became of it. */
async function up(one: Case, emulator: TestEmulator, password = one.wanted): Promise<Change> {
  const { row, resource } = one;
  const before = resource.id === undefined ? undefined : resource.outputs;
  const liveBefore = await liveOf(row, emulator);
  const error: unknown = await resource.up(programOf(row, password, one.seconds)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error !== undefined && !(error instanceof ProviderHostError)) throw error as Error;
  if (error === undefined) delete one.said;
  else one.said = error.message;
  expect(one.said ?? "").not.toMatch(canary);
  if (error?.id !== undefined) expect(error.reasons).toEqual([error.message]);
  return {
    row,
    sent: password,
    before,
    after: resource.id === undefined ? undefined : resource.outputs,
    failed: error === undefined ? undefined : error.id === undefined ? "plainly" : "partially",
    liveBefore,
    live: await liveOf(row, emulator),
  };
}

/** Everything before the change that the row is about. */
async function prepare(one: Case, emulator: TestEmulator): Promise<void> {
  const { row, wanted } = one;
  const { first, outside } = passwordsOf(row);
  if (row.round === "update") {
    const created = await up(one, emulator, first);
    expectTruth(created);
    expectSettled(created.after ?? {}, first);
  }
  if (row.call.liveUnknown) {
    const record = { ...accountOf(row), password: outside };
    await emulator.setAccounts({ tencentcloud: { [row.call.list]: [record] } });
  }
  if (row.call.unknownBefore) {
    await emulator.addFaults(faultOfChange(row));
    const change = await up(one, emulator);
    expectTruth(change);
    expectLeft({ what: "", left: "unknown" }, change);
    expect(change.live).toBe(wanted);
    agePause(one);
  }
}

/** The change that the row is about. Calls that nobody hears are made when nobody else calls. */
async function whatBecomesOfIt(
  cases: readonly Case[],
  emulator: TestEmulator,
  relay: Relay,
): Promise<void> {
  const isCut = ({ row }: Case) => row.outcome.notSent === true;
  // Such a call does not say which account it is for.
  const isForAll = ({ row }: Case) => row.call.service === "iam";
  const others = cases.filter((one) => !isCut(one) && !isForAll(one));
  await withFaultsOf(others, emulator);

  const cut = cases.filter(isCut);
  for (const after of new Set(cut.map(({ row }) => row.call.after))) {
    const some = cut.filter(({ row }) => row.call.after === after);
    await relay.open();
    if (after === undefined) relay.cut();
    else relay.cutAfter(after, some.length);
    await step(some, emulator);
  }
  await relay.open();

  const rest = cases.filter((one) => isForAll(one) && !isCut(one));
  for (const { what, fault } of new Set(rest.map(({ row }) => row.outcome))) {
    const some = rest.filter(({ row }) => row.outcome.what === what);
    if (fault?.times === 1) await eachAlone(some, emulator);
    else await withFaultsOf(some, emulator);
  }
}

/** A fault that strikes once, and does not know whom, is for one at a time. */
async function eachAlone(cases: readonly Case[], emulator: TestEmulator): Promise<void> {
  for (const one of cases) await withFaultsOf([one], emulator);
}

async function withFaultsOf(cases: readonly Case[], emulator: TestEmulator): Promise<void> {
  await emulator.addFaults(...cases.flatMap(({ row }) => faultsOf(row)));
  await step(cases, emulator);
  await emulator.clearFaults();
}

async function step(cases: readonly Case[], emulator: TestEmulator): Promise<void> {
  const since = (await emulator.requests()).length;
  await each(cases, (one) => playRow(one, emulator));
  const log = (await emulator.requests()).slice(since);
  await each(
    cases.filter(({ row }) => !problems.has(row)),
    async ({ row }) => expectStruck(row, log),
  );
}

async function playRow(one: Case, emulator: TestEmulator): Promise<void> {
  const { outcome } = one.row;
  const change = await up(one, emulator);
  one.change = change;
  expectTruth(change);
  expectLeft(outcome, change);
  if (outcome.notSent) expect(one.said).toMatch(/\((NETWORK|OUTCOME_UNKNOWN)[,)]/);
  const applied = outcome.applied === true || outcome.left === "confirmed";
  const deadline = Date.now() + 15_000;
  for (let live = change.live; applied && live !== change.sent; await sleep(100)) {
    if (Date.now() > deadline) throw new Error(`still live: ${live}`);
    live = await liveOf(one.row, emulator);
    expectLiveIsRecorded({ ...change, live });
  }
  // The effect that comes after all is said.
  const late = /^lateEffect:(\d+)$/.exec(outcome.fault?.what ?? "")?.[1];
  if (late !== undefined) await sleep(Number(late));
  const live = await liveOf(one.row, emulator);
  expectLiveIsRecorded({ ...change, live });
  expect(live).toBe(applied ? change.sent : change.liveBefore);
}

/** Without this a row could pass that never met its fault. */
function expectStruck(row: Row, log: readonly RequestLogEntry[]): void {
  const { outcome } = row;
  const { service, action } = row.call;
  const mine = log
    .filter((entry) => entry.service === service && entry.action === action)
    .filter(({ account }) => service === "iam" || isOf(row, account))
    .map((entry) => entry.outcome);
  if (outcome.notSent) expect(mine).toEqual([]);
  else if (outcome.fault === undefined) expect(mine).toContain("ok");
  else expect(mine).toContain(`fault:${outcome.fault.what}`);
}

function isOf(row: Row, account: RequestLogEntry["account"]): boolean {
  return Object.entries(instanceOf(row)).every(
    ([name, value]) => (account as Account | null)?.[name] === value,
  );
}

function triedAt({ resource }: Case): number {
  return Date.parse(String(resource.outputs["triedAt"] ?? ""));
}

/** Whether a password was tried in this quarter of an hour that an engine may have counted. */
function isTooSoon(one: Case): boolean {
  return Date.now() < triedAt(one) + secondsBetween * 1000;
}

/** As if the last try had been that long ago: a minute more than is needed. */
function agePause(one: Case): void {
  // The journal's file does not say whose it is; nobody else's is to be missed.
  rmSync(one.cache, { recursive: true, force: true });
  if (!isTooSoon(one)) return;
  const earlier = new Date(triedAt(one) - (secondsBetween + 60) * 1000).toISOString();
  one.resource.outputs = { ...one.resource.outputs, triedAt: earlier };
}

/** A run within the pause makes no call, says when to come back, and forgets nothing. */
async function tooSoon(one: Case, emulator: TestEmulator): Promise<void> {
  const { row, resource } = one;
  const since = (await emulator.requests()).length;
  const until = new Date(triedAt(one) + secondsBetween * 1000).toISOString();
  const change = await up(one, emulator);
  expect(one.said).toContain(`nothing is tried before ${until}`);
  expect(one.said).toMatch(/\(ACCOUNT_LOCKED[,)]/);
  expectLiveIsRecorded({ ...change, liveBefore: one.change?.liveBefore ?? "" });
  const log = (await emulator.requests()).slice(since);
  expect(log.filter(({ account }) => isOf(row, account))).toEqual([]);
  const kept = ["status", "password", "pendingPasswords", "refusedPasswords", "triedAt"] as const;
  for (const name of kept) expect(resource.outputs[name]).toEqual(one.change?.after?.[name]);
}

/** The next run, with nothing in its way. @param last Whether there is to be none after it. */
async function again(one: Case, emulator: TestEmulator, last: boolean): Promise<void> {
  const { row, wanted } = one;
  const change = await up(one, emulator);
  expectLiveIsRecorded({ ...change, liveBefore: one.change?.liveBefore ?? "" });
  const mayNeedAnother = row.call.by === "own token" && !last;
  if (change.failed === "partially" && mayNeedAnother && isTooSoon(one)) return;
  expect(one.said).toBeUndefined();
  expectSettled(change.after ?? {}, wanted);
  one.change = change;
}

async function unchanged(one: Case, emulator: TestEmulator): Promise<void> {
  const { row, resource, wanted } = one;
  expect(await resource.up(programOf(row, wanted, one.seconds))).toBe("unchanged");
  expectSettled(resource.outputs, wanted);
  const { live, first, second, outside } = passwordsOf(row);
  for (const password of [live, first, second, outside])
    expect([password, await opens(row, password, emulator)]).toEqual([
      password,
      password === wanted,
    ]);
}
