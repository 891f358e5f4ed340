// The outcome matrix on the real engine: accounts of all services in one stack, and in the same `up` something else becomes of
// each of them. `npm test` plays a sample, `npm run torture` every row that can be told apart within one run.
import { setTimeout as sleep } from "node:timers/promises";
import {
  accountOf,
  accountsFile,
  calls,
  environmentOf,
  faultsOf,
  passwordsOf,
  programOf,
  type Row,
  rows,
} from "../outcome-matrix";
import {
  type Change,
  expectLeft,
  expectLiveIsRecorded,
  expectSettled,
  expectTruth,
  liveOf,
  opens,
} from "../outcome-truth";
import { type Relay, startRelay } from "../relay";
import { amount, record } from "../torture";
import { imports } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type Stack, type StateResource } from "./harness";
import { agePauses } from "./pauses";

const told = amount("outcomes", 1);
if (told.isTorture) jest.setTimeout(told.timeoutMs);

/**
 * A fault at IAM strikes all accounts, a port at which nobody listens too; and what was unknown
 * before takes a run of its own.
 */
const playable = rows.filter(
  ({ call, outcome }) =>
    call.service !== "iam" && call.unknownBefore === undefined && outcome.notSent === undefined,
);

interface Pair {
  readonly create: Row;
  readonly update: Row;
}

/** The same account in both rounds. */
function pair(create: Row, { outcome }: Row): Pair {
  return { create, update: { ...create, outcome, round: "update" } };
}

function sample(): Pair[] {
  return calls.flatMap((call, nth) => {
    const of = playable.filter((row) => row.call === call && row.round === "create");
    // It takes two pauses.
    const some = of.filter(({ outcome }) => outcome.what !== "lost on its way there");
    const [create, update] = [some[nth % some.length], some[(nth + 5) % some.length]];
    return create === undefined || update === undefined ? [] : [pair(create, update)];
  });
}

const all = () =>
  playable.filter(({ round }) => round === "create").map((create) => pair(create, create));

test("something else becomes of each account, and each is right afterwards", async () => {
  const pairs = told.isTorture ? all() : sample();
  const world = await World.of(pairs.map(({ create }) => create));
  try {
    await world.round(
      pairs.map(({ create }) => create),
      "first",
    );
    await world.nobodyListens("second");
    await world.somebodyElseChanges();
    await world.round(
      pairs.map(({ update }) => update),
      "second",
    );
    record("outcomes", { cases: 2 * pairs.length, ups: world.ups });
  } finally {
    world.close();
  }
});

/** Nearly every row uses all of it. */
const timeoutSeconds = 3;

type Wanted = "first" | "second";
type States = ReadonlyMap<string, StateResource>;

class World {
  ups = 0;

  private constructor(
    readonly accounts: readonly Row[],
    readonly stack: Stack,
    /** Their clocks are not the same: ServiceComb's pauses are long. */
    readonly emulators: Readonly<Record<string, TestEmulator>>,
    readonly relays: readonly Relay[],
  ) {}

  static async of(accounts: readonly Row[]): Promise<World> {
    const emulators: Record<string, TestEmulator> = {};
    const relays: Relay[] = [];
    let env: Record<string, string> = {};
    for (const vendor of ["tencentcloud", "huaweicloud"]) {
      const its = accounts.filter(({ call }) => call.type.startsWith(vendor));
      const emulator = await newEmulator({ accounts: accountsFile(its) });
      const relay = await startRelay(emulator.url);
      const own = await environmentOf(its, emulator, relay.url);
      const tencents = Object.entries(own).filter(([name]) => name.startsWith("TENCENTCLOUD_"));
      env = vendor === "tencentcloud" ? own : { ...env, ...own, ...pick(env, tencents) };
      emulators[vendor] = emulator;
      relays.push(relay);
    }
    const program = accounts.map((row) => {
      const { password: _configured, ...args } = programOf(row, "", timeoutSeconds);
      const className = row.call.type.replace(":", ".");
      return `new ${className}("${nameOf(row)}", { ...${JSON.stringify(args)}, password: config.requireSecret("${nameOf(row)}") });`;
    });
    const stack = await newStack({ program: imports + program.join("\n"), env });
    return new World(accounts, stack, emulators, relays);
  }

