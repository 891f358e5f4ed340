import { readArguments, UsageError } from "../arguments";
import { type Concern, concernsToFailOn } from "./concerns";
import { type Duration, parseDuration } from "./durations";
import { type Format, formatNames, isFormat } from "./format";
import type { Source } from "./source";

export const help = `Usage: pulumi-account-passwords report [options] [-]
       pulumi stack export | pulumi-account-passwords report

One line for each account whose password a stack holds: service, account, status, revision, age of
the password, why it was rotated last, when it is due, the vendor's id of the request. It needs no
passphrase, calls no vendor and shows no secret, whatever the export holds.

It reads what \`pulumi stack export\` prints: from a FILE, from standard input, or else it runs that
command itself, in this folder.

  --file FILE      read the export from FILE
  -                read the export from standard input (without \`-\` too, if something is piped in;
                   an empty input then counts as none)
  --stack NAME     run \`pulumi stack export --stack NAME\`, whatever standard input is
                   (default: the stack that is selected)
  --format FORMAT  table, json, markdown or html (default: table)
  --out FILE       write the report to FILE instead of standard output
  --max-age AGE    which passwords are too old: hours, days or weeks, such as 36h, 90d, 12w
                   (default: none); a password of unknown age counts as too old
  --fail-on LIST   end with status 1 if an account is one of these (separated by commas):
                     unknown  its change was interrupted, or has an unknown outcome
                     drift    \`pulumi refresh\` found it changed outside, or did not find it
                     refused  the last login with its password was refused (verify)
                     overdue  its rotation is due, or was not finished
                     max-age  its password is older than --max-age
  --help           show this text

Status of an account:
  confirmed    the vendor confirmed the password
  adopted      the password was taken over as it was, without a call
  unknown      nobody knows whether the last change happened; \`pulumi up\` finds out and finishes it
  interrupted  a run was killed while it worked on the account; \`pulumi up\` finishes it
  drift        \`pulumi refresh\` found it changed outside, or did not find it

The age is that of the password where a RotatingPassword made it, else the time since the vendor
confirmed it; "?" is an unknown age. What needs attention comes first: unknown and interrupted,
drift, refused, overdue, too old, due within 7 days; then the oldest. The table is cut to the width
of the terminal, or to 120 characters; the other formats hold everything.

Exit status: 0; 1 if --fail-on finds an account, or no report could be made; 2 for misuse.
ACCOUNT_PASSWORDS_NOW (an ISO time in UTC) sets the clock for tests and rehearsals.
`;

export interface CommandLine {
  readonly source: Source;
  readonly format: Format;
  /** Where to; `undefined`: standard output. */
  readonly out: string | undefined;
  readonly maxAge: Duration | undefined;
  readonly failOn: readonly Concern[];
}

const text = { type: "string" } as const;
const options = {
  file: text,
  stack: text,
  format: text,
  out: text,
  "max-age": text,
  "fail-on": { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * What the arguments after `report` ask for; `undefined`: only help.
 *
 * @throws {@link UsageError}
 */
export function parseCommandLine(args: readonly string[]): CommandLine | undefined {
  const { values, positionals } = readArguments({
    args: [...args],
    allowPositionals: true,
    options,
  });
  if (values.help === true) return undefined;
  const maxAge = values["max-age"];
  const failOn = (values["fail-on"] ?? []).flatMap(concerns);
  if (failOn.includes("max-age") && maxAge === undefined)
    throw new UsageError("--fail-on max-age needs a --max-age");
  return {
    source: source(values, positionals),
    format: format(values.format ?? "table"),
    out: values.out,
    maxAge: maxAge === undefined ? undefined : duration(maxAge),
    failOn,
  };
}

function source(
  { file, stack }: { file?: string | undefined; stack?: string | undefined },
  positionals: readonly string[],
): Source {
  const unexpected = positionals.find((each, n) => each !== "-" || n > 0);
  if (unexpected !== undefined) throw new UsageError(`unexpected argument "${unexpected}"`);
  const given = [file, stack, positionals[0]].filter((each) => each !== undefined);
  if (given.length > 1) throw new UsageError("give one of --file, --stack and -, not several");
  if (file === "" || stack === "") throw new UsageError("--file and --stack must not be empty");
  if (file !== undefined) return { kind: "file", file };
  if (stack !== undefined) return { kind: "pulumi", stack };
  return { kind: positionals[0] === "-" ? "input" : "inputOrPulumi" };
}

function format(name: string): Format {
  if (isFormat(name)) return name;
  throw new UsageError(`--format must be one of ${formatNames.join(", ")}: it is "${name}"`);
}

function duration(given: string): Duration {
  const found = parseDuration(given);
  if (found !== undefined) return found;
  throw new UsageError(`--max-age must be hours, days or weeks, such as 90d: it is "${given}"`);
}

function concerns(list: string): Concern[] {
  return list.split(",").map((name) => {
    const found = concernsToFailOn.find((each) => each === name.trim());
    if (found !== undefined) return found;
    throw new UsageError(
      `--fail-on takes ${concernsToFailOn.join(", ")}: there is no "${name.trim()}"`,
    );
  });
}
