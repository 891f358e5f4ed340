// The Pulumi command line, built from its Go modules: for where it cannot be downloaded, but Go modules and npm packages can.
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";
import { run, say, SetupError } from "./run.mjs";
import { makeFolder } from "./whole-folder.mjs";

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const suffix = process.platform === "win32" ? ".exe" : "";

/**
 * Two Go modules, because they ask for different versions of the same one: the language host of
 * newer releases is a module without versions of its own. The older one of the vendor works with
 * the newer command line.
 */
const modules = [
  {
    folder: join(root, "tools", "pulumi-cli"),
    source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    program: `pulumi${suffix}`,
    takes: "4 to 5 minutes on two cores, once",
  },
  {
    folder: join(root, "tools", "pulumi-language-nodejs"),
    source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    program: `pulumi-language-nodejs${suffix}`,
    takes: "half a minute, once",
  },
];

/** The third program is a script that the npm package `@pulumi/pulumi` brings along. */
const dynamicProvider = `pulumi-resource-pulumi-nodejs${suffix ? ".cmd" : ""}`;

/**
 * @param {string} version
 * @param {string} folder Where the programs are to lie
 */
export async function buildPulumi(version, folder) {
  await checkGo();
  await makeFolder(folder, async (temporary) => {
    for (const each of modules) await buildModule(each, version, temporary);
    const script = join(temporary, dynamicProvider);
    copyFileSync(join(root, "node_modules", "@pulumi", "pulumi", dynamicProvider), script);
    chmodSync(script, 0o755);
  });
  say(`Pulumi: built into ${folder}`);
}

/**
 * Asked in a module's folder: a Go that may get a newer one by itself then does so, any other says
 * which one it lacks.
 */
async function checkGo() {
  const { code, output } = await run("go", ["version"], { cwd: modules[0].folder, env: goEnv });
  if (code === 0) return;
  const problem = code === null ? "Go is not installed" : output.trim();
  throw new SetupError(
    `Pulumi can neither be downloaded nor built: ${problem}.`,
    "Install Go 1.25.11 or newer (https://go.dev/dl/), or Pulumi itself (https://www.pulumi.com/docs/install/).",
  );
}

async function buildModule({ folder, source, program, takes }, version, target) {
  say(`Pulumi: building ${program} from its Go modules (${takes}) …`);
  const { code, output } = await run(
    "go",
    [
      ["build", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace"],
      ["-ldflags", `-s -w -X ${versionVariable}=v${version}`],
      ["-o", join(target, program), source],
    ].flat(),
    { cwd: folder, env: goEnv, onOutput: progress() },
  );
  if (code === 0) return;
  throw new SetupError(
    `go build failed:\n${lastLines(output)}`,
    "It needs a Go module proxy that go can reach (go env GOPROXY), and 4 GB of free disk.",
  );
}

/** No C compiler wanted, and no workspace of the user's around the two modules. */
const goEnv = { CGO_ENABLED: "0", GOWORK: "off" };

/** One line every 20 seconds: the build is silent for minutes otherwise. */
function progress() {
  const started = Date.now();
  let [downloaded, compiled, said] = [0, 0, started];
  return (text) => {
    for (const line of text.split("\n")) {
      if (line.startsWith("go: downloading ")) downloaded++;
      else if (line !== "") compiled++;
    }
    if (Date.now() - said < 20_000) return;
    said = Date.now();
    const seconds = Math.round((said - started) / 1000);
    say(`  ${seconds} s: ${downloaded} modules downloaded, ${compiled} packages compiled`);
  };
}

function lastLines(text) {
  return text
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("go: downloading "))
    .slice(-20)
    .join("\n");
}
