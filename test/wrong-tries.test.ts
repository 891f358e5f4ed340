import { clock, pause, secondsBetween, wrongTries } from "../provider/wrong-tries";

const realNow = clock.now;
let now = Date.parse("2026-01-31T12:00:00Z");
beforeEach(() => (clock.now = () => now));
afterAll(() => (clock.now = realNow));

const minute = 60_000;

test("secondsBetween is longer than the 15 minutes of a lock-out", () => {
  expect(secondsBetween).toBeGreaterThan(15 * 60);
});

describe("pause", () => {
  test.each([undefined, NaN, Date.parse("no time")])("is none after %p", (newest) => {
    expect(pause(newest)).toBeUndefined();
  });

  test("lasts 16 minutes, and says when it ends", () => {
    const tried = now;
    expect(pause(tried)).toMatchObject({
      outcome: "refused",
      code: "ACCOUNT_LOCKED",
      says: expect.stringMatching(/2026-01-31T12:00:00.000Z.* before 2026-01-31T12:16:00.000Z/),
    });
    now += 16 * minute - 1;
    expect(pause(tried)).toBeDefined();
    now += 1;
    expect(pause(tried)).toBeUndefined();
  });

  test("also follows a try that another machine's clock puts into the future", () => {
    expect(pause(now + minute)).toMatchObject({ code: "ACCOUNT_LOCKED" });
  });
});

describe("wrongTries", () => {
  test("knows nothing of an engine that nothing was noted of", () => {
    expect(wrongTries.pauseOf("engine-new")).toBeUndefined();
    expect(wrongTries.refused("engine-new")).toEqual(new Set());
  });

  test("counts from the newest try, in whatever order they are noted", () => {
    const at = (minutes: number) => new Date(now + minutes * minute).toISOString();
    wrongTries.note("engine-order", at(-30));
    expect(wrongTries.pauseOf("engine-order")).toBeUndefined();
    wrongTries.note("engine-order", at(-1));
    wrongTries.note("engine-order", at(-15));
    wrongTries.note("engine-order", undefined);
    wrongTries.note("engine-order", "no time");
    const start = now;
    now = start + 15 * minute - 1;
    expect(wrongTries.pauseOf("engine-order")).toMatchObject({ code: "ACCOUNT_LOCKED" });
    now = start + 15 * minute;
    expect(wrongTries.pauseOf("engine-order")).toBeUndefined();
  });

  test("keeps the engines apart", () => {
    wrongTries.note("engine-a", wrongTries.now(), ["canary-Password-1!"]);
    expect(wrongTries.pauseOf("engine-a")).toBeDefined();
    expect(wrongTries.pauseOf("engine-b")).toBeUndefined();
    expect(wrongTries.refused("engine-b")).toEqual(new Set());
  });

  test("collects the refused passwords, and tells none of them", () => {
    wrongTries.note("engine-refused", undefined, ["canary-1"]);
    wrongTries.note("engine-refused", wrongTries.now(), ["canary-2", "canary-1"]);
    expect(wrongTries.refused("engine-refused")).toEqual(new Set(["canary-1", "canary-2"]));
    expect(JSON.stringify(wrongTries.pauseOf("engine-refused"))).not.toContain("canary");
  });

  test("now() is the clock's time as a text that note() reads", () => {
    expect(Date.parse(wrongTries.now())).toBe(now);
  });

  test("without a seam the clock is the system's", () => {
    expect(Math.abs(realNow() - Date.now())).toBeLessThan(60_000);
  });
});
