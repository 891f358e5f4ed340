// Few rules, each because its breach has a cost here; layout is Prettier's business.
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const axiosOnlyInHttp = {
  name: "axios",
  message:
    "Only provider/http.ts talks HTTP: axios' errors carry the request body, so the password.",
};
const noEmulator = {
  group: ["**/emulator", "**/emulator/*"],
  message: "What runs in production must not depend on the offline twin.",
};
const noCommands = {
  group: ["**/cli", "**/cli/*"],
  message: "The commands use the package and the emulator, never the other way round.",
};

export default defineConfig(
  { ignores: ["**/dist/", "**/node_modules/", "coverage/"] },
  {
    files: ["**/*.ts", "**/*.mts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A forgotten await lets an operation report success before the vendor has answered, and its error kill the process.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      // An outcome that nobody handles must not compile: a vendor answer taken for "done" loses a password.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `any` switches the checks off exactly where foreign data comes in.
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      // The engine prints "undefined", or hangs, when something else than an Error is thrown.
      "@typescript-eslint/only-throw-error": "error",
      // A type-only import must not load a module: the first resource has 15 ms.
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // A literal in a test may be wrong on purpose.
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["provider/**"],
    ignores: ["provider/http.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [axiosOnlyInHttp], patterns: [noEmulator, noCommands] },
      ],
    },
  },
  {
    files: ["provider/http.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noEmulator, noCommands] }] },
  },
  {
    files: ["emulator/**"],
    rules: {
      "no-restricted-imports": ["error", { paths: [axiosOnlyInHttp], patterns: [noCommands] }],
    },
  },
  {
    files: ["cli/**", "examples/**"],
    rules: { "no-restricted-imports": ["error", { paths: [axiosOnlyInHttp] }] },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    rules: {
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-undef": "off", // Node's globals; an unknown name shows at the first run
      eqeqeq: "error",
    },
  },
);
