// Figures 4 and 5: how long runs of the engine take with the package's resources, and what its provider process holds, against
// as many resources of a provider that does nothing.
import { say } from "../tools/run.mjs";
import { services } from "./accounts.mjs";
import { median, met, spread, table } from "./figures.mjs";
import { memoryIsVisible } from "./memory.mjs";
import { Workspace } from "./workspace.mjs";

const ratioBudget = 1.1;
const rotationBudget = 1.15;
const memoryBudgetMiB = 32;

const preview = ["preview", "--stack=bench"];
const up = ["up", "--yes", "--skip-preview", "--stack=bench"];

/**
 * The life of a stack. `writes`: how many calls each account must have made, or nothing was
 * measured.
 */
const steps = [
  { name: "preview, creating", args: preview, release: "1", writes: 0 },
  { name: "up, creating", args: up, release: "1", writes: 1 },
  { name: "preview, unchanged", args: preview, release: "1", writes: 0 },
  { name: "up, unchanged", args: up, release: "1", writes: 0 },
  { name: "up, rotating all", args: up, release: "2", writes: 1, bound: true },
];

const secrets = { password1: "Bench+first1x", password2: "Bench+second2x" };

export async function timeRuns(pulumi, emulator, { accounts, repeats, service }) {
  const variants = {
    configured: { program: "configured", count: accounts, calls: true },
    empty: { program: "empty", count: accounts },
    generated: { program: "generated", count: accounts, calls: true },
    emptyTwice: { program: "empty", count: 2 * accounts },
  };
  const seen = [];
  for (let i = 0; i < repeats; i++) {
    await emulator.reset();
    seen.push(await lifeOfEach(variants, { pulumi, emulator, service, turn: i, repeats }));
  }
  const compare = (ours, theirs) => ({ ours, theirs, seen, accounts, ...services[service] });
  const configured = compare("configured", "empty");
  const generated = compare("generated", "emptyTwice");
  printTimes(`4a. ${accounts} accounts with a configuration secret, s`, configured);
  printTimes(`4b. ${accounts} accounts with a RotatingPassword each, s`, generated);
  const throttled = seen.reduce((sum, each) => sum + each.throttled, 0);
  console.log(`\nCalls that the emulator refused for their rate: ${throttled} (budget: 0)`);
  if (memoryIsVisible) printMemory([configured, generated]);
}

/** All variants side by side, step by step, each repeat in the other order: noise hits all alike. */
async function lifeOfEach(variants, { pulumi, emulator, service, turn, repeats }) {
  const names = Object.keys(variants);
  if (turn % 2 === 1) names.reverse();
  const stacks = {};
  const figures = { throttled: 0 };
  try {
    for (const name of names) {
      const { program, count } = variants[name];
      const env = { BENCH_COUNT: String(count), BENCH_SERVICE: service };
      stacks[name] = new Workspace(pulumi, program, { ...emulator.environment, ...env });
      await stacks[name].init(secrets);
      figures[name] = { seconds: {}, providerKiB: 0 };
    }
    for (const step of steps) {
      say(`Runs: ${turn + 1} of ${repeats}, ${step.name} …`);
      for (const name of names) {
        const before = await emulator.requests();
        const env = { BENCH_RELEASE: step.release };
        const { seconds, providerKiB } = await stacks[name].pulumi(step.args, env);
        const requests = (await emulator.requests()).slice(before.length);
        assertCalls(step, variants[name], requests);
        figures.throttled += requests.filter(isThrottled).length;
        figures[name].seconds[step.name] = seconds;
        figures[name].providerKiB = Math.max(figures[name].providerKiB, providerKiB);
      }
    }
    return figures;
  } finally {
    for (const stack of Object.values(stacks)) stack.close();
  }
}

/** A run that did not do its work would be a fast one. */
function assertCalls({ name, writes }, { count, calls }, requests) {
  const wanted = calls ? writes * count : 0;
  const done = requests.filter(({ write, outcome }) => write && outcome === "ok").length;
  if (done !== wanted)
    throw new Error(`"${name}" made ${done} calls that set a password instead of ${wanted}`);
}

function isThrottled({ outcome }) {
  return outcome === "error:RequestLimitExceeded";
}

function printTimes(title, { ours, theirs, seen, accounts, perSecond }) {
  const rows = steps.map(({ name, bound }) => {
    const times = (variant) => seen.map((each) => each[variant].seconds[name]);
    const [mine, empty] = [times(ours), times(theirs)];
    // A rotation cannot be faster than the vendor lets it.
    const floor = bound ? accounts / perSecond : 0;
    const ratios = mine.map((seconds, i) => seconds / Math.max(empty[i], floor));
    const budget = bound ? rotationBudget : ratioBudget;
    const extra = mine.map((seconds, i) => ((seconds - empty[i]) * 1000) / accounts);
    return {
      run: name,
      accounts: spread(mine, 2),
      empty: spread(empty, 2),
      ratio: spread(ratios, 2),
      "ms more per account": spread(extra, 1),
      budget: `${budget} x`,
      met: met(median(ratios), budget),
    };
  });
  table(title, rows);
}

function printMemory(comparisons) {
  const rows = comparisons.map(({ ours, theirs, seen }) => {
    const mebibytes = (variant) => seen.map((each) => each[variant].providerKiB / 1024);
    const [mine, empty] = [mebibytes(ours), mebibytes(theirs)];
    const more = mine.map((value, i) => value - empty[i]);
    return {
      accounts: ours === "configured" ? "with a configuration secret" : "with a RotatingPassword",
      MiB: spread(mine, 0),
      empty: spread(empty, 0),
      more: spread(more, 0),
      budget: memoryBudgetMiB,
      met: met(median(more), memoryBudgetMiB),
    };
  });
  table("5. Memory of the provider process at its peak (VmHWM)", rows);
}
