import { parseOptions } from "../../../cli/adopt/options";
import { UsageError } from "../../../cli/arguments";

const defaults = {
  from: "a.csv",
  out: undefined,
  language: "typescript",
  rotateEvery: { unit: "days", count: 90 },
};

test.each([
  [["--from", "a.csv"], defaults],
  [["--from=-"], { ...defaults, from: "-" }],
  [["--from", "-", "--out", "index.ts"], { ...defaults, from: "-", out: "index.ts" }],
  [["--from", "a.csv", "--language", "javascript"], { ...defaults, language: "javascript" }],
  [["--help"], undefined],
  [["-h", "--from", "a.csv"], undefined],
])("parseOptions(%j)", (args, expected) => {
  expect(parseOptions(args)).toEqual(expected);
});

test.each([
  ["1d", "days", 1],
  ["36500 days", "days", 36_500],
  ["12w", "weeks", 12],
  ["1week", "weeks", 1],
  ["3m", "months", 3],
  ["3 MONTHS", "months", 3],
])("--rotate-every %s", (text, unit, count) => {
  const options = parseOptions(["--from", "a.csv", "--rotate-every", text]);
  expect(options?.rotateEvery).toEqual({ unit, count });
});

test.each([
  [[], "--from FILE is missing"],
  [["--from", ""], "--from FILE is missing"],
  [["--form", "a.csv"], "--form"],
  [["--from", "a.csv", "b.csv"], "b.csv"],
  [["--from", "a.csv", "--language", "python"], "typescript or javascript"],
  [["--from", "a.csv", "--out", ""], "--out needs"],
  ...["", "90", "0d", "36501d", "1.5d", "-1d", "5h", "3mi", "5201w", "1201m"].map(
    (text): [string[], string] => [["--from", "a.csv", `--rotate-every=${text}`], "--rotate-every"],
  ),
])("parseOptions(%j) is misuse", (args, text) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(text);
});
