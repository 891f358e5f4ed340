// The official Pulumi command line, by way of the npm package of the same name.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { npm, say, SetupError } from "./run.mjs";
import { makeFolder } from "./whole-folder.mjs";

/** A network that swallows packets instead of refusing them must not hold the set-up up for long. */
const stallMs = 30_000;

/**
 * @param {string} version
 * @param {string} folder Where its programs are to lie
 */
export async function downloadPulumi(version, folder) {
  say(`Pulumi: downloading version ${version} …`);
  await makeFolder(folder, async (temporary) => {
    const download = join(temporary, "download");
    mkdirSync(download);
    const { code, output, gaveUp } = await npm(
      [
        "exec",
        "--yes",
        "--fetch-retries=0",
        "--loglevel=error",
        `--package=pulumi@${version}`,
      ].concat(["--", "pulumi", "version"]),
      {
        cwd: download,
        env: {
          PULUMI_HOME: download, // where the package puts what it downloads
          TMPDIR: download, // and what it unpacks: both are removed when it is given up, and seen to grow
          PULUMI_VERSION: version,
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
        giveUp: stalled(download),
      },
    );
    if (gaveUp) throw new SetupError(`nothing arrived for ${stallMs / 1000} seconds`);
    if (code !== 0) throw new SetupError(output.trim().split("\n").at(-1));
    const programs = join(download, "versions", version, "bin");
    for (const name of readdirSync(programs))
      renameSync(join(programs, name), join(temporary, name));
    rmSync(download, { recursive: true, force: true });
  });
}

/** True when the folder has not changed its size for a while. */
function stalled(folder) {
  let size = -1;
  let since = Date.now();
  return () => {
    const now = sizeOf(folder);
    if (now !== size) [size, since] = [now, Date.now()];
    return Date.now() - since > stallMs;
  };
}

function sizeOf(folder) {
  let size = 0;
  for (const entry of readdirSync(folder, { recursive: true })) {
    const status = statSync(join(folder, entry), { throwIfNoEntry: false });
    size += status?.isFile() ? status.size : 0;
  }
  return size;
}
