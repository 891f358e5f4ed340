/**
 * Copies of the built package, each with modules and a clock of its own: what one process has in
 * its memory, without the process. Starting one costs a millisecond.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkout } from "../engine/workspace";

/** What a module is given in place of its own; by the name that it requires. */
export type Replacements = Readonly<Record<string, unknown>>;
type Globals = Readonly<Record<string, unknown>>;

const dist = join(checkout, "dist");
type Module = (...given: unknown[]) => void;
const compiled = new Map<string, Module>();
/** Loaded once: they keep nothing that matters here. */
const outside = new Map<string, unknown>();

/** @param entry A file of `dist`, such as `provider/provider`. */
export function loadCopy<T>(entry: string, globals: Globals, replacements: Replacements): T {
  const modules = new Map<string, { exports: unknown }>();
  const names = Object.keys(globals);
  const load = (file: string): unknown => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    modules.set(file, module);
    const key = `${names.join()} ${file}`;
    const run = compiled.get(key) ?? compile(file, names);
    compiled.set(key, run);
    const requireFrom = (name: string): unknown => {
      if (name in replacements) return replacements[name];
      if (name.startsWith(".")) return load(fileOf(join(dirname(file), name)));
      return fromOutside(name);
    };
    run(module.exports, requireFrom, module, ...Object.values(globals));
    return module.exports;
  };
  return load(fileOf(join(dist, entry))) as T;
}

const files = new Map<string, string>();

function fileOf(path: string): string {
  const known = files.get(path);
  if (known !== undefined) return known;
  const file = createRequire(join(dist, "package.json")).resolve(path);
  files.set(path, file);
  return file;
}

function compile(file: string, globals: readonly string[]): Module {
  const text = `${readFileSync(file, "utf8")}\n//# sourceURL=${file}`;
  // In this realm, so that an Error is an Error here too.
  return new Function("exports", "require", "module", ...globals, text) as Module;
}

function fromOutside(name: string): unknown {
  if (!outside.has(name)) outside.set(name, jest.requireActual(name));
  return outside.get(name);
}