  /** Something becomes of each account, then nothing is in the way any more. */
  async round(of: readonly Row[], wanted: Wanted): Promise<void> {
    await this.#want(wanted);
    const before = await this.#states();
    const liveBefore = new Map<Row, string>();
    for (const row of of) {
      liveBefore.set(row, await liveOf(row, this.#emulator(row)));
      // None at all would remove those of the others.
      for (const fault of faultsOf(row)) await this.#emulator(row).addFaults(fault);
    }
    const { text } = await this.#up("any");
    const after = await this.#states();
    await Promise.all(
      of.map((row) =>
        about(row, after, text, async () => {
          const change = changeOf(row, before, after, {
            sent: passwordsOf(row)[wanted],
            liveBefore: liveBefore.get(row) ?? "",
            live: await liveOf(row, this.#emulator(row)),
          });
          expectTruth(change);
          expectLeft(row.outcome, change);
          await this.#effect(row, change);
        }),
      ),
    );
    for (const emulator of Object.values(this.emulators)) await emulator.clearFaults();
    await this.#converge(wanted);
  }

  /** All fail, and nothing of it is in the state. */
  async nobodyListens(wanted: Wanted): Promise<void> {
    await this.#want(wanted);
    const before = await this.#states();
    for (const relay of this.relays) relay.cut();
    const { text } = await this.#up("failure");
    for (const relay of this.relays) await relay.open();
    expect(text.match(/\(NETWORK\)/g)?.length).toBeGreaterThanOrEqual(this.accounts.length);
    const after = await this.#states();
    for (const row of this.accounts) {
      const { initErrors = [], outputs } = stateOf(row, after) ?? {};
      expect({ outputs, initErrors }).toEqual({
        outputs: stateOf(row, before)?.outputs,
        initErrors: [],
      });
    }
  }

  async somebodyElseChanges(): Promise<void> {
    for (const row of this.accounts.filter(({ call }) => call.liveUnknown)) {
      const record = { ...accountOf(row), password: passwordsOf(row).outside };
      await this.#emulator(row).setAccounts({ tencentcloud: { [row.call.list]: [record] } });
    }
  }

  close(): void {
    for (const relay of this.relays) relay.cut();
  }

  #emulator({ call }: Row): TestEmulator {
    return this.emulators[call.type.split(":")[0] ?? ""] as TestEmulator;
  }

  async #want(wanted: Wanted): Promise<void> {
    const passwords = this.accounts.map((row) => [nameOf(row), passwordsOf(row)[wanted]]);
    await this.stack.config.setAll({}, Object.fromEntries(passwords) as Record<string, string>);
  }

  async #up(expect: "success" | "failure" | "any") {
    this.ups += 1;
    return this.stack.up({ expect, args: ["--continue-on-error"] });
  }

  async #states(): Promise<States> {
    const { resources } = await this.stack.export();
    return new Map(resources.map((each) => [each.urn.split("::").at(-1) ?? "", each]));
  }

  /** The effect may come after everything else, and is what the state knows even then. */
  async #effect({ outcome, ...row }: Row, change: Change): Promise<void> {
    const applied = outcome.applied === true || outcome.left === "confirmed";
    const emulator = this.#emulator({ ...row, outcome });
    const deadline = Date.now() + 15_000;
    for (let live = change.live; applied && live !== change.sent; await sleep(100)) {
      if (Date.now() > deadline) throw new Error(`still live: ${live}`);
      live = await liveOf({ ...row, outcome }, emulator);
      expectLiveIsRecorded({ ...change, live });
    }
  }

  async #converge(wanted: Wanted): Promise<void> {
    // Two pauses at most: one for the wanted password, one for the one before it.
    for (let pauses = 0; ; pauses++) {
      await agePauses(this.stack, this.emulators["huaweicloud"] as TestEmulator);
      const { code } = await this.#up(pauses < 2 ? "any" : "success");
      if (code === 0) break;
    }
    const states = await this.#states();
    for (const row of this.accounts)
      await about(row, states, "", async () => {
        expectSettled(stateOf(row, states)?.outputs ?? {}, passwordsOf(row)[wanted]);
        for (const password of Object.values(passwordsOf(row)))
          expect([password, await opens(row, password, this.#emulator(row))]).toEqual([
            password,
            password === passwordsOf(row)[wanted],
          ]);
      });
    const writes = await this.#writes();
    expect((await this.#up("success")).text).toContain(`${this.accounts.length + 1} unchanged`);
    expect(await this.#writes()).toBe(writes);
  }

  async #writes(): Promise<number> {
    const each = await Promise.all(Object.values(this.emulators).map((one) => one.writes()));
    return each.flat().length;
  }
}

function pick(
  from: Record<string, string>,
  names: readonly (readonly [string, string])[],
): Record<string, string> {
  return Object.fromEntries(names.map(([name]) => [name, from[name] ?? ""]));
}

function nameOf({ n }: Row): string {
  return `row${n}`;
}

function stateOf(row: Row, states: States): StateResource | undefined {
  return states.get(nameOf(row));
}

/** What the engine has made of the provider's answer. */
function changeOf(
  row: Row,
  before: States,
  after: States,
  more: Pick<Change, "sent" | "live" | "liveBefore">,
): Change {
  const { outputs, initErrors = [] } = stateOf(row, after) ?? {};
  const done = outputs?.["status"] === "confirmed" && outputs["password"] === more.sent;
  return {
    ...more,
    row,
    before: stateOf(row, before)?.outputs,
    after: outputs,
    failed: initErrors.length > 0 ? "partially" : done ? undefined : "plainly",
  };
}

/** A failure says which row it was, and what was recorded. */
async function about(
  row: Row,
  states: States,
  text: string,
  run: () => Promise<void>,
): Promise<void> {
  await run().catch((error: Error) => {
    const { outputs, initErrors } = stateOf(row, states) ?? {};
    const recorded = JSON.stringify({ outputs, initErrors }, null, 2);
    const lines = text
      .split("\n")
      .filter((line) => line.includes(String(accountOf(row)["instanceId"])));
    throw new Error([row.name, error.message, `recorded: ${recorded}`, ...lines].join("\n"));
  });
}
