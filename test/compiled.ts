// The provider, and one file beside this one, as plain JavaScript in a temporary folder: a child process then needs
// neither a build nor a compiler. Types are checked by `tsc`, not here.
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

const repository = join(__dirname, "..");

/** Folders and processes of this file's tests end with it. */
const leftovers: (() => void)[] = [];
afterAll(() => leftovers.reverse().forEach((remove) => remove()));

/** @param entry Such as `http-child`. */
export function startCompiled(
  entry: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "account-passwords-test-"));
  leftovers.push(() => rmSync(folder, { recursive: true, force: true }));
  const sources = readdirSync(join(repository, "provider"), { recursive: true }) as string[];
  for (const name of sources) if (name.endsWith(".ts")) compile(join("provider", name), folder);
  compile(join("test", `${entry}.ts`), folder);
  const child = fork(join(folder, "test", `${entry}.js`), args, {
    execArgv: [],
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NODE_PATH: join(repository, "node_modules"),
      ...env,
    },
  });
  leftovers.push(() => child.kill("SIGKILL"));
  return child;
}

function compile(name: string, folder: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(repository, name), "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const path = join(folder, name.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, outputText);
}
