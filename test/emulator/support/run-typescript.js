"use strict";
// Lets plain Node load TypeScript, so that a test can start the command as a child process without
// a build. Types are checked by `tsc`, not here.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const ts = require("typescript");

Module._extensions[".ts"] = (module, path) => {
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
    fileName: path,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  module._compile(outputText, path);
};
