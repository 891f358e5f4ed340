/** The command `report`: export text -> facts -> lines -> one of the formats. */
import { writeFileSync } from "node:fs";
import { rotationClock } from "../../provider/password/clock";
import { help, parseCommandLine } from "./command-line";
import { failure } from "./concerns";
import { formatted } from "./format";
import { readExport } from "./read-export";
import { reportOn } from "./report";
import { readSource } from "./source";

/** Where nobody says how wide it is, as in the log of a CI. */
const widthWithoutTerminal = 120;

/**
 * @returns The exit status: 1 where `--fail-on` finds an account.
 * @throws An error that says in one line why there is no report.
 */
export async function report(args: readonly string[]): Promise<number> {
  const given = parseCommandLine(args);
  if (given === undefined) {
    await print(help);
    return 0;
  }
  const { source, format, out, maxAge, failOn } = given;
  const now = rotationClock();
  const about = reportOn(readExport(await readSource(source)), { now, maxAge });
  const width = process.stdout.columns ?? widthWithoutTerminal;
  await write(formatted(about, format, out === undefined ? width : widthWithoutTerminal), out);
  const why = failure(about.lines, failOn, maxAge);
  if (why === undefined) return 0;
  process.stderr.write(`pulumi-account-passwords: ${why}\n`);
  return 1;
}

async function write(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) return print(text);
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new Error(`cannot write ${out}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * Until it is written: a pipe may take its time. Who reads only its beginning (`| head`) is no
 * error.
 */
function print(text: string): Promise<void> {
  process.stdout.on("error", () => undefined);
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
