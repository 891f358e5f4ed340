// Step 3: the Pulumi command line, as the folder that its programs lie in.
import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildPulumi } from "./pulumi-build.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { cacheFolder, pulumiHome } from "./places.mjs";
import { run, say, SetupError } from "./run.mjs";
import { oneAtATime } from "./whole-folder.mjs";

/** The one that is installed where there is none: the newest that can be had on every way. */
const version = "3.259.0";

/**
 * The same as of `@pulumi/pulumi` in package.json: from there on `read` may return inputs, which
 * `refresh` relies on.
 */
const minimumVersion = "3.216.0";

const windows = process.platform === "win32";
const program = windows ? "pulumi.exe" : "pulumi";
const companions = windows
  ? ["pulumi-language-nodejs.exe", "pulumi-resource-pulumi-nodejs.cmd"]
  : ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/**
 * @returns {Promise<string>} The folder of the command line: the one on PATH, an earlier one, a
 *   downloaded, a built one
 */
export async function findOrInstallPulumi() {
  const found = (await onPath()) ?? (await installedEarlier());
  if (found) return found;
  return oneAtATime("pulumi", async () => {
    const folder = join(cacheFolder, `pulumi-${version}`);
    if (isComplete(folder)) return folder; // another set-up has just installed it
    try {
      await downloadPulumi(version, folder);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`  not possible here: ${error.message}`);
      await buildPulumi(version, folder);
    }
    if (!isComplete(folder))
      throw new SetupError(`${folder} lacks ${missingIn(folder).join(", ")}.`);
    return folder;
  });
}

async function onPath() {
  const folder = pathFolders().find((each) => isProgram(join(each, program)));
  if (folder === undefined) return undefined;
  const candidates = [folder, dirname(realpathSync(join(folder, program)))];
  const missing = missingIn(...candidates, ...pathFolders());
  if (missing.length > 0) {
    say(`Pulumi: the one in ${folder} is not used, it lacks ${missing.join(" and ")}`);
    return undefined;
  }
  if (!(await isNewEnough(folder))) return undefined;
  // The folder that all of its programs lie in, if there is one.
  return candidates.find(isComplete) ?? folder;
}

async function installedEarlier() {
  const versioned = [
    ...versionsIn(cacheFolder, /^pulumi-(.*)$/, (name) => join(cacheFolder, name)),
    ...versionsIn(join(pulumiHome, "versions"), /^(.*)$/, (name) =>
      join(pulumiHome, "versions", name, "bin"),
    ),
  ];
  const found = versioned.find((each) => isComplete(each.folder))?.folder;
  if (found) return found;
  const official = join(pulumiHome, "bin");
  return isComplete(official) && (await isNewEnough(official)) ? official : undefined;
}

/** The folders named by a version that is new enough, newest first. */
function versionsIn(parent, pattern, folderOf) {
  return namesIn(parent)
    .map((name) => ({ version: pattern.exec(name)?.[1] ?? "", folder: folderOf(name) }))
    .filter((each) => /^\d+\.\d+\.\d+$/.test(each.version) && atLeast(each.version, minimumVersion))
    .sort((a, b) => (atLeast(a.version, b.version) ? -1 : 1));
}

async function isNewEnough(folder) {
  const home = mkdtempSync(join(tmpdir(), "pulumi-version-")); // it logs each of its calls there
  const started = Date.now();
  const { output } = await run(join(folder, program), ["version"], {
    env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    giveUp: () => Date.now() - started > 20_000,
  });
  rmSync(home, { recursive: true, force: true });
  const [, found] = /^v?(\d+\.\d+\.\d+)/m.exec(output) ?? [];
  if (found && atLeast(found, minimumVersion)) return true;
  say(
    `Pulumi: the one in ${folder} is not used, ${found ?? "of unknown version"} < ${minimumVersion}`,
  );
  return false;
}

function atLeast(version, minimum) {
  const [a, b] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] > b[i];
  return true;
}

function isComplete(folder) {
  return isProgram(join(folder, program)) && missingIn(folder).length === 0;
}

function missingIn(...folders) {
  return companions.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    const { size } = statSync(file);
    return size > 0;
  } catch {
    return false;
  }
}

function pathFolders() {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
