import { Deadline } from "../provider/deadline";
import { configuredRate, oneAtATime, takeTurn } from "../provider/rate-limit";

const variable = "ACCOUNT_PASSWORDS_RATE";
/** What the clock of this file says, in milliseconds. */
let now = 0;

beforeEach(() => {
  jest.spyOn(performance, "now").mockImplementation(() => now);
  delete process.env[variable];
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => delete process.env[variable]);

/** Waits without waiting, and tells for how long. */
function waiting(remainingMs = Infinity): { deadline: Deadline; waits: number[] } {
  const waits: number[] = [];
  const deadline = {
    hasTimeFor: (ms: number) => ms < remainingMs,
    wait: (ms: number) => Promise.resolve(waits.push(ms) > 0),
  };
  return { deadline: deadline as unknown as Deadline, waits };
}

/** The turns of so many callers who all come at the same moment. */
async function turns(key: string, perSecond: number, callers: number): Promise<number[]> {
  const { deadline, waits } = waiting();
  for (let caller = 0; caller < callers; caller++)
    expect(await takeTurn(key, perSecond, deadline)).toBe(true);
  return waits;
}

describe("takeTurn", () => {
  test("gives the first turn at once, and the others evenly spaced, a little below the rate", async () => {
    const waits = await turns("evenly", 20, 5);
    expect(waits).toHaveLength(4);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual((index + 1) * 50);
      expect(wait).toBeLessThan((index + 1) * 50 * 1.05);
    });
  });

  test("saves up no turns for a burst after a pause", async () => {
    await turns("pause", 10, 1);
    now += 60_000;
    const [second = 0, third = 0] = await turns("pause", 10, 3);
    expect(second).toBeGreaterThanOrEqual(100);
    expect(third).toBeGreaterThanOrEqual(200);
  });

  test("makes no burst of the turns that a process slept through", async () => {
    const began = now;
    const starts: number[] = [];
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const deadline = {
      hasTimeFor: () => true,
      wait: async (ms: number) => {
        if (now > began) starts.push(now + ms);
        await asleep;
        return true;
      },
    } as unknown as Deadline;
    const sleepers = [1, 2, 3, 4].map(() => takeTurn("slept", 10, deadline));
    await Promise.resolve();
    now += 10_000;
    wake();
    await Promise.all(sleepers);
    await takeTurn("slept", 10, deadline);
    // One had its turn before, another has it now: the rest are spaced behind that.
    expect(starts.length).toBeGreaterThanOrEqual(3);
    starts
      .sort((a, b) => a - b)
      .forEach((start, index) => {
        expect(start - (starts[index - 1] ?? now)).toBeGreaterThanOrEqual(100);
      });
  });

  test("keeps each key's turns apart", async () => {
    await turns("one key", 1, 3);
    expect(await turns("another key", 1, 1)).toEqual([]);
  });

  test("takes no turn that would come too late", async () => {
    const key = "too late";
    await turns(key, 10, 3);
    expect(await takeTurn(key, 10, waiting(50).deadline)).toBe(false);
    expect(await takeTurn(key, 10, waiting(0).deadline)).toBe(false);
    const { deadline, waits } = waiting();
    await takeTurn(key, 10, deadline);
    expect(waits[0]).toBeLessThan(4 * 100); // the fourth turn, not the sixth
  });

  test("takes no turn that would leave no time to use it", async () => {
    const key = "of no use";
    await turns(key, 10, 1);
    // The second turn comes after 103 ms, and an attempt needs 11 ms, or 20.
    const [tooShort, enough] = [new Deadline(0.11), new Deadline(0.2)];
    for (const deadline of [tooShort, enough]) jest.spyOn(deadline, "wait").mockResolvedValue(true);
    expect(await takeTurn(key, 10, tooShort)).toBe(false);
    expect(tooShort.wait).not.toHaveBeenCalled();
    expect(await takeTurn(key, 10, enough)).toBe(true);
    expect(enough.wait).toHaveBeenCalledWith(expect.closeTo(103, 3));
  });

  test("takes no turn, not even a free one, with too little time to use it", async () => {
    const deadline = new Deadline(20);
    now += 19_001;
    expect(deadline.remainingMs()).toBe(999);
    expect(await takeTurn("little time", 10, deadline)).toBe(false);
    expect(await turns("little time", 10, 1)).toEqual([]);
  });

  test("gives no turn after the time is over, not even a free one", async () => {
    expect(await takeTurn("over", 10, waiting(0).deadline)).toBe(false);
    expect(await turns("over", 10, 1)).toEqual([]);
  });

  test("says so when the time ran out during the wait", async () => {
    await turns("ran out", 10, 1);
    const deadline = { hasTimeFor: () => true, wait: () => Promise.resolve(false) };
    expect(await takeTurn("ran out", 10, deadline as unknown as Deadline)).toBe(false);
  });

  test.each([
    ["5/s", 200],
    ["0.5/s", 2000],
    ["20/s", 50],
    ["1000/s", 50], // never higher than documented
    ["", 50],
  ])(`with ${variable}=%p waits %i ms or a little more`, async (rate, ms) => {
    process.env[variable] = rate;
    const [wait = 0] = await turns(`configured ${rate}`, 20, 2);
    expect(wait).toBeGreaterThanOrEqual(ms);
    expect(wait).toBeLessThan(ms * 1.05);
  });

  test(`refuses a malformed ${variable} before anything is sent`, async () => {
    process.env[variable] = "fast";
    await expect(takeTurn("malformed", 20, waiting().deadline)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("nothing was sent"),
    });
  });
});

