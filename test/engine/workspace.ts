// The folders that one test works in: program, state, PULUMI_HOME, HOME; all in one temporary folder.
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import ts from "typescript";

export const checkout = resolve(__dirname, "..", "..");

/**
 * `typescript` is compiled by Pulumi in each run, which takes a second of it, `precompiled` is the
 * same text compiled once, by the harness.
 */
export type Language = "typescript" | "precompiled" | "javascript" | "esm";

export interface Workspace {
  folder: string;
  program: string;
  state: string;
  pulumiHome: string;
  home: string;
}

/** What a program may import. The engine finds Pulumi's own parts here, too. */
const packages = ["@pulumi/pulumi", "@pulumi/random", "@types/node", "typescript"];

export function makeWorkspace(): Workspace {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "account-passwords-")));
  const inside = (name: string) => join(folder, name);
  const workspace: Workspace = {
    folder,
    program: inside("program"),
    state: inside("state"),
    pulumiHome: inside("pulumi"),
    home: inside("home"),
  };
  for (const each of [workspace.program, workspace.state, workspace.pulumiHome, workspace.home]) {
    fs.mkdirSync(each);
  }
  linkPackages(workspace.program);
  installRandomPlugin(workspace.pulumiHome);
  return workspace;
}

/** Removes everything, unless the variable KEEP asks for a look at it. */
export function removeWorkspace({ folder }: Workspace): void {
  if (process.env["KEEP"]) process.stderr.write(`kept: ${folder}\n`);
  else fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Links to single packages, and of this one only what is published. Pulumi's language host looks
 * for plugins in all that it can reach: a link to the checkout leads it through all of
 * node_modules, and adds one to two seconds to every run.
 */
export function linkPackages(program: string): void {
  for (const name of packages) link(join("node_modules", name), program);
  const own = join("node_modules", "pulumi-account-passwords");
  for (const name of ["package.json", "dist"]) link(name, join(program, own));
}

/** Links a path of the checkout under the same path in `folder`. */
function link(path: string, folder: string): void {
  fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
  fs.symlinkSync(join(checkout, path), join(folder, path));
}

/** The engine wants a folder that is none by link; what lies in it may be links. */
function installRandomPlugin(pulumiHome: string): void {
  const source = process.env["ACCOUNT_PASSWORDS_TEST_RANDOM"];
  if (source === undefined || !fs.existsSync(source)) return;
  const folder = join(pulumiHome, "plugins", `resource-random-v${randomVersion()}`);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of fs.readdirSync(source)) fs.symlinkSync(join(source, name), join(folder, name));
}

function randomVersion(): string {
  const file = join(checkout, "node_modules", "@pulumi", "random", "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(folder, name)), { recursive: true });
    fs.writeFileSync(join(folder, name), text);
  }
}

/**
 * Copies a Pulumi project of the checkout, such as `examples/quickstart`, without what is installed
 * or configured there.
 */
export function copyProject(from: string, program: string): void {
  fs.cpSync(join(checkout, from), program, {
    recursive: true,
    filter: (path) => !/^(node_modules|Pulumi\..+\.yaml)$/.test(basename(path)),
  });
}

/** The main file of a program in this language. */
export function mainFile(language: Language): string {
  return {
    typescript: "index.ts",
    precompiled: "index.js",
    javascript: "index.js",
    esm: "index.mjs",
  }[language];
}

/** The text of the main file, for a program in this language. */
export function mainText(program: string, language: Language): string {
  if (language !== "precompiled") return program;
  const { CommonJS: module } = ts.ModuleKind;
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(program, { compilerOptions }).outputText;
}

/** What stands round a program in this language. */
export function projectFiles(project: string, language: Language): Record<string, string> {
  const typescript = language === "typescript";
  return {
    "Pulumi.yaml": `name: ${project}\nruntime:\n  name: nodejs\n  options:\n    typescript: ${typescript}\n`,
    "package.json": JSON.stringify({
      name: project,
      private: true,
      main: mainFile(language),
      ...(language === "esm" && { type: "module" }),
    }),
    ...(typescript && {
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "node16",
          moduleResolution: "node16",
          types: ["node"],
          strict: true,
        },
        files: [mainFile(language)],
      }),
    }),
  };
}

/** A name that no other test has. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}
