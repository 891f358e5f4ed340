// Sets a checkout up: packages, build, Pulumi command line. Safe to run again, quick when there is nothing to do.
//
//   node tools/setup.mjs                   everything
//   node tools/setup.mjs --build           packages and build only
//   node tools/setup.mjs --print-pulumi    everything; prints the folder of the Pulumi command line, and nothing else, on stdout
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { installPackages } from "./packages.mjs";
import { findOrInstallPulumi } from "./pulumi.mjs";
import { orExplain, say, SetupError } from "./run.mjs";

const oldestNode = 20;

/** @returns {Promise<string>} The folder of the Pulumi command line */
export async function setUp() {
  await setUpPackage();
  return findOrInstallPulumi();
}

async function setUpPackage() {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    throw new SetupError(
      `This is Node.js ${process.versions.node}.`,
      `Install Node.js ${oldestNode} or newer (https://nodejs.org).`,
    );
  }
  await installPackages();
  await build();
}

if (fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  await orExplain(async () => {
    const args = process.argv.slice(2);
    if (args.includes("--build")) return setUpPackage();
    const pulumi = await setUp();
    if (args.includes("--print-pulumi")) console.log(pulumi);
    else say(`Ready. Pulumi: ${pulumi}`);
  });
}
