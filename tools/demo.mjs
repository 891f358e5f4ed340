// `npm run demo`: the main job, on this machine alone. `npm run demo:crash`: what a kill leaves behind. Sets up, then tells
// its story beside an emulator.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./places.mjs";
import { onInterrupt, orExplain } from "./run.mjs";
import { setUp } from "./setup.mjs";

const story = process.argv[2] === "crash" ? "demo-crash-story.mjs" : "demo-story.mjs";

await orExplain(async () => {
  const pulumi = await setUp();
  process.exitCode = await runBesideEmulator(join(root, "tools", story), pulumi);
});

/** The emulator's own command does it, as users do in their CI: it ends with the script's exit code. */
function runBesideEmulator(...script) {
  const command = join(root, "dist", "cli", "main.js");
  const child = spawn(process.execPath, [command, "emulator", "--", process.execPath, ...script], {
    cwd: root,
    stdio: "inherit",
  });
  const exited = new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  onInterrupt((signal) => {
    child.kill(signal); // it passes it on
    return exited;
  });
  return exited;
}
