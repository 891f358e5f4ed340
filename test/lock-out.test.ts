/**
 * No account of an engine is ever locked by this package, whatever is done to it: wrong passwords,
 * lost answers, runs one upon the other, a login that is refused, accounts that wait for others, a
 * configuration that changes in between. Three wrong passwords lock an account for 15 minutes, so
 * no more than one is ever tried in 16; and once the right one is given, all is well.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { RequestLogEntry } from "../emulator";
import { huaweiCloud } from "../emulator/credentials";
import {
  newRun,
  type Properties,
  type Recorded,
  type Rehearsal,
  Resource,
  spyOnOutput,
  startRehearsal,
} from "./rehearsal";
import { amount, randomNumbers, record } from "./torture";

const { seed, enough, timeoutMs } = amount("lockouts", 50);
jest.setTimeout(timeoutMs);

// As for Pulumi's SDK: it takes long to load, and keeps nothing that matters here.
const axios: unknown = jest.requireActual("axios");
jest.doMock("axios", () => axios);

const type = "huaweicloud:ServicecombAccountPassword";
const engineId = "engine-1";
const minute = 60_000;

const names = ["alice", "bob", "carol", "dave", "root"] as const;
type Name = (typeof names)[number];

/** Nobody's clock but the test's: the provider's and the emulator's alike. */
const realNow = Date.now.bind(Date);
let shiftMs = 0;
const now = () => realNow() + shiftMs;

const before = { ...process.env };
beforeEach(() => {
  shiftMs = 0;
  jest.spyOn(Date, "now").mockImplementation(now);
  // The shortest waits between the sends of a value.
  jest.spyOn(Math, "random").mockReturnValue(0.02);
  spyOnOutput();
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
});

/** A wrong password that the engine has counted. */
interface WrongTry {
  readonly account: string;
  readonly at: number;
}

/** One stack with some accounts of an engine, and what befalls it. */
class Walk {
  readonly #random: () => number;
  /** In the order of the program, which is any. */
  readonly #resources = new Map<Name, Resource>();
  /** By `dependsOn`: on an earlier one. */
  readonly #waitsFor = new Map<Name, Name>();
  readonly #programs = new Map<Name, Properties>();
  /** What the engine would let in. */
  readonly #live = new Map<string, string>();
  /** All that an account's password has been or was to be. */
  readonly #known = new Map<Name, string[]>();
  readonly wrongTries: WrongTry[] = [];
  readonly story: string[] = [];
  lockOuts = 0;
  /** Whose login the changes are made with, and the password that the variable holds. */
  #operator: { name: Name; password: string };
  /** A token of somebody else in the place of that login. */
  #token: string | undefined;
  #faultIsAfter = false;
  #drawn = 0;

