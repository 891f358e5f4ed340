// The emulator beside a stack, and its own routes as functions. What a test does not close is closed with its file.
import {
  type AccountsFile,
  type BackendsFile,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type RequestLogEntry,
  startEmulator,
} from "../../emulator";

export type { AccountsFile, BackendsFile, Fault, RequestLogEntry };

const open = new Set<TestEmulator>();
afterAll(async () => {
  await Promise.all([...open].map((emulator) => emulator.close()));
});

/** Starts one on a free port: `newStack({ env: emulator.environment, … })` has a program use it. */
export async function newEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = new TestEmulator(await startEmulator(options));
  open.add(emulator);
  return emulator;
}

export class TestEmulator {
  readonly url: string;
  /** What a program needs to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #running: Emulator;

  /** Use {@link newEmulator}. */
  constructor(running: Emulator) {
    this.#running = running;
    this.url = running.url;
    this.environment = running.environment;
  }

  /** All accounts, with their live passwords. */
  async accounts(): Promise<AccountsFile> {
    return (await this.#ask("GET", "accounts")) as AccountsFile;
  }

  /** Changes fields of accounts, as somebody outside of Pulumi would. */
  async setAccounts(accounts: unknown): Promise<void> {
    await this.#ask("POST", "accounts", accounts);
  }

  /**
   * Whether the account's vendor would let this password in. `type`: such as
   * `"tencentcloud:RedisInstancePassword"`.
   */
  async login(type: string, account: Record<string, string>, password: string): Promise<boolean> {
    const response = await this.#send("POST", "login", { type, account, password });
    if (response.status === 200) return true;
    if (response.status === 401) return false;
    throw new Error(`login: ${response.status} ${await response.text()}`);
  }

  /** Every request that came in, in order. */
  async requests(): Promise<RequestLogEntry[]> {
    return (await this.#ask("GET", "requests")) as RequestLogEntry[];
  }

  /** Those that set a password. */
  async writes(): Promise<RequestLogEntry[]> {
    return (await this.requests()).filter(({ write }) => write);
  }

  /** Waits for a request; without `wanted` for any. */
  async waitForRequest(
    wanted: (request: RequestLogEntry) => boolean = () => true,
    timeoutMs = 30_000,
  ): Promise<RequestLogEntry> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const requests = await this.requests();
      const found = requests.find(wanted);
      if (found) return found;
      if (Date.now() > deadline) {
        throw new Error(`no such request among ${JSON.stringify(requests, null, 2)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Has the next fitting requests go wrong. */
  async addFaults(...faults: Fault[]): Promise<void> {
    await this.#ask("POST", "faults", faults);
  }

  async clearFaults(): Promise<void> {
    await this.#ask("POST", "faults", []);
  }

  /** For tokens, lock-outs and limits. */
  async advanceClock(seconds: number): Promise<void> {
    await this.#ask("POST", "clock", { advanceSeconds: seconds });
  }

  /** Back to the accounts of the beginning; clears requests, faults, lock-outs and the clock. */
  async reset(): Promise<void> {
    await this.#ask("POST", "reset");
  }

  async close(): Promise<void> {
    open.delete(this);
    await this.#running.close();
  }

  async #ask(method: string, route: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, route, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /emulator/${route}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  #send(method: string, route: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/emulator/${route}`, {
      method,
      ...(body !== undefined && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  }
}
