// Two projects: `unit` needs nothing but the sources; `engine` drives the real Pulumi command line, so it finds it first
// (globalSetup); its harness gives each test minutes instead of seconds.
const { availableParallelism } = require("node:os");

const project = {
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/test/tsconfig.json" }] },
  roots: ["<rootDir>/test", "<rootDir>/provider", "<rootDir>/emulator", "<rootDir>/cli"],
};

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    {
      ...project,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/engine/"],
      setupFilesAfterEnv: ["<rootDir>/test/cache-folder.ts"],
    },
    {
      ...project,
      displayName: "engine",
      testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
      globalSetup: "<rootDir>/test/engine/global-setup.mjs",
    },
  ],
  // For tests and hooks that start processes, on a machine that is busy with others.
  testTimeout: 20_000,
  reporters: ["default", "<rootDir>/test/reporter.js"],
  // An engine test waits for other processes a good part of its time: a worker for each core would leave it idle.
  maxWorkers: availableParallelism() + 2,
};
