// The plugin of @pulumi/random, for the engine tests: the real one where it can be had, else the stand-in.
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, pulumiHome, root } from "./places.mjs";
import { run, say } from "./run.mjs";

/** So long a refused download is not tried again. */
const retryAfterMs = 60 * 60 * 1000;

const patienceMs = 60_000;

/**
 * @param {string} pulumi The folder of the command line
 * @returns {Promise<{ folder: string; standIn: boolean }>}
 */
export async function findRandomPlugin(pulumi) {
  const home = join(cacheFolder, "plugin-home");
  const plugin = join("plugins", `resource-random-v${version()}`);
  const installed = [pulumiHome, home].map((each) => join(each, plugin)).find(existsSync);
  if (installed) return { folder: installed, standIn: false };
  if (await download(pulumi, home)) return { folder: join(home, plugin), standIn: false };
  return { folder: join(root, "test", "plugins", "random"), standIn: true };
}

function version() {
  const file = join(root, "node_modules", "@pulumi", "random", "package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}

async function download(pulumi, home) {
  const refused = join(cacheFolder, "random-plugin-refused");
  const triedAt = statSync(refused, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - triedAt < retryAfterMs) return false;
  say(`Plugin of @pulumi/random: downloading version ${version()} …`);
  const started = Date.now();
  const { code } = await run(
    join(pulumi, "pulumi"),
    ["plugin", "install", "resource", "random", `v${version()}`, "--non-interactive"],
    {
      cwd: root,
      env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      giveUp: () => Date.now() - started > patienceMs,
    },
  );
  if (code !== 0) writeFileSync(refused, "");
  return code === 0;
}
