import { mostOf } from "../../provider/password/rotating-password-inputs";
import { readArguments, UsageError } from "../arguments";
import { languages, type Language, type RotationInterval } from "./program";

export const help = `Usage: pulumi-account-passwords adopt --from accounts.csv [options]

Prints the Pulumi program that takes over a list of existing accounts with the passwords that they
have now, and the commands that set these. Nothing is changed by that: the accounts rotate when due.

  --from FILE            the accounts, CSV; - reads standard input
  --rotate-every PERIOD  such as 90d (days), 12w (weeks) or 3m (months) (default: 90d)
  --language LANGUAGE    typescript, which an ES module in JavaScript can take as well, or
                         javascript, which is CommonJS (default: typescript)
  --out FILE             write the program into a new file, and print only what to do next
  --help                 show this text

The first line of the CSV names its columns, in any order:

  type         such as tencentcloud:RedisInstancePassword, or only RedisInstancePassword
  name         what the Pulumi resource is to be called
  generatedAt  since when the account has its password: 2026-01-31 or 2026-01-31T12:00:00Z; may be
               empty: then its age counts from the take-over
  and what says which account: region (may be empty), registryId, accountName, instanceId, userName,
  host, projectId (may be empty), engineId; empty where the type has no such argument

Passwords do not belong into it. The status is 1 when the file is wrong, and 2 for misuse.
`;

export interface AdoptOptions {
  /** A path, or `-`. */
  readonly from: string;
  readonly rotateEvery: RotationInterval;
  readonly language: Language;
  readonly out: string | undefined;
}

/**
 * What the arguments ask for; `undefined`: only help.
 *
 * @throws {@link UsageError}
 */
export function parseOptions(args: readonly string[]): AdoptOptions | undefined {
  const values = parseAll(args);
  if (values.help === true) return undefined;
  const { from, out } = values;
  if (from === undefined || from === "") throw new UsageError("--from FILE is missing");
  if (out === "") throw new UsageError("--out needs the name of a file");
  const language = languages.find((each) => each === (values.language ?? "typescript"));
  if (language === undefined) throw new UsageError(`--language must be ${languages.join(" or ")}`);
  return { from, out, language, rotateEvery: interval(values["rotate-every"] ?? "90d") };
}

function parseAll(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    from: text,
    "rotate-every": text,
    language: text,
    out: text,
    help: { type: "boolean", short: "h" },
  } as const;
  return readArguments({ args: [...args], options }).values;
}

const units = { d: "days", w: "weeks", m: "months" } as const;

function interval(text: string): RotationInterval {
  const [, digits, letter] = /^(\d{1,6}) ?(d|w|m)(?:ays?|eeks?|onths?)?$/i.exec(text) ?? [];
  const unit = units[(letter?.toLowerCase() ?? "d") as keyof typeof units];
  const count = Number(digits);
  if (count >= 1 && count <= mostOf[unit]) return { unit, count };
  throw new UsageError(
    `--rotate-every must be such as 90d, 12w or 3m: 1 to ${mostOf.days} days, ${mostOf.weeks} weeks or ${mostOf.months} months`,
  );
}