  constructor(
    number: number,
    readonly twin: Rehearsal,
    live: ReadonlyMap<string, string>,
    /** Of an administrator whose password nobody changes. */
    private readonly administrator: string,
  ) {
    this.#random = randomNumbers(seed * 1_000_003 + number);
    for (const [name, password] of live) this.#live.set(name, password);
    const declared = this.#shuffled(names).slice(0, 2 + Math.floor(this.#random() * 3));
    const isChain = this.#chance(0.4);
    for (const [n, name] of declared.entries()) {
      this.#resources.set(name, new Resource(newRun(type), type));
      const before = isChain ? declared[n - 1] : this.#of(undefined, ...declared.slice(0, n));
      if (before !== undefined) this.#waitsFor.set(name, before);
    }
    for (const name of declared) {
      const first = String(this.#live.get(name));
      this.#known.set(name, [first]);
      this.#programs.set(name, {
        region: huaweiCloud.region,
        projectId: huaweiCloud.projectId,
        engineId,
        accountName: name,
        timeoutSeconds: 1,
        password: this.#newPassword(name),
        ...this.#of<Properties>({}, { currentPassword: first }, { currentPassword: this.#wrong() }),
      });
    }
    this.#operator = { name: this.#of(...names), password: "" };
    this.#giveOperator(this.#of("right", "right", "wrong"));
  }

  /** Something happens, and somebody runs `pulumi up`. */
  async step(): Promise<void> {
    const name = this.#of(...this.#resources.keys());
    const program = this.#programs.get(name) ?? {};
    const change = (more: Properties) => void this.#programs.set(name, { ...program, ...more });
    const event = this.#of(
      ...["rotate", "rotate", "revert", "rerun", "fault", "fault", "wrong current", "candidates"],
      ...["right current", "outside", "operator", "variable", "refresh", "no current"],
      ...["token", "target", "one by one"],
    );
    this.story.push(`${event} ${name}`);
    switch (event) {
      case "rotate":
        change({ password: this.#newPassword(name) });
        break;
      case "revert":
        change({ password: this.#of(...(this.#known.get(name) ?? [])) });
        break;
      case "rerun":
        for (let runs = 0; runs < 3; runs++) await this.up();
        break;
      case "fault":
        await this.#fault(name);
        break;
      case "wrong current":
        change({ currentPassword: this.#wrong() });
        break;
      case "right current":
        change({ currentPassword: this.#live.get(name) });
        break;
      case "no current":
        change({ currentPassword: undefined });
        break;
      case "candidates":
        change({ candidates: [this.#wrong(), this.#of(...(this.#known.get(name) ?? []))] });
        break;
      case "outside": {
        const password = this.#newPassword(name);
        this.#live.set(name, password);
        const servicecomb = [{ engineId, accountName: name, password }];
        await this.twin.outside({ huaweicloud: { servicecomb } });
        break;
      }
      case "operator":
        this.#operator = { name: this.#of(...names), password: "" };
        this.#giveOperator(this.#of("right", "wrong"));
        break;
      case "variable":
        this.#giveOperator(this.#of("right", "wrong", "stale"));
        break;
      case "token":
        this.#token = this.#token === undefined ? this.administrator : undefined;
        break;
      case "target":
        await this.up(this.#shuffled([...this.#resources.keys()]).slice(0, 2), { alone: true });
        break;
      case "one by one":
        // From the last one of a chain on: each run comes to the others first.
        for (const last of [...this.#resources.keys()].reverse()) {
          const password = this.#newPassword(last);
          this.#programs.set(last, { ...this.#programs.get(last), password });
          await this.up();
        }
        break;
      case "refresh":
        this.#newProcess();
        for (const resource of this.#resources.values())
          if (resource.id !== undefined) await resource.refresh().catch(() => undefined);
        break;
    }
    await this.up();
    if (this.#chance(0.7)) this.#wait(1 + Math.floor(this.#random() * 20));
  }

  /**
   * One `pulumi up`, in a process of its own. It sees the state of an account when it comes to it,
   * which may be after it has logged in for another one, or never.
   *
   * @param only The accounts of the run, in any order that their dependencies allow.
   * @param alone Whether it does not wait for others: `--target`.
   */
  async up(
    only: readonly Name[] = this.#shuffled([...this.#resources.keys()]),
    { alone = false } = {},
  ): Promise<string[]> {
    shiftMs += Math.floor(this.#random() * 20_000);
    this.#newProcess();
    const goesOn = this.#chance(0.5);
    const said: string[] = [];
    const left = [...only];
    const done = new Set<Name>();
    const isNext = (name: Name) => {
      const before = this.#waitsFor.get(name);
      return alone || before === undefined || done.has(before);
    };
    // One whose dependency has failed is never the next.
    for (let next = left.findIndex(isNext); next >= 0; next = left.findIndex(isNext)) {
      const [name] = left.splice(next, 1) as [Name];
      const program = this.#programs.get(name) ?? {};
      const from = this.twin.recorded.length;
      const logged = (await this.#log()).length;
      try {
        await this.#resources.get(name)?.up(program);
        done.add(name);
      } catch (error) {
        said.push((error as Error).message);
      }
      const log = (await this.#log()).slice(logged);
      this.#follow(this.twin.recorded.slice(from).filter(isCounted), log);
      if (said.length > 0 && !goesOn) break;
    }
    this.story.push(
      `  up at ${Math.round(shiftMs / minute)} min as ${this.#operator.name}: ${said.map((text) => /\(([A-Z_]+)[^(]*\)$/.exec(text)?.[1]).join()}`,
    );
    expect(said.filter((text) => /\((INTERNAL|INVALID_ARGUMENT)/.test(text))).toEqual([]);
    // The model is right only if it knows what is live.
    for (const [name, password] of this.#live) expect(await this.#opens(name, password)).toBe(true);
    return said;
  }

  /** The right passwords are given, and somebody comes back now and then. */
  async end(): Promise<void> {
    await this.twin.fault();
    this.#token = undefined;
    const asOperator = this.#chance(0.5);
    for (const [name, program] of this.#programs) {
      // A new one: nothing else tells that the password was changed outside.
      const password = this.#newPassword(name);
      const currentPassword = this.#live.get(name);
      this.#programs.set(name, { ...program, password, currentPassword });
    }
    for (const name of this.#resources.keys()) {
      // Each by itself, or by the administrator.
      this.#operator = { name: asOperator ? "root" : name, password: "" };
      let said: string[] = [];
      // Where an answer was lost that is asked about first, and each answer is worth 16 minutes.
      const isOpen = this.#resources.get(name)?.outputs["pendingPasswords"] !== undefined;
      for (let runs = isOpen ? 6 : 1; runs > 0; runs--) {
        this.#giveOperator("right");
        this.#wait(17);
        said = await this.up([name], { alone: true });
        if (said.length === 0) break;
      }
      const { password } = this.#programs.get(name) ?? {};
      expect([name, said]).toEqual([name, []]);
      expect([name, this.#live.get(name)]).toEqual([name, password]);
      const { outputs } = this.#resources.get(name) ?? {};
      expect(outputs).toMatchObject({ password, drift: "none" });
      expect(["confirmed", "adopted"]).toContain(outputs?.["status"]);
    }
  }

  /** How many wrong passwords of one account there were in any 16 minutes. */
  mostIn16Minutes(): number {
    const counts = this.wrongTries.map(
      ({ account, at }) =>
        this.wrongTries.filter(
          (other) => other.account === account && other.at <= at && other.at > at - 16 * minute,
        ).length,
    );
    return Math.max(0, ...counts);
  }

  /** Which passwords were wrong, and what has become live: as the engine decides, seen or not. */
  #follow(requests: readonly Recorded[], log: readonly RequestLogEntry[]): void {
    const counted = log.filter(({ action }) => /^(Login|ChangeAccountPassword)$/.test(action));
    expect(counted).toHaveLength(requests.length);
    for (const [n, { body }] of requests.entries()) {
      const { outcome, account, action } = counted[n] as RequestLogEntry;
      const name = account?.accountName ?? "";
      const live = this.#live.get(name);
      const sent = JSON.parse(body) as Record<"password" | "currentPassword", string>;
      if (outcome === "error:403201") this.lockOuts++;
      const struck = outcome.startsWith("fault:");
      if (struck && !this.#faultIsAfter) continue;
      const given = action === "Login" ? sent.password : sent.currentPassword;
      const isWrong = given !== undefined && given !== live;
      if (isWrong) this.wrongTries.push({ account: name, at: now() });
      if (!struck) expect(/^error:401(202|207)$/.test(outcome)).toBe(isWrong);
      if (isWrong) this.story.push(`    wrong password of ${name}, ${action} ${outcome}`);
      const done = struck ? !isWrong && given !== sent.password : outcome === "ok";
      if (action !== "Login" && done) this.#live.set(name, sent.password);
    }
  }

  async #fault(name: Name): Promise<void> {
    const isLogin = this.#chance(0.3);
    const when = this.#of("before", "after");
    this.#faultIsAfter = when === "after";
    await this.twin.fault();
    await this.twin.fault({
      service: "cse",
      action: isLogin ? "Login" : "ChangeAccountPassword",
      account: { accountName: isLogin ? this.#operator.name : name },
      when,
      what: this.#of("reset", "garbage", "status:503", "error:500003"),
      times: this.#of(1, 2),
    });
  }

  #newProcess(): void {
    const provider = newRun(type);
    for (const resource of this.#resources.values()) resource.provider = provider;
    process.env["SERVICECOMB_RBAC_TOKEN"] = this.#token ?? "";
    process.env["SERVICECOMB_RBAC_ACCOUNT"] = this.#token === undefined ? this.#operator.name : "";
    process.env["SERVICECOMB_RBAC_PASSWORD"] =
      this.#token === undefined ? this.#operator.password : "";
  }

  #giveOperator(which: "right" | "wrong" | "stale"): void {
    const live = String(this.#live.get(this.#operator.name));
    const [stale = live] = this.#known.get(this.#operator.name) ?? [];
    const password = { right: live, wrong: this.#wrong(), stale }[which];
    this.#operator = { ...this.#operator, password };
  }

  #newPassword(name: Name): string {
    const password = `Walk-${name}-${++this.#drawn}x`;
    this.#known.get(name)?.push(password);
    return password;
  }

  #wrong(): string {
    return `Wrong-${++this.#drawn}-password`;
  }

  #wait(minutes: number): void {
    shiftMs += minutes * minute;
    this.story.push(`  ${minutes} min`);
  }

  async #log(): Promise<RequestLogEntry[]> {
    return this.twin.log();
  }

  #opens(accountName: string, password: string): Promise<boolean> {
    return this.twin.opens(type, { engineId, accountName }, password);
  }

  #shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((one) => ({ one, at: this.#random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }

  #of<T>(...ways: readonly T[]): T {
    return ways[Math.floor(this.#random() * ways.length)] as T;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}

function isCounted({ path }: Recorded): boolean {
  return path === "/v4/token" || path.endsWith("/password");
}

/** Of an administrator of the test's own. */
async function tokenOf({ url }: Rehearsal, name: string, password: string): Promise<string> {
  const headers = { "X-Engine-Id": engineId };
  const post = { method: "POST", headers, body: JSON.stringify({ name, password }) };
  return ((await (await fetch(`${url}/v4/token`, post)).json()) as { token: string }).token;
}

/** What the engine itself says of locked accounts. */
async function locks({ url }: Rehearsal, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v4/account-locks`, { headers });
  return ((await answer.json()) as { total: number }).total;
}

const live = new Map(names.map((name) => [name as string, `Live-${name}-1`]));

test("no account is ever locked, and at the end all have their passwords", async () => {
  let mostWrongTriesIn16Minutes = 0;
  let lockOuts = 0;
  let walks = 0;
  let wrongTries = 0;
  for (; !enough(walks); walks++) {
    shiftMs = 0;
    const servicecomb = [...live, ["watcher", "Live-watcher-1"] as const].map(
      ([accountName, password]) => ({ engineId, accountName, password, roles: ["admin"] }),
    );
    const twin = await startRehearsal({ huaweicloud: { servicecomb } });
    Object.assign(process.env, twin.environment, {
      // With it no journal is kept.
      ACCOUNT_PASSWORDS_EMULATOR: "",
      XDG_CACHE_HOME: mkdtempSync(join(String(before["XDG_CACHE_HOME"]), "walk-")),
    });
    const token = await tokenOf(twin, "watcher", "Live-watcher-1");
    const walk = new Walk(walks, twin, live, token);
    try {
      for (let steps = 0; steps < 8; steps++) {
        await walk.step();
        lockOuts += await locks(twin, await tokenOf(twin, "watcher", "Live-watcher-1"));
        expect([walk.lockOuts, lockOuts]).toEqual([0, 0]);
        expect(walk.mostIn16Minutes()).toBeLessThanOrEqual(1);
      }
      await walk.end();
      expect(walk.mostIn16Minutes()).toBeLessThanOrEqual(1);
    } catch (error) {
      throw new Error(
        `seed ${seed}, walk ${walks}: ${(error as Error).message}\n${walk.story.join("\n")}`,
        { cause: error },
      );
    } finally {
      await twin.close();
    }
    mostWrongTriesIn16Minutes = Math.max(mostWrongTriesIn16Minutes, walk.mostIn16Minutes());
    wrongTries += walk.wrongTries.length;
  }
  record("lockouts", { walks, lockOuts, mostWrongTriesIn16Minutes });
  // Walks without a wrong password would prove nothing.
  expect(wrongTries).toBeGreaterThan(walks);
});
