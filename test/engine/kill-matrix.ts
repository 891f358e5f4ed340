/**
 * Runs of the real command line that are killed at a chosen moment, and what has to hold after it:
 * the live password of every account is saved at once, and the next `up` ends well.
 */
import { accountLists, five, imports, type KnownAccount } from "./accounts";
import { newEmulator, type AccountsFile, type Fault, type TestEmulator } from "./emulator";
import { type LiveRun, newStack, type Stack } from "./harness";
import { agePauses } from "./pauses";

export const phases = ["create", "rotate", "change after unknown", "adopt"] as const;
export const targets = ["command line", "provider", "both"] as const;
export const boundaries = [
  "before the request is sent",
  "before the effect",
  "after the effect",
  "between answer and state",
  "while the vendor finishes",
  "before another try",
] as const;

export interface Scenario {
  readonly phase: (typeof phases)[number];
  readonly boundary: (typeof boundaries)[number];
  readonly target: (typeof targets)[number];
}

/** Every one that there is: an adoption makes no call, so it has only the ends of its own. */
export const scenarios: readonly Scenario[] = phases.flatMap((phase) =>
  boundaries
    .filter((boundary) => phase !== "adopt" || boundary === "between answer and state")
    .flatMap((boundary) => targets.map((target) => ({ phase, boundary, target }))),
);

/** An account of this matrix, and where its password comes from. */
export interface Victim extends KnownAccount {
  readonly fromGenerator: boolean;
  /** It logs in at its engine itself, with one wrong try in 16 minutes at most. */
  readonly changesItself: boolean;
}

const kinds: readonly Omit<Victim, "fromGenerator">[] = [
  ...five.map((known) => ({ ...known, changesItself: false })),
  {
    name: "bob",
    type: "huaweicloud:ServicecombAccountPassword",
    className: "huaweicloud.ServicecombAccountPassword",
    account: { engineId: "own-1", accountName: "bob" },
    first: "Robert@123x",
    changesItself: true,
  },
];

/** That many accounts of each kind and source, each with an instance of its own. */
export function victims(ofEach: number): Victim[] {
  return kinds.flatMap((known) =>
    [true, false].flatMap((fromGenerator) =>
      Array.from({ length: ofEach }, (_, n) => {
        const suffix = `${fromGenerator ? "g" : "c"}${n}`;
        const [instance = ""] = Object.keys(known.account);
        return {
          ...known,
          fromGenerator,
          name: `${known.name}-${suffix}`,
          account: { ...known.account, [instance]: `${known.account[instance]}${suffix}` },
        };
      }),
    ),
  );
}

type Records = Record<string, Record<string, Record<string, unknown>[]>>;

function accountsFile(all: readonly Victim[]): AccountsFile {
  const file: Records = {};
  for (const { type, account, first } of all) {
    const [vendor = "", list = ""] = accountLists[type] ?? [];
    const roles = list === "servicecomb" ? { roles: ["developer"] } : {};
    ((file[vendor] ??= {})[list] ??= []).push({ ...account, ...roles, password: first });
  }
  return file as AccountsFile;
}

/** The password of a configuration secret, by number; 0 is what is live at first. */
function configured({ name, type, first }: Victim, n: number): string {
  if (n === 0) return first;
  return `Set${n}${type.includes("Tcr") ? "" : "+"}${name.replaceAll("-", "")}x`;
}

/** Each with the password that it had at first, as if nobody ever corrected the variable. */
function ownLogins(all: readonly Victim[], emulator: TestEmulator): Record<string, string> {
  // With it there would be one login for all engines.
  const { ACCOUNT_PASSWORDS_EMULATOR: _one, ...environment } = emulator.environment;
  const logins = all
    .filter(({ changesItself }) => changesItself)
    .flatMap(({ account, first }) => {
      const end = `_${account["engineId"]?.toUpperCase().replaceAll("-", "_")}`;
      return [
        [`SERVICECOMB_ENGINE_ENDPOINT${end}`, emulator.url],
        [`SERVICECOMB_RBAC_ACCOUNT${end}`, account["accountName"]],
        [`SERVICECOMB_RBAC_PASSWORD${end}`, first],
      ];
    });
  return { ...environment, ...(Object.fromEntries(logins) as Record<string, string>) };
}

const writes: Fault["action"][] = [
  "ModifyServiceAccountPassword",
  "ResetAccountPassword",
  "ModifyInstancePassword",
  "ResetPassword",
  "ChangeAccountPassword",
];
const everyWrite = (fault: Pick<Fault, "when" | "what">): Fault[] =>
  writes.map((action) => ({ ...fault, action, times: 100_000 }) as Fault);

export class Massacre {
  #n = 0;
  #adopts = false;

  private constructor(
    readonly scenario: Scenario,
    readonly all: readonly Victim[],
    readonly emulator: TestEmulator,
    readonly stack: Stack,
  ) {}

