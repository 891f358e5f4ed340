// `npm run bench`: measures what the package promises about time, state and memory, and says which budget is met. Every figure is
// a median of several runs, beside an empty provider in the same run: absolute times are the machine's, ratios are ours.
import { orExplain } from "../tools/run.mjs";
import { setUp } from "../tools/setup.mjs";
import { accountsFile, services } from "./accounts.mjs";
import { startEmulator } from "./emulator.mjs";
import { firstResource } from "./first-resource.mjs";
import { describeMachine } from "./machine.mjs";
import { readOptions } from "./options.mjs";
import { timeRuns } from "./runs.mjs";
import { stateSize } from "./state-size.mjs";

const options = readOptions();

await orExplain(async () => {
  const pulumi = await setUp();
  const { accounts, repeats, service, only } = options;
  const { name, action, perSecond } = services[service];
  console.log(await describeMachine(pulumi));
  console.log(
    `Runs      ${repeats} x ${accounts} ${name} accounts (${action}, ${perSecond} calls/s), one per instance: ${(accounts / perSecond).toFixed(1)} s by the rate alone; the emulator runs on this machine, and its time counts`,
  );
  if (only.includes("first")) await firstResource();
  if (only.includes("state"))
    await withEmulator(undefined, (emulator) => stateSize(pulumi, emulator));
  if (only.includes("runs"))
    await withEmulator(accountsFile(service, accounts), (emulator) =>
      timeRuns(pulumi, emulator, options),
    );
});

async function withEmulator(accounts, measure) {
  const emulator = await startEmulator(accounts);
  try {
    await measure(emulator);
  } finally {
    await emulator.close();
  }
}
