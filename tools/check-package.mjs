// Checks what would be published: packs it, installs it in an empty folder, and uses it from there as a stranger would.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./places.mjs";
import { npm, run } from "./run.mjs";

const maximumBytes = 200_000;

/** Nothing but what runs, its types, and what a reader needs. */
const mayBeInIt =
  /^(dist\/(provider|emulator|cli)\/.+\.(js|d\.ts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;

const mustBeInIt = [
  "dist/cli/main.js",
  "dist/provider/index.d.ts",
  "dist/provider/index.js",
  "dist/provider/provider.js",
  "LICENSE",
  "package.json",
  "README.md",
];

const folder = mkdtempSync(join(tmpdir(), "account-passwords-package-"));
try {
  const packed = await pack();
  checkContents(packed);
  await install(packed);
  await checkUse();
  checkLockFile();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function pack() {
  const args = ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination"];
  const { code, output } = await npm([...args, folder], { cwd: root });
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`);
  return JSON.parse(output.slice(output.indexOf("[")))[0];
}

function checkContents({ files, size }) {
  const names = files.map(({ path }) => path);
  const surplus = names.filter((name) => !mayBeInIt.test(name));
  const missing = mustBeInIt.filter((name) => !names.includes(name));
  report("holds nothing but what runs and its types", surplus);
  report("is complete", missing);
  report(`is ${size} bytes, at most ${maximumBytes}`, size > maximumBytes ? ["too large"] : []);
}

/** With the checkout's own @pulumi/pulumi, which is a peer: everything else comes as declared. */
async function install({ filename }) {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const options = [
    "--omit=peer",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--prefer-offline",
  ];
  const { code, output } = await npm(["install", ...options, `./${filename}`], { cwd: folder });
  if (code !== 0) throw new Error(`npm install failed:\n${output}`);
  const scope = join(folder, "node_modules", "@pulumi");
  mkdirSync(scope, { recursive: true });
  symlinkSync(join(root, "node_modules", "@pulumi", "pulumi"), join(scope, "pulumi"));
}

async function checkUse() {
  await node(
    "its provider can be required",
    `const { handler } = require("pulumi-account-passwords/provider");
     if (typeof handler !== "function") throw new Error("no handler");`,
  );
  await node(
    "its classes can be required",
    `const { tencentcloud, huaweicloud, RotatingPassword } = require("pulumi-account-passwords");
     for (const each of [tencentcloud.RedisInstancePassword, huaweicloud.ServicecombAccountPassword, RotatingPassword])
       if (typeof each !== "function") throw new Error("no class");`,
  );
  await node(
    "its classes can be imported by an ES module",
    `import("pulumi-account-passwords").then(({ tencentcloud, RotatingPassword }) => {
       if (!tencentcloud || !RotatingPassword) throw new Error("no named exports");
     });`,
  );
  await node(
    "nothing else of it can be required",
    `require("pulumi-account-passwords/package.json");
     try { require.resolve("pulumi-account-passwords/dist/provider/http.js"); } catch { process.exit(0); }
     throw new Error("dist/ is open");`,
  );
  await command("its types resolve", process.execPath, [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    writeTypeScriptProject(),
  ]);
  await command(
    "its command runs the emulator",
    join(folder, "node_modules", ".bin", "pulumi-account-passwords"),
    [
      ...["emulator", "--", process.execPath, "-e"],
      "process.exit(process.env.ACCOUNT_PASSWORDS_EMULATOR ? 0 : 1)",
    ],
  );
  await command(
    "its command reports on an export",
    join(folder, "node_modules", ".bin", "pulumi-account-passwords"),
    ["report", "--file", writeExport()],
  );
}

/** Of a stack that nothing was deployed to. */
function writeExport() {
  const file = join(folder, "export.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [] } }));
  return file;
}

function writeTypeScriptProject() {
  const program = `import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const password = new RotatingPassword("one", { policy: tencentcloud.RedisInstancePassword.policy });
new tencentcloud.RedisInstancePassword("one", { instanceId: "crs-1", password });
// @ts-expect-error an account needs a password
new tencentcloud.RedisInstancePassword("two", { instanceId: "crs-1" });
`;
  const compilerOptions = { module: "node16", strict: true, noEmit: true, skipLibCheck: false };
  writeFileSync(join(folder, "index.ts"), program);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] }, files: ["index.ts"] }),
  );
  return folder;
}

/** Everybody installs from the registry that they have. */
function checkLockFile() {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const named = Object.keys(packages).filter((name) => /:\/\//.test(packages[name].resolved ?? ""));
  report("its lock file names no registry", named);
}

function node(what, script) {
  return command(what, process.execPath, ["-e", script]);
}

async function command(what, program, args) {
  const { code, output } = await run(program, args, { cwd: folder });
  report(what, code === 0 ? [] : [output.trim() || `ended with ${code}`]);
}

function report(what, problems) {
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"} The package: ${what}`);
  for (const problem of problems) console.log(`         ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