  static async prepare(scenario: Scenario, all: readonly Victim[]): Promise<Massacre> {
    const emulator = await newEmulator({ accounts: accountsFile(all) });
    const stack = await newStack({ env: ownLogins(all, emulator) });
    const massacre = new Massacre(scenario, all, emulator, stack);
    massacre.#adopts = scenario.phase === "adopt";
    if (scenario.phase === "adopt") {
      await massacre.#declare(0);
    } else {
      await massacre.#declare(1);
      if (scenario.phase !== "create") {
        await stack.up();
        await massacre.#declare(2);
      }
    }
    if (scenario.phase === "change after unknown") {
      massacre.#setProgram(1);
      await emulator.addFaults(...everyWrite({ when: "after", what: "reset" }));
      await stack.up({ expect: "failure", args: ["--continue-on-error"] });
      await massacre.expectSaved();
      await emulator.clearFaults();
      await agePauses(stack, emulator);
      await massacre.#declare(3);
    }
    return massacre;
  }

  async #declare(n: number): Promise<void> {
    this.#n = n;
    this.#setProgram();
    const secrets = this.all
      .filter(({ fromGenerator }) => !fromGenerator)
      .map((victim) => [victim.name, configured(victim, n)] as const);
    await this.stack.config.setAll({}, Object.fromEntries(secrets));
  }

  #setProgram(timeoutSeconds = 60): void {
    const lines = this.all.map(
      ({ name, className, account, first, fromGenerator, changesItself }) => {
        const current = JSON.stringify(first);
        const generator = `new RotatingPassword("${name}", { policy: ${className}.policy, keepers: { release: "${this.#n}" }, ${this.#adopts ? `initial: ${current}` : ""} })`;
        const password = fromGenerator ? generator : `config.requireSecret("${name}")`;
        const needsCurrent = this.#adopts || changesItself || className.includes("Redis");
        return `new ${className}("${name}", { ...${JSON.stringify(account)}, timeoutSeconds: ${timeoutSeconds}, password: ${password}, ${needsCurrent ? `currentPassword: ${current}` : ""} });`;
      },
    );
    this.stack.setProgram(`${imports}${lines.join("\n")}\n`);
  }

  /**
   * Starts `up`, and kills it at the boundary.
   *
   * @returns How many accounts it left in the middle of their change.
   */
  async kill(): Promise<number> {
    const { boundary, target, phase } = this.scenario;
    const before = (await this.emulator.requests()).length;
    await this.emulator.addFaults(...faultsAt(boundary));
    const slow = boundary === "before the request is sent";
    const run = this.stack.spawnUp({
      // One that changes itself sends nothing twice, and fails before the others have begun.
      args: ["--parallel=1000", "--continue-on-error"],
      env: slow ? { ACCOUNT_PASSWORDS_RATE: "0.1/s" } : {},
    });
    const struck = async () => {
      const requests = (await this.emulator.requests()).slice(before);
      const strikes = requests.filter(({ outcome }) => outcome.startsWith("fault:"));
      return new Set(strikes.map(({ service, account }) => JSON.stringify([service, account])))
        .size;
    };
    const finishing = this.all.filter(({ type }) => /Redis|Postgresql/.test(type)).length;
    const awaited =
      phase === "adopt"
        ? 0
        : slow
          ? // One of each of Tencent Cloud's services, in whose turn the others wait.
            five.length - 1
          : boundary === "while the vendor finishes"
            ? finishing
            : this.all.length;
    const moment = async () => (awaited === 0 ? this.#inFlight() > 0 : (await struck()) >= awaited);
    await until(`the moment ${boundary}`, moment, run);
    if (boundary === "between answer and state") {
      // The command line stands still while its provider hears from the vendor, and answers.
      process.kill(run.pid, "SIGSTOP");
      await pause(awaited === 0 ? 300 : answerDelayMs + 1000);
    }
    const inFlight = this.#inFlight();
    await this.#strike(run, target);
    await this.emulator.clearFaults();
    return inFlight;
  }

  async #strike(run: LiveRun, target: Scenario["target"]): Promise<void> {
    switch (target) {
      case "command line":
        await run.killCli();
        return;
      case "both":
        return run.killAll();
      case "provider":
        await run.killProvider();
        process.kill(run.pid, "SIGCONT");
        await run.ended;
    }
  }

  /** Accounts whose operation the engine has begun and not ended. */
  #inFlight(): number {
    const state = JSON.parse(this.stack.rawState()) as {
      checkpoint: { latest?: { pending_operations?: { resource: { urn: string } }[] } };
    };
    const pending = state.checkpoint.latest?.pending_operations ?? [];
    // Not its generator's, and not the provider's own.
    return pending.filter(({ resource }) => /dynamic\/(tencent|huawei)cloud:/.test(resource.urn))
      .length;
  }

  /** The live password of every account stands in what Pulumi has saved. */
  async expectSaved(): Promise<void> {
    const live = await this.#livePasswords();
    const { resources, pending_operations = [] } = await this.stack.export();
    const operations = pending_operations.map(({ resource }) => resource);
    for (const [victim, password] of live) {
      const mine = (all: typeof resources) =>
        all.filter(({ urn }) => urn.endsWith(`::${victim.name}`));
      const saved = [
        ...mine(resources).flatMap(({ outputs = {} }) => [
          outputs["password"],
          outputs["pendingPasswords"],
          outputs["result"],
          outputs["history"],
        ]),
        // A configuration secret has no generator that remembers it.
        ...(victim.fromGenerator
          ? []
          : [
              ...mine(operations).map(({ inputs = {} }) => inputs["password"]),
              configured(victim, this.#n),
            ]),
      ].flat();
      // Before the first change it is the one that its owner has given.
      const untouched = password === victim.first && !mine(resources).some(hasPassword);
      if (!untouched && !saved.includes(password))
        throw new Error(`${victim.name}: the live password is saved nowhere`);
    }
  }

  /** No provider outlives its engine by more than five seconds. @returns How many did. */
  async orphans(): Promise<number> {
    const providers = () => this.stack.processes().filter(({ role }) => role === "provider");
    const deadline = Date.now() + 5000;
    while (providers().length > 0 && Date.now() < deadline) await pause(50);
    const left = providers().length;
    await this.stack.endProcesses();
    return left;
  }

  /**
   * At most two runs, nothing edited; then everything is as the program wants it, and stays so. An
   * account that changes itself may take one for each password that it may have, 16 minutes apart.
   */
  async recover(): Promise<void> {
    if (this.scenario.target !== "provider") await this.stack.cancel();
    let runs = 0;
    for (let code: number | null = null; code !== 0; runs++) {
      if (runs === 2) await this.#expectAllButThemselves();
      if (runs === candidates) throw new Error(`not right after ${runs} runs`);
      await agePauses(this.stack, this.emulator);
      ({ code } = await this.stack.up({ expect: "any", args: ["--continue-on-error"] }));
      await this.expectSaved();
    }
    await this.#expectRight(this.all);
    const writesBefore = (await this.emulator.writes()).length;
    const { changes } = await this.stack.up();
    const again = (await this.emulator.writes()).length - writesBefore;
    if (again > 0 || Object.keys(changes).join() !== "same")
      throw new Error(`the run after it changed something: ${JSON.stringify({ changes, again })}`);
  }

  #expectAllButThemselves(): Promise<void> {
    return this.#expectRight(this.all.filter(({ changesItself }) => !changesItself));
  }

  async #expectRight(of: readonly Victim[]): Promise<void> {
    const { resources } = await this.stack.export();
    for (const [victim, password] of await this.#livePasswords()) {
      if (!of.includes(victim)) continue;
      const { name, type } = victim;
      const { outputs = {} } =
        resources.find(({ urn }) => urn.endsWith(`dynamic/${type}::${name}`)) ?? {};
      if (!/confirmed|adopted/.test(String(outputs["status"])) || outputs["password"] !== password)
        throw new Error(`${name} is ${String(outputs["status"])}, with another password than live`);
    }
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.emulator.close();
  }

  async #livePasswords(): Promise<[Victim, unknown][]> {
    const accounts = (await this.emulator.accounts()) as unknown as Records;
    return this.all.map((victim) => {
      const [vendor = "", list = ""] = accountLists[victim.type] ?? [];
      const record = accounts[vendor]?.[list]?.find((each) =>
        Object.entries(victim.account).every(([name, value]) => each[name] === value),
      );
      return [victim, record?.["password"]];
    });
  }
}

const answerDelayMs = 500;

/** Of an account, at most, in all scenarios: its first password and three that were set. */
const candidates = 4;

function faultsAt(boundary: Scenario["boundary"]): Fault[] {
  switch (boundary) {
    case "before the request is sent":
    case "before the effect":
      return everyWrite({ when: "before", what: "hang" });
    case "after the effect":
      return everyWrite({ when: "after", what: "hang" });
    case "between answer and state":
      return everyWrite({ when: "after", what: `delay:${answerDelayMs}` });
    case "while the vendor finishes":
      return [
        { service: "redis", action: "DescribeTaskInfo", when: "before", what: "hang", times: 1e5 },
        {
          service: "postgres",
          action: "DescribeAccounts",
          when: "before",
          what: "hang",
          times: 1e5,
        },
      ];
    case "before another try":
      return everyWrite({ when: "after", what: "status:503" });
  }
}

function hasPassword({ outputs = {} }: { outputs?: Record<string, unknown> }): boolean {
  return typeof outputs["password"] === "string";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(what: string, reached: () => Promise<boolean>, run: LiveRun): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error(`${what} does not come:\n${run.text()}`);
    // An adoption takes a few milliseconds.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
