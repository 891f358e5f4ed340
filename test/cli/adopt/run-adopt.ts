// Runs `adopt` as the command line does, and catches what it writes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { adopt } from "../../../cli/adopt";

export interface Written {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of its own, removed after the file's tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "account-passwords-adopt-"));
  folders.push(folder);
  return folder;
}

/** With a list of accounts in a file. */
export function adoptCsv(csv: string | Uint8Array, ...args: string[]): Promise<Written> {
  const file = join(newFolder(), "accounts.csv");
  writeFileSync(file, csv);
  return runAdopt(["--from", file, ...args]);
}

export async function runAdopt(args: readonly string[], input?: string): Promise<Written> {
  let [stdout, stderr] = ["", ""];
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += String(text);
      return true;
    }),
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += String(text);
      return true;
    }),
    // The warning that the clock is set.
    jest.spyOn(console, "error").mockImplementation(() => undefined),
    ...(input === undefined
      ? []
      : [
          jest
            .spyOn(process, "stdin", "get")
            .mockReturnValue(Readable.from([Buffer.from(input)]) as never),
        ]),
  ];
  try {
    const status = await adopt(args);
    return { status, stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The keys of the configuration that the printed commands set, in their order. */
export function keysOf(printed: string): string[] {
  return [...printed.matchAll(/^pulumi config set --secret -- (\S+)(?: &&)?$/gm)].map(
    ([, key = ""]) => key,
  );
}
