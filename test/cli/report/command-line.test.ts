import { UsageError } from "../../../cli/arguments";
import { help, parseCommandLine } from "../../../cli/report/command-line";

const none = {
  source: { kind: "inputOrPulumi" },
  format: "table",
  out: undefined,
  maxAge: undefined,
  failOn: [],
};
const days = (n: number) => n * 24 * 60 * 60 * 1000;

test.each([
  [[], none],
  [["-"], { ...none, source: { kind: "input" } }],
  [["--file", "state.json"], { ...none, source: { kind: "file", file: "state.json" } }],
  [["--stack", "org/shop/prod"], { ...none, source: { kind: "pulumi", stack: "org/shop/prod" } }],
  [["--format", "html", "--out", "r.html"], { ...none, format: "html", out: "r.html" }],
  [["--max-age", "90d"], { ...none, maxAge: { text: "90d", milliseconds: days(90) } }],
  [["--max-age=36h"], { ...none, maxAge: { text: "36h", milliseconds: days(1.5) } }],
  [["--max-age=2w"], { ...none, maxAge: { text: "2w", milliseconds: days(14) } }],
  [
    ["--fail-on", "overdue, unknown", "--fail-on=drift"],
    { ...none, failOn: ["overdue", "unknown", "drift"] },
  ],
  [["-h", "--max-age", "x"], undefined],
])("parseCommandLine(%j)", (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each([
  [["--formt", "json"], /--formt/],
  [["--format", "pdf"], /--format must be one of table, json, markdown, html: it is "pdf"/],
  [["--format", "toString"], /--format must be/],
  [["--max-age", "90"], /--max-age must be hours, days or weeks, such as 90d: it is "90"/],
  [["--max-age", "0d"], /--max-age must be/],
  [["--max-age", "-1d"], /--max-age/],
  [["--max-age", "1.5d"], /--max-age must be/],
  [
    ["--fail-on", "late"],
    /--fail-on takes unknown, drift, refused, overdue, max-age: there is no "late"/,
  ],
  [["--fail-on", "due-soon"], /there is no "due-soon"/],
  [["--fail-on", ""], /there is no ""/],
  [["--fail-on", "overdue,"], /there is no ""/],
  [["--fail-on", "max-age"], /--fail-on max-age needs a --max-age/],
  [["state.json"], /unexpected argument "state.json"/],
  [["-", "-"], /unexpected argument/],
  [["--file", ""], /must not be empty/],
  [["--file", "a", "--stack", "b"], /one of --file, --stack and -/],
  [["--stack", "b", "-"], /one of --file, --stack and -/],
])("parseCommandLine(%j) is misuse", (args, text) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
  expect(() => parseCommandLine(args)).toThrow(text);
});

test("the help has every option, status, format and name, in lines of at most 100 characters", () => {
  const words = [
    ...["--file", "--stack", "--format", "--out", "--max-age", "--fail-on", "--help"],
    ...["confirmed", "adopted", "unknown", "interrupted", "drift", "refused", "overdue", "max-age"],
    ...["table", "json", "markdown", "html", "ACCOUNT_PASSWORDS_NOW"],
  ];
  for (const word of words) expect(help).toContain(word);
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});
