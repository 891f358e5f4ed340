/** The list of existing accounts, and everything that is wrong with it. */
import type { AccountService } from "../../provider/account-service";
import { parseTime, timeForm } from "../../provider/password/clock";
import { services } from "../../provider/services";
import { type Cell, CsvError, readCsv } from "./csv";
import { quoted } from "./quoted";

export interface ListedAccount {
  /** Of the Pulumi resource. */
  readonly name: string;
  readonly service: AccountService;
  /** The identity arguments that are given, in the order of the id. */
  readonly identity: readonly (readonly [argument: string, value: string])[];
  /** When its password was made: an ISO time in UTC, or a date. */
  readonly generatedAt?: string;
}

export interface AccountsCsv {
  readonly accounts: readonly ListedAccount[];
  /** In the order of the file; where there is one, the accounts are not complete. */
  readonly problems: readonly string[];
}

const all = [...services.values()];
const identityColumns = [...new Set(all.flatMap(({ identity }) => identity))];
export const columns: readonly string[] = ["type", "name", ...identityColumns, "generatedAt"];

const passwordLike = /pass|pwd|secret/i;

/**
 * @param text The file, without a byte order mark.
 * @param now Milliseconds since 1970.
 */
export function parseAccountsCsv(text: string, now: number): AccountsCsv {
  const found = new Findings();
  try {
    const [header = [], ...rows] = readCsv(text).filter((row) => !row.every(isBlank));
    const names = readHeader(header, found);
    if (names === undefined) return found;
    for (const row of rows) readRow(names, row, now, found);
    if (rows.length === 0) found.problem(header[0]?.line, undefined, "no account below the header");
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    found.problem(error.line, `${error.cell}`, error.message);
  }
  return found;
}

class Findings implements AccountsCsv {
  readonly accounts: ListedAccount[] = [];
  readonly problems: string[] = [];
  /** The lines of names and of accounts. */
  readonly linesOf = new Map<string, number>();

  problem(line: number | undefined, column: string | undefined, says: string): void {
    const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
    this.problems.push(`${place}: ${says}`);
  }

  /** The line where the same stood before, if it did. */
  lineBefore(key: readonly string[], line: number): number | undefined {
    const text = JSON.stringify(key);
    const before = this.linesOf.get(text);
    if (before === undefined) this.linesOf.set(text, line);
    return before;
  }
}

/**
 * The names of the columns. Nothing when the rows are not worth a look: then no text quotes
 * anything that may be a password.
 */
function readHeader(header: readonly Cell[], found: Findings): readonly string[] | undefined {
  const names = header.map(({ text }) => columnName(text));
  const line = header[0]?.line ?? 1;
  const missing = ["type", "name"].filter((name) => !names.includes(name));
  header.forEach(({ text }, index) => {
    if (passwordLike.test(text))
      found.problem(
        line,
        // Without a header this is a cell, and may be a password itself.
        missing.length > 0 ? `${index + 1}` : quoted(text),
        "passwords do not belong into this file: they are set by the commands that are printed; take the column out, and delete the copies of the file that had it",
      );
  });
  if (missing.length > 0)
    found.problem(
      line,
      undefined,
      `no column ${missing.join(" and ")}: the first line names the columns, separated by commas; there are ${columns.join(", ")}`,
    );
  if (found.problems.length > 0) return undefined;
  names.forEach((name, index) => {
    if (name !== "" && !columns.includes(name))
      found.problem(line, quoted(name), `no such column; there are ${columns.join(", ")}`);
    else if (name !== "" && names.indexOf(name) < index)
      found.problem(line, name, "stands there twice");
  });
  return names;
}

function columnName(text: string): string {
  const given = text.trim();
  return columns.find((name) => name.toLowerCase() === given.toLowerCase()) ?? given;
}

function readRow(
  names: readonly string[],
  row: readonly Cell[],
  now: number,
  found: Findings,
): void {
  const firstLine = row[0]?.line ?? 1;
  if (row.length !== names.length) {
    const says = `${row.length} cells, and the header has ${names.length}: a cell with a comma in it stands in quotation marks`;
    return found.problem(firstLine, undefined, says);
  }
  const cell = (column: string) => row[names.indexOf(column)] ?? { text: "", line: firstLine };
  const problem = (column: string, says: string) => found.problem(cell(column).line, column, says);

  // Spreadsheets write empty columns at the end.
  row.forEach((each, index) => {
    if (names[index] === "" && !isBlank(each))
      found.problem(each.line, `${index + 1}`, "the column has no name in the header");
  });

  const { text: name, line: lineOfName } = cell("name");
  const sameName = found.lineBefore(["name", name], lineOfName);
  if (isBlank(cell("name"))) problem("name", "empty; it is to be the name of the Pulumi resource");
  else if (sameName !== undefined)
    problem("name", `${quoted(name)} is the name in line ${sameName}, too`);

  const generatedAt = cell("generatedAt");
  const time = parseTime(generatedAt.text);
  if (!isBlank(generatedAt) && time === undefined)
    problem("generatedAt", `must be a date, such as 2026-01-31, or ${timeForm}`);
  if (time !== undefined && time > now) problem("generatedAt", "must not be in the future");

  const type = cell("type").text;
  const [service, ...others] = servicesCalled(type);
  if (service === undefined || others.length > 0) {
    const what = type === "" ? "empty" : `no such type as ${quoted(type)}`;
    return problem("type", `${what}; there are ${all.map((each) => each.type).join(", ")}`);
  }
  if (!isIdentified(service, cell, problem)) return;

  const identity = service.identity
    .map((argument) => [argument, normal(service, argument, cell(argument).text)] as const)
    .filter(([, value]) => value.trim() !== "");
  const sameAccount = found.lineBefore([service.type, ...identity.flat()], firstLine);
  if (sameAccount !== undefined)
    problem(service.identity.at(-1) ?? "", `the same account as in line ${sameAccount}`);
  const date = isBlank(generatedAt) ? {} : { generatedAt: generatedAt.text };
  found.accounts.push({ name, service, identity, ...date });
}

/** Whether every cell is there that its type needs. Those that it does not have must be empty. */
function isIdentified(
  service: AccountService,
  cell: (column: string) => Cell,
  problem: (column: string, says: string) => void,
): boolean {
  const needed = service.identity.filter((argument) => service.places[argument] === undefined);
  const className = service.type.split(":")[1];
  for (const column of identityColumns) {
    if (needed.includes(column) && isBlank(cell(column)))
      problem(column, `empty, and ${className} needs it`);
    if (!service.identity.includes(column) && !isBlank(cell(column)))
      problem(column, `${className} has no such argument; leave it empty`);
  }
  return !needed.some((argument) => isBlank(cell(argument)));
}

/**
 * By type or class, in any case, and by the beginning of the class where only one begins so:
 * `redis`.
 */
function servicesCalled(text: string): AccountService[] {
  const wanted = text.toLowerCase().replace(".", ":");
  if (wanted === "") return [];
  return all.filter(({ type }) => {
    const [, className = ""] = type.toLowerCase().split(":");
    return type.toLowerCase() === wanted || className.startsWith(wanted);
  });
}

function normal(service: AccountService, argument: string, value: string): string {
  return service.normalize?.(argument, value) ?? value;
}

function isBlank({ text }: Cell): boolean {
  return text.trim() === "";
}
