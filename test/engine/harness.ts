// The real Pulumi engine for tests: each stack has a program folder, a state folder and a PULUMI_HOME of its own, and nothing
// of the developer's (no variables, no home folder). Whatever a test leaves behind is removed when its file is done.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Result, start, type StartedCommand } from "./command";
import { descendantsOf, kill, type OwnProcess, processesWith } from "./processes";
import * as workspaces from "./workspace";

export type { Result } from "./command";
export type { OwnProcess } from "./processes";
export { checkout, type Language } from "./workspace";

type Variables = Record<string, string | undefined>;

export interface StackOptions {
  /** The text of the main file. */
  program?: string;
  /** Of `program`. Default: `"precompiled"`. */
  language?: workspaces.Language;
  /** Instead of `program`: a Pulumi project of the checkout, such as `"examples/quickstart"`. */
  copyOf?: string;
  /** Further files of the program's folder, by name. They win over the harness's own. */
  files?: Record<string, string>;
  /** Default: `"test"`. */
  name?: string;
  /** Default: `"project"`. With `copyOf` its own. */
  project?: string;
  /** Stack configuration, set before the first command. */
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
  /** Environment of every command, such as an emulator's. `undefined` removes a variable. */
  env?: Variables;
}

export interface CommandOptions {
  /** Added to the stack's environment for this command. */
  env?: Variables;
  /** Further arguments. */
  args?: string[];
  /**
   * What the test relies on, and is told about with the whole output if it is otherwise. Default:
   * `"success"`.
   */
  expect?: "success" | "failure" | "any";
  /** Default: 2 minutes. */
  timeoutMs?: number;
}

export interface PreviewJson {
  steps: {
    op: string;
    urn: string;
    oldState?: { type: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> };
    newState?: { type: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> };
    detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
    diffReasons?: string[];
    replaceReasons?: string[];
  }[];
  changeSummary: Record<string, number>;
  diagnostics?: { message: string; severity: string; urn?: string }[];
}

/** A resource as the state has it, secrets opened. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

export interface Deployment {
  resources: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

const passphrase = "a passphrase of the tests";

/**
 * An `up` takes some two seconds on two cores, and a test makes several; what hangs is ended by its
 * own timeout.
 */
jest.setTimeout(300_000);

const open = new Set<Stack>();
afterAll(async () => {
  await Promise.all([...open].map((stack) => stack.close()));
});

/** Makes a stack, without any resource yet. */
export async function newStack(options: StackOptions): Promise<Stack> {
  const stack = new Stack(options);
  open.add(stack);
  await stack.pulumi(["stack", "init", stack.name, "--secrets-provider", "passphrase"]);
  await stack.config.setAll(options.config ?? {}, options.secretConfig ?? {});
  return stack;
}

export class Stack {
  readonly name: string;
  /** Where the program lies, and where commands run. */
  readonly folder: string;
  readonly pulumiHome: string;
  /** The home folder of all commands. */
  readonly home: string;
  readonly #workspace = workspaces.makeWorkspace();
  readonly #language: workspaces.Language;
  #env: Variables;
  #exported: { state: string; resources: StateResource[] } | undefined;

  /** Use {@link newStack}. */
  constructor(options: StackOptions) {
    const language = options.language ?? "precompiled";
    this.name = options.name ?? "test";
    this.folder = this.#workspace.program;
    this.pulumiHome = this.#workspace.pulumiHome;
    this.home = this.#workspace.home;
    this.#language = language;
    this.#env = options.env ?? {};
    if (options.copyOf !== undefined) workspaces.copyProject(options.copyOf, this.folder);
    else this.setFiles(workspaces.projectFiles(options.project ?? "project", language));
    if (options.program !== undefined) this.setProgram(options.program);
    this.setFiles(options.files ?? {});
  }

