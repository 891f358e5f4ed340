import { backoffMs, Deadline } from "../provider/deadline";

/** What the clock of this file says, in milliseconds. */
let now = 1_000_000;
beforeEach(() => void jest.spyOn(performance, "now").mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

describe("Deadline", () => {
  test("counts down to nothing, and not below", () => {
    const deadline = new Deadline(120);
    expect(deadline.remainingMs()).toBe(120_000);
    now += 119_999;
    expect(deadline.remainingMs()).toBe(1);
    now += 3_600_000;
    expect(deadline.remainingMs()).toBe(0);
    expect(deadline.attemptMs()).toBe(0);
  });

  test("leaves no attempt more than 30 seconds", () => {
    const deadline = new Deadline(40);
    expect(deadline.attemptMs()).toBe(30_000);
    now += 15_000;
    expect(deadline.attemptMs()).toBe(25_000);
  });

  test.each([
    [120, 1000],
    [10, 1000],
    [5, 500],
    [1, 100],
    [0.4, 40],
  ])("of %d s, leaves no attempt less than %d ms", (seconds, shortest) => {
    const deadline = new Deadline(seconds);
    now += seconds * 1000 - shortest - 1;
    expect(deadline.attemptMs()).toBeCloseTo(shortest + 1, 3);
    now += 2;
    expect(deadline.remainingMs()).toBeCloseTo(shortest - 1, 3);
    expect(deadline.attemptMs()).toBe(0);
  });

  test("has time for a wait only with an attempt after it", async () => {
    const deadline = new Deadline(10);
    expect(deadline.hasTimeFor(8_999)).toBe(true);
    for (const ms of [9_000, 9_999, 10_000, Infinity]) {
      expect(deadline.hasTimeFor(ms)).toBe(false);
      expect(await deadline.wait(ms)).toBe(false);
    }
    now += 8_000;
    expect(deadline.hasTimeFor(999)).toBe(true);
    expect(deadline.hasTimeFor(1_000)).toBe(false);
    now += 1_000;
    expect(deadline.hasTimeFor(0)).toBe(false);
  });

  test("waits", async () => {
    expect(await new Deadline(10).wait(1)).toBe(true);
  });

  test.each([10_000, 10_001, Infinity])("does not begin a wait of %p ms in 10 s", async (ms) => {
    expect(await new Deadline(10).wait(ms)).toBe(false);
  });
});

describe("backoffMs", () => {
  test.each([
    [0, 500],
    [1, 1000],
    [2, 2000],
    [4, 8000],
    [5, 10_000],
    [500, 10_000],
    [5000, 10_000],
  ])("attempt %i: anything from 0 to %i ms", (attempt, most) => {
    const random = jest.spyOn(Math, "random").mockReturnValue(0);
    expect(backoffMs(attempt)).toBe(0);
    random.mockReturnValue(0.5);
    expect(backoffMs(attempt)).toBe(most / 2);
  });
});
