#!/usr/bin/env node
/** The package's one command: the first word says which of its commands is meant. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./arguments";

interface Command {
  /** What it does, for the help. */
  readonly does: string;
  /** Its modules, loaded only where it is called. It resolves to the exit status. */
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const commands: Readonly<Record<string, Command>> = {
  adopt: {
    does: "the program that takes over a list of existing accounts",
    load: async () => (await import("./adopt.js")).adopt,
  },
  emulator: {
    does: "an offline twin of the five password APIs, alone or round a command",
    load: async () => (await import("./emulator/index.js")).emulator,
  },
  report: {
    does: "one line for each account of a stack: status, age, next rotation",
    load: async () => (await import("./report/index.js")).report,
  },
};

const statusOfMisuse = 2;

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { does }]) => `  ${name.padEnd(width)}  ${does}`,
  );
  return `Usage: pulumi-account-passwords COMMAND [options]

${lines.join("\n")}

  --help     show this text; after a COMMAND, that command's options
  --version  show the version
`;
}

/** From `dist/cli/`, as it is published. */
function version(): string {
  const file = join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

async function main([first, ...args]: readonly string[]): Promise<number> {
  const names = Object.keys(commands).join(", ");
  if (first === undefined) throw new UsageError(`no command given: there are ${names}`);
  if (first === "--help" || first === "-h") process.stdout.write(help());
  else if (first === "--version") process.stdout.write(`${version()}\n`);
  else if (Object.hasOwn(commands, first)) return (await commands[first]!.load())(args);
  else if (first.startsWith("-"))
    throw new UsageError(`unknown option "${first}": options follow a command`);
  else throw new UsageError(`unknown command "${first}": there are ${names}`);
  return 0;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`pulumi-account-passwords: ${text}\n`);
    if (!(error instanceof UsageError)) process.exit(1);
    process.stderr.write("Try: pulumi-account-passwords --help\n");
    process.exit(statusOfMisuse);
  },
);
