import { parseCommandLine, UsageError } from "../../emulator/command-line";

const none = { port: undefined, accounts: undefined, faults: undefined, state: undefined };

test.each([
  [["emulator"], { options: none, command: [] }],
  [["emulator", "--port", "0"], { options: { ...none, port: 0 }, command: [] }],
  [["--port=8080", "emulator"], { options: { ...none, port: 8080 }, command: [] }],
  [
    ["emulator", "--accounts", "a.json", "--faults", "f.json", "--state", "s.json"],
    { options: { ...none, accounts: "a.json", faults: "f.json", state: "s.json" }, command: [] },
  ],
  [
    ["emulator", "--", "pulumi", "up", "--", "--port", "1"],
    { options: none, command: ["pulumi", "up", "--", "--port", "1"] },
  ],
  [["--help"], undefined],
  [["emulator", "-h"], undefined],
  [["emulator", "--", "pulumi", "--help"], { options: none, command: ["pulumi", "--help"] }],
])("parseCommandLine(%j)", (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each([
  [[], /no command given/],
  [["emulate"], /unknown command "emulate"/],
  [["emulator", "--prot", "1"], /--prot/],
  [["emulator", "extra"], /unexpected argument "extra"/],
  [["emulator", "--port"], /--port/],
  [["emulator", "--port", "65536"], /--port must be 0 to 65535/],
  [["emulator", "--port", "1e3"], /--port must be 0 to 65535/],
  [["emulator", "--"], /no COMMAND after --/],
])("parseCommandLine(%j) is misuse", (args, text) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
  expect(() => parseCommandLine(args)).toThrow(text);
});
