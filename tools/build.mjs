// Step 2: TypeScript to dist/, as it is published and as the Pulumi engine runs it.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";
import { run, say, SetupError } from "./run.mjs";
import { makeFolder, oneAtATime } from "./whole-folder.mjs";

const dist = join(root, "dist");
const stamp = "built-from";

export async function build() {
  if (isBuilt()) return;
  await oneAtATime(root, async () => {
    if (isBuilt()) return;
    say("Build: tsc …");
    const sources = digestOfSources();
    await makeFolder(dist, async (folder) => {
      await Promise.all([
        // Nobody reads the comments there, and each run of Pulumi reads the files.
        tsc(folder, "--removeComments", "--declaration", "false"),
        tsc(folder, "--emitDeclarationOnly"),
      ]);
      makeExecutable(join(folder, "cli", "main.js"));
      writeFileSync(join(folder, stamp), sources);
    });
  });
}

async function tsc(folder, ...args) {
  const script = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run(
    process.execPath,
    [script, "-p", root, "--outDir", folder, "--pretty", "false", ...args],
    { cwd: root },
  );
  if (code !== 0) throw new SetupError(`The build failed:\n${output.trim()}`);
}

/** Whether dist/ holds what the sources say now. */
export function isBuilt() {
  const file = join(dist, stamp);
  return existsSync(file) && readFileSync(file, "utf8") === digestOfSources();
}

/**
 * By content, not by time: a change of branch and back needs no build, and a copied checkout none
 * either.
 */
function digestOfSources() {
  const files = [
    "tsconfig.json",
    "package.json",
    ...["provider", "emulator", "cli"].flatMap(filesIn),
  ];
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

/**
 * Npm does so for who installs the package; in the checkout the command is linked before it is
 * built.
 */
function makeExecutable(file) {
  if (existsSync(file)) chmodSync(file, 0o755);
}
