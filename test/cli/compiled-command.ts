// The command as plain JavaScript in a temporary folder: its tests need no build, and a child process
// loads no compiler. Types are checked by `tsc`, not here.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

const repository = join(__dirname, "..", "..");

export interface CompiledCommand {
  readonly path: string;
  /** Lets it find the packages, which are not beside it. */
  readonly environment: NodeJS.ProcessEnv;
  remove(): void;
}

export function compileCommand(): CompiledCommand {
  const folder = mkdtempSync(join(tmpdir(), "account-passwords-command-"));
  for (const part of ["cli", "emulator", "provider"])
    for (const name of readdirSync(join(repository, part), { recursive: true }) as string[]) {
      if (!name.endsWith(".ts")) continue;
      const { outputText } = ts.transpileModule(
        readFileSync(join(repository, part, name), "utf8"),
        { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } },
      );
      const path = join(folder, "dist", part, name.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, outputText);
    }
  copyFileSync(join(repository, "package.json"), join(folder, "package.json"));
  return {
    path: join(folder, "dist", "cli", "main.js"),
    environment: { ...process.env, NODE_PATH: join(repository, "node_modules") },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
