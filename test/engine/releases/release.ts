/** What a release has left behind: a program, and the state that its code wrote of it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AccountsFile, newEmulator } from "../emulator";
import { newStack } from "../harness";

/** All that are kept: each has a folder of its name. */
export const releases = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export function fileOf(release: string, name: string): string {
  return readFileSync(join(__dirname, release, name), "utf8");
}

/** What the vendors had before the program was run for the first time. */
export function firstAccountsOf(release: string): AccountsFile {
  return JSON.parse(fileOf(release, "accounts.json")) as AccountsFile;
}

export function programOf(release: string) {
  return {
    language: "javascript",
    program: fileOf(release, "index.js"),
    files: { "Pulumi.yaml": fileOf(release, "Pulumi.yaml") },
  } as const;
}

/** What opens the state. It protects nothing: the accounts are invented. */
export function passphraseOf(release: string) {
  return { PULUMI_CONFIG_PASSPHRASE: fileOf(release, "passphrase-of-a-test.txt").trim() };
}

/** The generators' clock when a state was written, and when it is taken up: nothing becomes due. */
const written = { ACCOUNT_PASSWORDS_NOW: "2026-03-01T12:00:00Z" };
export const aDayLater = { ACCOUNT_PASSWORDS_NOW: "2026-03-02T12:00:00Z" };

/** Has the code as it is write the state of a release whose program is there already. */
export async function makeRelease(release: string): Promise<void> {
  if (existsSync(join(__dirname, release, "state.json")))
    throw new Error(`${release} has a state already, and what a release wrote never changes`);
  const emulator = await newEmulator({ accounts: firstAccountsOf(release) });
  const stack = await newStack({
    ...programOf(release),
    config: { release: "1" },
    // As in accounts.json, but for Alice's, who gets a new one.
    secretConfig: {
      reports: "Canary+reports1x9",
      orders: "Canary+orders1x9",
      cache: "Canary+cache1x9",
      alice: "Canary+alice2x9",
      aliceBefore: "Canary+alice1x9",
    },
    env: { ...emulator.environment, ...passphraseOf(release), ...written },
  });
  await stack.up();
  await stack.config.set("release", "2");
  await stack.up();
  const keep = (name: string, text: string) => writeFileSync(join(__dirname, release, name), text);
  const { stdout } = await stack.pulumi(["stack", "export"]);
  keep("state.json", `${JSON.stringify(withoutPlaces(JSON.parse(stdout)), undefined, 2)}\n`);
  keep("Pulumi.test.yaml", readFileSync(join(stack.folder, "Pulumi.test.yaml"), "utf8"));
}

/** Where the program stood on the disk of whoever made the fixture: the engine does not look at it. */
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "sourcePosition" && name !== "stackTrace")
      .map(([name, each]) => [name, withoutPlaces(each)]),
  );
}