  /** Replaces the main file. */
  setProgram(text: string): void {
    this.setFiles({
      [workspaces.mainFile(this.#language)]: workspaces.mainText(text, this.#language),
    });
  }

  setFiles(files: Record<string, string>): void {
    workspaces.writeFiles(this.folder, files);
  }

  /** Changes the environment of all further commands. */
  setEnv(env: Variables): void {
    this.#env = { ...this.#env, ...env };
  }

  readonly config = {
    set: async (key: string, value: string, { secret = false } = {}): Promise<void> => {
      // After `--` a value may start with a minus, as passwords do.
      await this.pulumi(["config", "set", secret ? "--secret" : "--plaintext", "--", key, value]);
    },
    setAll: async (plain: Record<string, string>, secret: Record<string, string> = {}) => {
      const args = [
        ...Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
        ...Object.entries(secret).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
      ];
      if (args.length > 0) await this.pulumi(["config", "set-all", ...args]);
    },
    remove: async (key: string): Promise<void> => {
      await this.pulumi(["config", "rm", "--", key]);
    },
  };

  /** `pulumi up`, without a preview before it unless one is asked for. */
  up({ preview = false, ...options }: CommandOptions & { preview?: boolean } = {}) {
    return this.pulumi(["up", "--yes", ...(preview ? [] : ["--skip-preview"])], options);
  }

  preview({ diff = false, ...options }: CommandOptions & { diff?: boolean } = {}) {
    return this.pulumi(["preview", ...(diff ? ["--diff"] : [])], options);
  }

  /** `pulumi preview --json`, read. */
  async previewJson(options: CommandOptions = {}): Promise<Result & { json: PreviewJson }> {
    const result = await this.pulumi(["preview", "--json"], options);
    return { ...result, json: JSON.parse(result.stdout || "{}") as PreviewJson };
  }

  refresh({ diff = false, ...options }: CommandOptions & { diff?: boolean } = {}) {
    return this.pulumi(
      ["refresh", "--yes", "--skip-preview", ...(diff ? ["--diff"] : [])],
      options,
    );
  }

  destroy(options: CommandOptions = {}) {
    return this.pulumi(["destroy", "--yes", "--skip-preview"], options);
  }

  /** Takes away the lock of a run that was killed. */
  cancel(options: CommandOptions = {}) {
    return this.pulumi(["cancel", "--yes"], options);
  }

  /** The stack's outputs; secrets are opened unless `showSecrets` is false. */
  async outputs({ showSecrets = true } = {}): Promise<Record<string, unknown>> {
    const secrets = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await this.pulumi(["stack", "output", "--json", ...secrets]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The state; secrets are opened unless `showSecrets` is false. */
  async export({ showSecrets = true } = {}): Promise<Deployment> {
    const secrets = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await this.pulumi(["stack", "export", ...secrets]);
    const { deployment } = JSON.parse(stdout) as { deployment: Deployment };
    // An opened secret is `{ plaintext: "<JSON>", <signature> }`.
    return openSecrets({ ...deployment, resources: deployment.resources ?? [] });
  }

  /**
   * A resource of the state, secrets opened. `"cache"`, or `"RedisInstancePassword::cache"` where
   * types share names.
   */
  async resource(name: string): Promise<StateResource> {
    const state = this.rawState();
    // An export is a run of the command line, and tests ask for many resources of one state.
    if (this.#exported?.state !== state) this.#exported = { state, ...(await this.export()) };
    const { resources } = this.#exported;
    const found = resources.filter((each) => each.urn.endsWith(`:${name}`));
    if (found.length !== 1) {
      const urns = resources.map((each) => each.urn).join("\n");
      throw new Error(`${found.length} resources are called "${name}" in the state:\n${urns}`);
    }
    return found[0] as StateResource;
  }

  /** The state file's text as it lies on the disk, pending operations included. */
  rawState(): string {
    return readFileSync(this.#stateFile(), "utf8");
  }

  #stateFile(): string {
    const stacks = join(this.#workspace.state, ".pulumi", "stacks");
    const files = readdirSync(stacks, { recursive: true, encoding: "utf8" });
    const file = files.find((each) => each.endsWith(`/${this.name}.json`));
    if (file === undefined) throw new Error(`no state file of "${this.name}" in ${files.join()}`);
    return join(stacks, file);
  }

  /**
   * Pulumi's file backend replaces the state file at one stroke, but not a small file beside it.
   * Killed in that moment it leaves it empty, and every further command fails with "failed to load
   * checkpoint: EOF" until somebody removes it. Nothing of the state is in it.
   */
  #removeEmptyAttributes(): void {
    const attributes = `${this.#stateFile()}.attrs`;
    if (statSync(attributes, { throwIfNoEntry: false })?.size === 0) rmSync(attributes);
  }

  /** Waits until the state file says what a test waits for, such as a pending operation. */
  async untilState(says: (text: string) => boolean, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!says(this.rawState())) {
      if (Date.now() > deadline) throw new Error(`the state is still ${this.rawState()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /**
   * What the command line has written under PULUMI_HOME/logs: as it lies there, or unpacked where
   * it is only packed.
   */
  logs(): { name: string; text: string }[] {
    const folder = join(this.pulumiHome, "logs");
    return readdirSync(folder).map((name) => {
      const content = readFileSync(join(folder, name));
      const packed = content[0] === 0x1f && content[1] === 0x8b;
      return { name, text: (packed ? gunzipSync(content) : content).toString("latin1") };
    });
  }

  /** The same with what is encrypted there decrypted: all that Pulumi itself logs, as with `-v=10`. */
  async decryptedLogs(): Promise<{ name: string; text: string }[]> {
    const logs = this.logs();
    for (const log of logs) {
      if (!log.text.startsWith("PLOG")) continue;
      const file = join(this.pulumiHome, "logs", log.name);
      log.text = (await this.pulumi(["logs", "decrypt", file])).stdout;
    }
    return logs;
  }

  /** Starts `pulumi up` without waiting for it: for tests that kill something. */
  spawnUp(options: Pick<CommandOptions, "env" | "args"> = {}): LiveRun {
    const command = this.#start(["up", "--yes", "--skip-preview"], options);
    return new LiveRun(
      command,
      () => this.processes(),
      () => this.#removeEmptyAttributes(),
    );
  }

  /** Of every command of this stack: for other programs that are to work on it. */
  environment(): Variables {
    return { ...this.#baseEnv(), ...this.#env };
  }

  /** Any command of Pulumi. */
  async pulumi(args: string[], options: CommandOptions & { input?: string } = {}): Promise<Result> {
    const { expect = "success", timeoutMs = 120_000 } = options;
    const command = this.#start(args, options);
    const timer = setTimeout(() => command.child.kill("SIGKILL"), timeoutMs);
    const result = await command.ended;
    clearTimeout(timer);
    const outcome = result.code === 0 ? "success" : "failure";
    if (result.code === null || (expect !== "any" && expect !== outcome)) {
      const ending =
        result.code === null ? `was killed after ${timeoutMs} ms` : `ended with ${result.code}`;
      throw new Error(`pulumi ${args.join(" ")} ${ending}:\n${result.text}`);
    }
    return result;
  }

  /** The living processes that this stack's commands have started, orphans included. */
  processes(): OwnProcess[] {
    return processesWith(`PULUMI_HOME=${this.pulumiHome}`);
  }

  /** Ends all of them. */
  async endProcesses(): Promise<void> {
    await kill(this.processes());
  }

  /** Ends whatever still runs and removes the folders. Done by itself at the end of a test file. */
  async close(): Promise<void> {
    open.delete(this);
    await this.endProcesses();
    workspaces.removeWorkspace(this.#workspace);
  }

  #start(args: string[], options: CommandOptions & { input?: string }): StartedCommand {
    const isStackCommand = !(args[0] === "stack" && args[1] === "init");
    return start(
      join(pulumiFolder(), "pulumi"),
      [
        ...beforeOperands(args, [
          "--non-interactive",
          "--color=never",
          ...(isStackCommand ? [`--stack=${this.name}`] : []),
          ...(options.args ?? []),
        ]),
      ],
      {
        cwd: this.folder,
        env: { ...this.environment(), ...options.env },
        input: options.input,
      },
    );
  }

  /** Nothing of the developer's own environment but what finds programs. */
  #baseEnv(): Variables {
    return {
      PATH: [pulumiFolder(), process.env["PATH"]].join(delimiter),
      HOME: this.#workspace.home,
      PULUMI_HOME: this.pulumiHome,
      PULUMI_BACKEND_URL: `file://${this.#workspace.state}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }
}

/** A `pulumi up` that is under way. */
export class LiveRun {
  readonly pid: number;
  /** When the command line has ended, by itself or not. */
  readonly ended: Promise<Result>;
  readonly text: () => string;
  readonly #processes: () => OwnProcess[];
  readonly #afterKill: () => void;

  /** Use {@link Stack.spawnUp}. */
  constructor(command: StartedCommand, processes: () => OwnProcess[], afterKill: () => void) {
    if (command.child.pid === undefined) throw new Error("pulumi could not be started");
    this.pid = command.child.pid;
    this.ended = command.ended;
    this.text = command.text;
    this.#processes = processes;
    this.#afterKill = afterKill;
  }

  /** What the command line has started, as long as it lives itself. */
  descendants(): OwnProcess[] {
    return descendantsOf(this.pid, this.#processes());
  }

  /** Waits until the engine has started the provider. */
  async provider(timeoutMs = 30_000): Promise<OwnProcess> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const provider = this.descendants().find(({ role }) => role === "provider");
      if (provider) return provider;
      if (Date.now() > deadline) throw new Error(`no provider process:\n${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Kills the command line alone. Its children live on as orphans: see {@link Stack.processes}. */
  async killCli(): Promise<void> {
    process.kill(this.pid, "SIGKILL");
    await this.ended;
    this.#afterKill();
  }

  /** Kills the provider alone: the engine sees its connection break. */
  async killProvider(): Promise<void> {
    await kill([await this.provider()]);
  }

  /** Kills the command line and all that it has started, as a power cut does. */
  async killAll(): Promise<void> {
    const all = this.descendants();
    process.kill(this.pid, "SIGKILL");
    await kill(all);
    await this.ended;
    this.#afterKill();
  }
}

function pulumiFolder(): string {
  const folder = process.env["ACCOUNT_PASSWORDS_TEST_PULUMI"];
  if (folder === undefined) throw new Error("run by jest's project `engine` only");
  return folder;
}

/** Options have to stand before a `--`. */
function beforeOperands(args: string[], options: string[]): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return [...args.slice(0, end), ...options, ...args.slice(end)];
}

/** Replaces each opened secret by its value. */
function openSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(openSecrets) as T;
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string") {
    return openSecrets(JSON.parse(value.plaintext) as T);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, openSecrets(each)]),
  ) as T;
}
