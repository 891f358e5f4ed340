// What a figure was measured on.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../tools/places.mjs";
import { run } from "../tools/run.mjs";

/** @param {string} pulumi The folder of the command line */
export async function describeMachine(pulumi) {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(1);
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(", ");
  return [
    `Date      ${new Date().toISOString()}`,
    `Machine   ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${gibibytes} GiB, ${process.platform} ${process.arch}`,
    `Load      ${load} before the start: figures of a busy machine are not to be published`,
    `Node.js   ${process.versions.node}`,
    `Pulumi    ${await versionOfPulumi(pulumi)}, @pulumi/pulumi ${versionOf("node_modules/@pulumi/pulumi")}`,
    `Package   ${versionOf(".")}`,
  ].join("\n");
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).version;
}

async function versionOfPulumi(folder) {
  const home = mkdtempSync(join(tmpdir(), "account-passwords-bench-")); // it logs each of its calls there
  try {
    const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { output } = await run(join(folder, "pulumi"), ["version"], { env });
    return output.trim();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