describe("configuredRate", () => {
  test.each([
    ["5/s", 5],
    [" 5/s\n", 5],
    ["0.25/s", 0.25],
    ["", undefined],
    [undefined, undefined],
  ])("reads %p", (text, rate) => expect(configuredRate(text)).toBe(rate));

  test.each([
    "0/s",
    "-1/s",
    "5",
    "5/m",
    "1e3/s",
    "5 /s",
    "Infinity/s",
    "NaN/s",
    ".5/s",
    " ",
    "5/s5",
  ])("refuses %p", (text) => {
    expect(() => configuredRate(text)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  });
});

describe("oneAtATime", () => {
  /** An action that is open until it is told to end. */
  function action(log: string[], name: string) {
    let end: (error?: Error) => void = () => undefined;
    const run = () => {
      log.push(`${name} begins`);
      return new Promise<string>((resolve, reject) => {
        end = (error) => {
          log.push(`${name} ends`);
          if (error) reject(error);
          else resolve(name);
        };
      });
    };
    return { run, end: (error?: Error) => end(error) };
  }

  /** Everything that could go on has gone on. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test("runs one instance's actions in the order in which they came", async () => {
    const log: string[] = [];
    const actions = ["a", "b", "c"].map((name) => action(log, name));
    const results = actions.map(({ run }) => oneAtATime("order", run));
    for (const { end } of actions) {
      await settled();
      end();
    }
    expect(await Promise.all(results)).toEqual(["a", "b", "c"]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("lets other instances run beside it", async () => {
    const log: string[] = [];
    const actions = ["a", "b"].map((name) => action(log, name));
    const results = actions.map(({ run }, index) => oneAtATime(`beside ${index}`, run));
    await settled();
    expect(log).toEqual(["a begins", "b begins"]);
    for (const { end } of actions) end();
    await Promise.all(results);
  });

  test("goes on after a failure, and hands it to its own caller only", async () => {
    const log: string[] = [];
    const [first, second] = [action(log, "a"), action(log, "b")];
    const failed = oneAtATime("failure", first.run).catch((error: unknown) => error);
    const next = oneAtATime("failure", second.run);
    await settled();
    first.end(new Error("no"));
    await settled();
    second.end();
    expect(await failed).toEqual(new Error("no"));
    expect(await next).toBe("b");
    await expect(
      oneAtATime("failure", () => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
    expect(await oneAtATime("failure", () => Promise.resolve("c"))).toBe("c");
  });

  test("is free again when all have ended", async () => {
    expect(await oneAtATime("free", () => Promise.resolve(1))).toBe(1);
    expect(await oneAtATime("free", () => Promise.resolve(2))).toBe(2);
  });
});
