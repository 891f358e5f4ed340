import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { compileCommand } from "../compiled-command";
import { type RunOptions, runCommand } from "../run-command";
import { canary, exportOf, fiveOfEachKind, many, now } from "./exports";

jest.setTimeout(60_000);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "report-command-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const five = exportOf(fiveOfEachKind(), { opened: true });
const summary = "5 accounts: 1 unknown, 1 drift, 1 overdue, 1 due within 7 days";

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A `pulumi` that says what it was asked, and prints an export, or fails. */
function pulumiThat(does: string): string {
  const path = mkdtempSync(join(folder, "path-"));
  writeFileSync(join(path, "pulumi"), `#!/bin/sh\necho "asked: $*" >&2\n${does}\n`);
  chmodSync(join(path, "pulumi"), 0o755);
  return [path, "/bin", "/usr/bin"].join(delimiter);
}
const nothing = () => {
  mkdirSync(join(folder, "empty"), { recursive: true });
  return join(folder, "empty");
};

async function report(args: string[], { env, ...options }: RunOptions = {}) {
  const ended = await runCommand(["report", ...args], {
    ...options,
    env: { PATH: nothing(), ACCOUNT_PASSWORDS_NOW: new Date(now).toISOString(), ...env },
  });
  for (const text of [ended.stdout, ended.stderr]) expect(text).not.toContain(canary);
  // The clock says of itself that it is set.
  const stderr = ended.stderr.replace(/^warning: ACCOUNT_PASSWORDS_NOW is set: .*\n/m, "");
  return { ...ended, stderr };
}

describe("reads an export", () => {
  test("from a file, and a checkpoint from one", async () => {
    const { code, stdout, stderr } = await report(["--file", file("five.json", five)]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(summary);
  });

  test("from a file that Windows PowerShell has written", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(five, "utf16le")]);
    const { stdout } = await report(["--file", file("utf16.json", utf16)]);
    expect(stdout).toContain(summary);
  });

  test.each([[[]], [["-"]]])("from standard input: %j", async (args) => {
    const { code, stdout, stderr } = await report(args, { input: five });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(summary);
  });

  test("from Pulumi, where nothing is piped in or the input is empty", async () => {
    const PATH = pulumiThat(`cat ${file("five.json", five)}`);
    for (const options of [{}, { input: "" }]) {
      const { code, stdout, stderr } = await report([], { ...options, env: { PATH } });
      expect([code, stderr]).toEqual([0, "asked: stack export --non-interactive\n"]);
      expect(stdout).toContain(summary);
    }
  });

  test("from Pulumi with --stack, whatever is piped in", async () => {
    const PATH = pulumiThat(`cat ${file("five.json", five)}`);
    const options = { env: { PATH }, input: "no export" };
    const { code, stderr } = await report(["--stack", "a b"], options);
    expect([code, stderr]).toEqual([0, "asked: stack export --non-interactive --stack a b\n"]);
  });
});

describe("without an export one line says why, and the status is 1", () => {
  const failing = async (args: string[], options: RunOptions, text: string) => {
    expect(await report(args, options)).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(`pulumi-account-passwords: ${text}\n`),
    });
  };

  test("no file", () => failing(["--file", "no/such"], {}, "cannot read no/such: ENOENT"));
  test("cut off", () =>
    failing(["-"], { input: five.slice(0, 900) }, "the export is not JSON, or is cut off"));
  test("an empty input that was asked for", () =>
    failing(["-"], { input: "" }, "the export is empty"));
  test("no Pulumi", () =>
    failing(
      [],
      {},
      "cannot run `pulumi stack export`: the Pulumi command line is not on the PATH; give its output with --file, or on standard input",
    ));
  test("Pulumi fails", async () => {
    const env = {
      PATH: pulumiThat("echo half of it; echo 'error: no stack selected' >&2; exit 255"),
    };
    await failing([], { env }, "`pulumi stack export --non-interactive` ended with 255");
    expect((await report([], { env })).stderr).toContain("error: no stack selected");
  });
  test("no folder to write to", () =>
    failing(["--out", "no/such"], { input: five }, "cannot write no/such: ENOENT"));
  test("a clock that is set wrongly", async () => {
    const { code, stderr } = await report(["-"], {
      input: five,
      env: { ACCOUNT_PASSWORDS_NOW: "noon" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("ACCOUNT_PASSWORDS_NOW is not an ISO time");
  });
});

test("--fail-on: status 1, and why; the report is printed all the same", async () => {
  const failing = await report(["--fail-on", "overdue,unknown", "-"], { input: five });
  expect(failing).toEqual({
    code: 1,
    stdout: expect.stringContaining(summary),
    stderr: "pulumi-account-passwords: --fail-on finds 2 of 5 accounts: 1 unknown, 1 overdue\n",
  });
  const passing = await report(["--fail-on", "max-age", "--max-age", "15w", "-"], { input: five });
  expect([passing.code, passing.stderr]).toEqual([0, ""]);
});

test("misuse: status 2, the reason and a hint on stderr, nothing is read", async () => {
  const PATH = pulumiThat("exit 0");
  expect(await report(["--fail-on", "late"], { env: { PATH } })).toEqual({
    code: 2,
    stdout: "",
    stderr:
      'pulumi-account-passwords: --fail-on takes unknown, drift, refused, overdue, max-age: there is no "late"\n' +
      "Try: pulumi-account-passwords --help\n",
  });
});

test("--help", async () => {
  const { code, stdout, stderr } = await report(["--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("--fail-on");
});

test.each([
  ["json", '"version": 1'],
  ["markdown", "| Service |"],
  ["html", "<!doctype html>"],
])("--format %s, to a file", async (format, text) => {
  const out = join(folder, `report.${format}`);
  const { code, stdout } = await report(["--format", format, "--out", out, "-"], { input: five });
  expect([code, stdout]).toEqual([0, ""]);
  const written = readFileSync(out, "utf8");
  expect(written).toContain(text);
  expect(written).not.toContain(canary);
});

test("who reads only the beginning of it is no error", async () => {
  const command = compileCommand();
  const path = file("many.json", exportOf(many(2000)));
  const child = spawn(process.execPath, [command.path, "report", "--format=html", "--file", path], {
    env: command.environment,
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, stderr]).toEqual([0, ""]);
  command.remove();
});

test("it says what it waits for", async () => {
  const command = compileCommand();
  const child = spawn(process.execPath, [command.path, "report"], { env: command.environment });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
    if (stderr.includes("\n")) child.stdin.end(five);
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(stderr).toContain("waiting for an export on standard input");
  command.remove();
});
