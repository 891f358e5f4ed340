import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emulatorEnvironment, exportLines } from "../../emulator/environment";
import { type CompiledCommand, compileCommand } from "./compiled-command";
import { http } from "../emulator/support/http";

const children: ChildProcess[] = [];
let folder: string;
let command: CompiledCommand;

jest.setTimeout(30_000);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-cli-"));
  command = compileCommand();
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
  command.remove();
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]) {
  const child = spawn(process.execPath, [command.path, ...args], {
    env: command.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  const ended = once(child, "close").then(([code, signal]): Ended => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  /** The address, once it listens. */
  const listening = async () => {
    while (!stdout.includes("ACCOUNT_PASSWORDS_EMULATOR")) {
      if (child.exitCode !== null) throw new Error(`ended: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return String(/EMULATOR='(.*)'/.exec(stdout)?.[1]);
  };
  const printed = async (text: string) => {
    while (!stdout.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, ended, listening, printed };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("without a COMMAND", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "prints nothing but export lines, serves, and ends with status 0 on %s",
    async (signal) => {
      const { child, ended, listening } = run("emulator");
      const url = await listening();
      expect((await http(`${url}/emulator/requests`)).json).toEqual([]);
      // An open connection does not keep it.
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      await once(socket, "connect");
      socket.on("error", () => undefined);
      child.kill(signal);
      expect(await ended).toEqual({
        code: 0,
        signal: null,
        stdout: exportLines(emulatorEnvironment(url)),
        stderr: "",
      });
      socket.destroy();
    },
  );

  test("takes the files and the port that it is given", async () => {
    const accounts = file("accounts.json", {
      tencentcloud: { redis: [{ instanceId: "crs-mine", password: "Mine123_pw" }] },
    });
    const faults = file("faults.json", [{ when: "before", what: "status:503" }]);
    const state = join(folder, "state.json");
    const first = run(
      "emulator",
      "--port",
      "0",
      "--accounts",
      accounts,
      "--faults",
      faults,
      "--state",
      state,
    );
    const url = await first.listening();
    expect((await http(url, { method: "POST" })).status).toBe(503);
    expect((await http(url, { method: "POST" })).status).toBe(200);
    const redis = [{ instanceId: "crs-mine", password: "Changed1_pw" }];
    await http(`${url}/emulator/accounts`, { method: "POST", body: { tencentcloud: { redis } } });
    first.child.kill("SIGTERM");
    await first.ended;
    expect(statSync(state).mode & 0o777).toBe(0o600);

    const second = run(
      "emulator",
      "--accounts",
      accounts,
      "--state",
      state,
      "--port",
      new URL(url).port,
    );
    expect(await second.listening()).toBe(url);
    const { json } = await http(`${url}/emulator/accounts`);
    expect(json.tencentcloud.redis[0].password).toBe("Changed1_pw");
    second.child.kill("SIGTERM");
    await second.ended;
  });
});

describe("with a COMMAND", () => {
  const node = [process.execPath, "-e"] as const;

  test("prints nothing itself, sets the variables, and ends with the COMMAND's status", async () => {
    const script =
      "fetch(process.env.ACCOUNT_PASSWORDS_EMULATOR + '/emulator/requests')" +
      ".then((answer) => answer.text()).then((text) => { console.log(text, process.env.TENCENTCLOUD_REGION, process.env.PATH !== undefined); process.exitCode = 7; })";
    const { ended } = run("emulator", "--", ...node, script);
    expect(await ended).toEqual({
      code: 7,
      signal: null,
      stdout: "[] ap-guangzhou true\n",
      stderr: "",
    });
  });

  test("hands the COMMAND its arguments as they are", async () => {
    const script = "console.log(JSON.stringify(process.argv.slice(1)))";
    const { ended } = run("emulator", "--", ...node, script, "--", "--port", "a b", "$X");
    expect(await ended).toMatchObject({ code: 0, stdout: '["--port","a b","$X"]\n' });
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "passes %s on and waits for the COMMAND's own end",
    async (signal) => {
      const script = `process.on('${signal}', () => { console.log('got ${signal}'); setTimeout(() => process.exit(5), 100); }); setInterval(() => {}, 1000); console.log('ready')`;
      const { child, ended, printed } = run("emulator", "--", ...node, script);
      await printed("ready");
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 5, stdout: `ready\ngot ${signal}\n` });
    },
  );

  test("ends with 128 and the signal's number where a signal ended the COMMAND", async () => {
    const { ended } = run("emulator", "--", ...node, "process.kill(process.pid, 'SIGKILL')");
    expect(await ended).toMatchObject({ code: 137, signal: null });
  });

  test("ends with 127 where there is no such COMMAND", async () => {
    const { code, stdout, stderr } = await run("emulator", "--", "no-such-command-anywhere").ended;
    expect([code, stdout]).toEqual([127, ""]);
    expect(stderr).toBe(
      'pulumi-account-passwords: cannot run "no-such-command-anywhere": ENOENT\n',
    );
  });
});

test("--help prints every option on stdout: status 0", async () => {
  const { code, stdout, stderr } = await run("emulator", "--help").ended;
  expect([code, stderr]).toEqual([0, ""]);
  for (const option of ["--port", "--accounts", "--faults", "--state", "--backends", "COMMAND"])
    expect(stdout).toContain(option);
});

test("misuse: status 2, the reason and a hint on stderr, nothing on stdout", async () => {
  expect(await run("emulator", "extra").ended).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr:
      'pulumi-account-passwords: unexpected argument "extra": a COMMAND comes after --\n' +
      "Try: pulumi-account-passwords --help\n",
  });
});

test("a backends file is read: status 1 where it leads to another machine", async () => {
  const path = file("backends.json", {
    tencentcloud: { redis: [{ instanceId: "crs-5a4p1234", host: "redis.example.com" }] },
  });
  const { code, stderr } = await run("emulator", "--backends", path, "--", "echo", "run").ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`${path}: tencentcloud.redis[0].host: must be a loopback address`);
});

test("a wrong file: status 1, the reason on stderr, no COMMAND is run", async () => {
  const path = file("wrong.json", '{"tencentcloud":{"redis":[{"instanceId":"crs-1"}]}}');
  expect(await run("emulator", "--accounts", path, "--", "echo", "run").ended).toEqual({
    code: 1,
    signal: null,
    stdout: "",
    stderr: `pulumi-account-passwords: ${path}: tencentcloud.redis[0]: password is missing\n`,
  });
});
