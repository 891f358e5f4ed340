/** `adopt`: from a list of existing accounts to the program that takes them over. */
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { AccountPasswordError } from "../provider/errors";
import { rotationClock } from "../provider/password/clock";
import { parseAccountsCsv } from "./adopt/accounts-csv";
import { help, parseOptions } from "./adopt/options";
import type { AdoptOptions } from "./adopt/options";
import { adoptingProgram } from "./adopt/program";

/** A file that cannot be read, used or written: the text says which, and why. */
class FileError extends Error {
  override readonly name = "FileError";
}

/**
 * Prints the program on standard output, or what is wrong on standard error and then nothing else.
 *
 * @param args What stands behind `adopt` on the command line.
 * @returns The exit status: 0; 1 for a file that is wrong.
 * @throws A mistake in the command line, as `UsageError`.
 */
export async function adopt(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    await print(options === undefined ? help : await outputFor(options));
    return 0;
  } catch (error) {
    if (!(error instanceof FileError || error instanceof AccountPasswordError)) throw error;
    complain(error.message);
    return 1;
  }
}

async function outputFor({ from, out, ...form }: AdoptOptions): Promise<string> {
  const file = from === "-" ? "standard input" : from;
  const { accounts, problems } = parseAccountsCsv(await textOf(from, file), rotationClock());
  if (problems.length > 0)
    throw new FileError(problems.map((problem) => `${file}, ${problem}`).join("\n"));
  const { text, steps } = adoptingProgram(accounts, form);
  if (out === undefined) return text;
  await write(out, text);
  return `Wrote ${out}. ${steps}`;
}

async function textOf(from: string, file: string): Promise<string> {
  const bytes =
    from === "-" ? await standardInput() : await readFile(from).catch(cannot("read", file));
  try {
    // Without the byte order mark that spreadsheets write.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(`${file} is not UTF-8: save it as "CSV UTF-8"`);
  }
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

/** Never over a file that is there: it may be the program that has been edited since. */
async function write(out: string, text: string): Promise<void> {
  await writeFile(out, text, { flag: "wx" }).catch(cannot("write", out));
}

function cannot(verb: string, file: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    const why = code === "EEXIST" ? "it exists already" : code;
    throw new FileError(`cannot ${verb} ${file}: ${why}`);
  };
}

/** Whoever calls may end the process right after this: what a pipe has not taken yet has to be out. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

function complain(text: string): void {
  for (const line of text.split("\n")) process.stderr.write(`pulumi-account-passwords: ${line}\n`);
}
