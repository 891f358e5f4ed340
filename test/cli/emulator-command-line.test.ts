import { UsageError } from "../../cli/arguments";
import { parseCommandLine } from "../../cli/emulator/command-line";

const none = {
  port: undefined,
  accounts: undefined,
  faults: undefined,
  state: undefined,
  backends: undefined,
};

test.each([
  [[], { options: none, command: [] }],
  [["--port", "0"], { options: { ...none, port: 0 }, command: [] }],
  [["--port=8080"], { options: { ...none, port: 8080 }, command: [] }],
  [
    ["--accounts", "a.json", "--faults", "f.json", "--state", "s.json"],
    { options: { ...none, accounts: "a.json", faults: "f.json", state: "s.json" }, command: [] },
  ],
  [["--backends", "b.json"], { options: { ...none, backends: "b.json" }, command: [] }],
  [
    ["--", "pulumi", "up", "--", "--port", "1"],
    { options: none, command: ["pulumi", "up", "--", "--port", "1"] },
  ],
  [["--help"], undefined],
  [["-h"], undefined],
  [["--", "pulumi", "--help"], { options: none, command: ["pulumi", "--help"] }],
])("parseCommandLine(%j)", (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each([
  [["--prot", "1"], /--prot/],
  [["extra"], /unexpected argument "extra"/],
  [["--port"], /--port/],
  [["--port", "65536"], /--port must be 0 to 65535/],
  [["--port", "1e3"], /--port must be 0 to 65535/],
  [["--"], /no COMMAND after --/],
])("parseCommandLine(%j) is misuse", (args, text) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
  expect(() => parseCommandLine(args)).toThrow(text);
});
