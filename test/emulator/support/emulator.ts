// An emulator for a test file, and its own routes as functions.
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator";
import type { RequestLogEntry } from "../../../emulator";
import { http, type Response } from "./http";

const started: Emulator[] = [];

afterAll(async () => {
  await Promise.all(started.map((emulator) => emulator.close()));
});

export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  started.push(emulator);
  return emulator;
}

export function get(emulator: Emulator, route: string): Promise<Response> {
  return http(`${emulator.url}/emulator/${route}`);
}

export function post(emulator: Emulator, route: string, body: unknown = {}): Promise<Response> {
  return http(`${emulator.url}/emulator/${route}`, { method: "POST", body });
}

/** Whether the password is the account's live one. */
export async function opens(
  emulator: Emulator,
  type: string,
  account: Readonly<Record<string, string>>,
  password: string,
): Promise<boolean> {
  const { status } = await post(emulator, "login", { type, account, password });
  if (status !== 200 && status !== 401) throw new Error(`login: ${status}`);
  return status === 200;
}

export async function requests(emulator: Emulator): Promise<RequestLogEntry[]> {
  return (await get(emulator, "requests")).json as RequestLogEntry[];
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks again, slower than any rate limit, until the answer fits. Fails after five seconds. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(60);
  }
}
