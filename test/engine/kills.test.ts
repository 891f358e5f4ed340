import { amount, randomNumbers, record } from "../torture";
import { Massacre, type Scenario, scenarios, victims } from "./kill-matrix";

/**
 * `npm test` kills at each boundary once, `npm run torture` goes through the whole matrix again and
 * again. A kill counts once for each account whose change was under way.
 */
const { enough, isTorture, seed, timeoutMs } = amount("kills", 60);
jest.setTimeout(timeoutMs);

const sample: Scenario[] = [
  { phase: "create", boundary: "before the effect", target: "both" },
  { phase: "create", boundary: "after the effect", target: "command line" },
  { phase: "rotate", boundary: "before the request is sent", target: "provider" },
  { phase: "rotate", boundary: "after the effect", target: "provider" },
  { phase: "rotate", boundary: "between answer and state", target: "command line" },
  { phase: "rotate", boundary: "while the vendor finishes", target: "both" },
  { phase: "change after unknown", boundary: "after the effect", target: "both" },
  { phase: "rotate", boundary: "before another try", target: "command line" },
  { phase: "adopt", boundary: "between answer and state", target: "both" },
];

/** An adoption is over in milliseconds, so a strike may come too late for all of them. */
async function murder(scenario: Scenario, ofEach: number): Promise<number> {
  for (let strikes = 1; ; strikes++) {
    const killed = await strike(scenario, ofEach);
    if (killed > 0 || scenario.phase !== "adopt") return killed;
    expect(strikes).toBeLessThan(10);
  }
}

async function strike(scenario: Scenario, ofEach: number): Promise<number> {
  const massacre = await Massacre.prepare(scenario, victims(ofEach));
  try {
    const killed = await massacre.kill();
    const orphans = await massacre.orphans();
    await massacre.expectSaved();
    expect(orphans).toBe(0);
    if (scenario.phase !== "adopt") expect(killed).toBeGreaterThan(0);
    await massacre.recover();
    record("kills", { kills: killed, runs: 1, orphans });
    return killed;
  } finally {
    await massacre.close();
  }
}

if (isTorture) {
  test("no kill loses an account", async () => {
    const random = randomNumbers(seed);
    let kills = 0;
    const order = [...scenarios].sort(() => random() - 0.5);
    let next = 0;
    const worker = async () => {
      while (!enough(kills)) {
        const killed = await murder(order[next++ % order.length] as Scenario, 4);
        kills += killed; // not before: the others add to it meanwhile
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  });
} else {
  let kills = 0;
  test.each(sample)("$phase, killed $boundary: $target", async (scenario) => {
    kills += await murder(scenario, 1);
  });
  test("that were enough", () => {
    expect(enough(kills)).toBe(true);
  });
}
