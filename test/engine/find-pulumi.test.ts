// Which Pulumi command line the set-up takes: the one on PATH, if it will do, else one that is installed already.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { checkout } from "./workspace";

const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "find-pulumi-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the one on PATH, if it is new enough and complete", () => {
  install("path", "3.300.0");
  install("cache/pulumi-account-passwords/pulumi-3.259.0", "3.259.0");
  expect(find().stdout).toBe(`${join(folder, "path")}\n`);
});

test("an earlier one when the one on PATH is too old", () => {
  install("path", "3.100.0");
  install("cache/pulumi-account-passwords/pulumi-3.259.0", "3.259.0");
  const { stdout, stderr } = find();
  expect(stdout).toBe(`${join(folder, "cache/pulumi-account-passwords/pulumi-3.259.0")}\n`);
  expect(stderr).toContain("3.100.0 < 3.216.0");
});

test("an earlier one when the one on PATH has no language host", () => {
  install("path", "3.300.0", ["pulumi", "pulumi-resource-pulumi-nodejs"]);
  install("home/versions/3.262.0/bin", "3.262.0");
  install("home/versions/3.99.0/bin", "3.99.0");
  const { stdout, stderr } = find();
  expect(stdout).toBe(`${join(folder, "home/versions/3.262.0/bin")}\n`);
  expect(stderr).toContain("it lacks pulumi-language-nodejs");
});

test("the newest of several", () => {
  install("home/versions/3.262.0/bin", "3.262.0");
  install("home/versions/3.1000.0/bin", "3.1000.0");
  expect(find().stdout).toBe(`${join(folder, "home/versions/3.1000.0/bin")}\n`);
});

test("without any, and without a way to get one, it says what to install, and leaves nothing behind", () => {
  const { status, stdout, stderr } = find();
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("Install Go 1.25.11 or newer");
  expect(readdirSync(join(folder, "cache", "pulumi-account-passwords"))).toEqual([]);
});

/** Programs that know nothing but their version. */
function install(where: string, version: string, names = programs): void {
  mkdirSync(join(folder, where), { recursive: true });
  for (const name of names) {
    const file = join(folder, where, name);
    writeFileSync(file, `#!/bin/sh\necho v${version}\n`);
    chmodSync(file, 0o755);
  }
}

/** A registry that refuses, and no Go: nothing is downloaded or built in these tests. */
function find() {
  const script = `
    import { findOrInstallPulumi } from ${JSON.stringify(join(checkout, "tools", "pulumi.mjs"))};
    import { orExplain } from ${JSON.stringify(join(checkout, "tools", "run.mjs"))};
    await orExplain(async () => console.log(await findOrInstallPulumi()));`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: {
      PATH: [join(folder, "path"), "/bin", dirname(process.execPath)].join(delimiter),
      HOME: folder,
      PULUMI_HOME: join(folder, "home"),
      XDG_CACHE_HOME: join(folder, "cache"),
      npm_config_registry: "http://127.0.0.1:9",
      npm_config_cache: join(folder, "npm"),
      npm_execpath: process.env["npm_execpath"],
    },
  });
}
