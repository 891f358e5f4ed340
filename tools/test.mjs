// `npm test`: sets up, checks the types of the tests (which the test runner skips for speed), then runs every test.
// What follows on the command line goes to jest: `npm test -- test/engine`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./places.mjs";
import { onInterrupt, orExplain, run, say, SetupError } from "./run.mjs";
import { setUp } from "./setup.mjs";

const ready = await orExplain(async () => {
  await setUp();
  await checkTypes();
});
if (ready) process.exitCode = await jest(process.argv.slice(2));
else console.log("0 passed, 1 failed, 0 skipped"); // where jest's reporter would have printed the counts

async function checkTypes() {
  say("Types of the tests: tsc …");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run(process.execPath, [tsc, "-p", "test", "--pretty", "false"], {
    cwd: root,
  });
  if (code !== 0) throw new SetupError(`The tests have wrong types:\n${output.trim()}`);
}

function jest(args) {
  const script = join(root, "node_modules", "jest", "bin", "jest.js");
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  const exited = new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  onInterrupt((signal) => {
    child.kill(signal);
    return exited;
  });
  return exited;
}
