import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command";

jest.setTimeout(30_000);

test.each(["--help", "-h"])("%s lists the commands, and loads none of them", async (option) => {
  // Without its packages a command could not be loaded.
  const { code, stdout, stderr } = await runCommand([option], { env: { NODE_PATH: "" } });
  expect([code, stderr]).toEqual([0, ""]);
  for (const name of ["adopt", "emulator", "report", "--help", "--version"])
    expect(stdout).toMatch(new RegExp(`^ +${name} `, "m"));
});

test("--version is the package's", async () => {
  const file = join(__dirname, "..", "..", "package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  expect(await runCommand(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test.each([
  [[], "no command given: there are adopt, emulator, report"],
  [["emulate"], 'unknown command "emulate": there are adopt, emulator, report'],
  [["toString"], 'unknown command "toString": there are adopt, emulator, report'],
  [["--port", "1"], 'unknown option "--port": options follow a command'],
])("%j is misuse", async (args, text) => {
  expect(await runCommand(args)).toEqual({
    code: 2,
    stdout: "",
    stderr: `pulumi-account-passwords: ${text}\nTry: pulumi-account-passwords --help\n`,
  });
});
