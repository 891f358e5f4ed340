// `npm run torture`: the long tests, as long as they are told, and their figures as a table. See `--help`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./places.mjs";
import { onInterrupt, orExplain, SetupError } from "./run.mjs";
import { setUp } from "./setup.mjs";

/** What each part is, and the tests that do it. */
const parts = {
  kills: ["Runs of the real engine that are killed", "test/engine/kills"],
  outcomes: ["Every call and everything that can become of it", "outcomes"],
  histories: ["Random histories of one account", "test/histories"],
  leaks: ["Canary secrets through every error path", "leaks"],
  lockouts: ["ServiceComb accounts under wrong passwords", "test/lock-out"],
  passwords: ["Generated passwords of each policy", "test/password/generator-statistics"],
  schedules: [
    "Accounts on a schedule, in turn and in waves",
    "test/engine/(schedules|alternating|waves)",
  ],
  logins: [
    "Generated passwords that log in at each real server",
    "(servers/backends|engine/real-servers)",
  ],
};

const help = `npm run torture -- [--minutes N] [--seed N] [--<part> N] …

  --minutes N  how long each part runs that has no number (default: 5)
  --seed N     what the random choices start from (default: another one each time, printed)

Parts, with how many they do at least; none named: all of them.
${Object.entries(parts)
  .map(([name, [what]]) => `  --${name.padEnd(10)} ${what}`)
  .join("\n")}
`;

await orExplain(async () => {
  const told = read(process.argv.slice(2));
  if (told.help) console.log(help);
  else await torture(told);
});

function read(args) {
  const number = { type: "string" };
  const numbers = ["minutes", "seed", ...Object.keys(parts)];
  const options = {
    help: { type: "boolean" },
    ...Object.fromEntries(numbers.map((name) => [name, number])),
  };
  let told;
  try {
    told = parseArgs({ args, options }).values;
  } catch (error) {
    throw new SetupError(`${error.message}; see --help`);
  }
  for (const name of numbers)
    if (told[name] !== undefined && !/^\d+(\.\d+)?$/.test(told[name]))
      throw new SetupError(`--${name} takes a number; see --help`);
  return told;
}

async function torture(told) {
  const named = Object.keys(parts).filter((name) => told[name] !== undefined);
  const chosen = named.length > 0 ? named : Object.keys(parts);
  const seed = Number(told.seed ?? Math.floor(Math.random() * 2 ** 31));
  const counts = Object.fromEntries(named.map((name) => [name, Number(told[name])]));
  const minutes = Number(told.minutes ?? 5);
  await setUp();
  const folder = mkdtempSync(join(tmpdir(), "account-passwords-torture-"));
  const record = join(folder, "record");
  console.log(`Torture: ${chosen.join(", ")}; seed ${seed}`);
  const started = Date.now();
  const code = await jest(
    chosen.map((name) => parts[name][1]),
    {
      ACCOUNT_PASSWORDS_TORTURE: JSON.stringify({ seed, minutes, counts }),
      ACCOUNT_PASSWORDS_TORTURE_RECORD: record,
    },
  );
  const figures = addUp(record);
  rmSync(folder, { recursive: true });
  console.log(`\n${Math.round((Date.now() - started) / 60_000)} minutes, seed ${seed}:`);
  for (const [part, sums] of Object.entries(figures))
    console.log(
      `  ${part}: ${Object.entries(sums)
        .map(([name, sum]) => `${sum} ${name}`)
        .join(", ")}`,
    );
  process.exitCode = code;
}

/** Sums, but of what is a `most…` the greatest. */
function addUp(record) {
  const figures = {};
  for (const line of linesOf(record)) {
    const { part, figures: more } = JSON.parse(line);
    const sums = (figures[part] ??= {});
    for (const [name, value] of Object.entries(more))
      sums[name] = name.startsWith("most")
        ? Math.max(sums[name] ?? 0, value)
        : (sums[name] ?? 0) + value;
  }
  return figures;
}

function linesOf(file) {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return []; // nothing got so far
  }
}

function jest(patterns, env) {
  const script = join(root, "node_modules", "jest", "bin", "jest.js");
  const child = spawn(process.execPath, [script, "--testPathPatterns", ...patterns], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const exited = new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  onInterrupt((signal) => {
    child.kill(signal);
    return exited;
  });
  return exited;
}
