import { accountKey, clock, pause, secondsBetween, wrongTries } from "../provider/wrong-tries";

const realNow = clock.now;
let now = Date.parse("2026-01-31T12:00:00Z");
beforeEach(() => (clock.now = () => now));
afterAll(() => (clock.now = realNow));

const minute = 60_000;
const day = 24 * 60 * minute;

test("secondsBetween is longer than the 15 minutes of a lock-out", () => {
  expect(secondsBetween).toBeGreaterThan(15 * 60);
});

describe("pause", () => {
  test.each([undefined, NaN, Date.parse("no time")])("is none after %p", (newest) => {
    expect(pause(newest, "alice")).toBeUndefined();
  });

  test("lasts 16 minutes, and says when it ends", () => {
    const tried = now;
    expect(pause(tried, "alice")).toMatchObject({
      outcome: "refused",
      code: "ACCOUNT_LOCKED",
      says: expect.stringMatching(
        /"alice" .*2026-01-31T12:00:00.000Z.* before 2026-01-31T12:16:00.000Z/,
      ),
    });
    now += 16 * minute - 1;
    expect(pause(tried, "alice")).toBeDefined();
    now += 1;
    expect(pause(tried, "alice")).toBeUndefined();
  });

  test("also follows a try that another machine's clock puts into the future", () => {
    expect(pause(now + minute, "alice")).toMatchObject({ code: "ACCOUNT_LOCKED" });
    expect(pause(now + day, "alice")).toMatchObject({ code: "ACCOUNT_LOCKED" });
  });

  test("does not follow one that is more than a day ahead: that clock was wrong", () => {
    expect(pause(now + day + 1, "alice")).toBeUndefined();
    expect(pause(Date.parse("2099-01-01T00:00:00Z"), "alice")).toBeUndefined();
  });
});

describe("wrongTries", () => {
  test("knows nothing of an engine that nothing was noted of", () => {
    expect(wrongTries.pauseOf("engine-new", "alice")).toBeUndefined();
    expect(wrongTries.refused("engine-new")).toEqual(new Set());
  });

  test("counts from the newest try, in whatever order they are noted", () => {
    const at = (minutes: number) => new Date(now + minutes * minute).toISOString();
    wrongTries.note("engine-order", at(-30));
    expect(wrongTries.pauseOf("engine-order", "alice")).toBeUndefined();
    wrongTries.note("engine-order", at(-1));
    wrongTries.note("engine-order", at(-15));
    wrongTries.note("engine-order", undefined);
    wrongTries.note("engine-order", "no time");
    const start = now;
    now = start + 15 * minute - 1;
    expect(wrongTries.pauseOf("engine-order", "alice")).toMatchObject({ code: "ACCOUNT_LOCKED" });
    now = start + 15 * minute;
    expect(wrongTries.pauseOf("engine-order", "alice")).toBeUndefined();
  });

  test("a try that is more than a day ahead hides no other one", () => {
    const account = accountKey("engine-ahead", "alice");
    wrongTries.note(account, "2099-01-01T00:00:00.000Z");
    expect(wrongTries.pauseOf(account, "alice")).toBeUndefined();
    wrongTries.note(account, wrongTries.now());
    expect(wrongTries.pauseOf(account, "alice")).toMatchObject({ code: "ACCOUNT_LOCKED" });
  });

  test.each<[string, [string, string], [string, string]]>([
    ["accounts", ["engine-a", "alice"], ["engine-a", "root"]],
    ["engines", ["engine-b", "alice"], ["engine-c", "alice"]],
    ["names with any character", ["engine d", "alice"], ["engine", "d alice"]],
  ])("keeps %s apart", (_what, one, other) => {
    wrongTries.note(accountKey(...one), wrongTries.now(), ["canary-Password-1!"]);
    expect(wrongTries.pauseOf(accountKey(...one), "alice")).toBeDefined();
    expect(wrongTries.pauseOf(accountKey(...other), "alice")).toBeUndefined();
    expect(wrongTries.refused(accountKey(...other))).toEqual(new Set());
  });

  test("collects the refused passwords, and tells none of them", () => {
    wrongTries.note("engine-refused", undefined, ["canary-1"]);
    wrongTries.note("engine-refused", wrongTries.now(), ["canary-2", "canary-1"]);
    expect(wrongTries.refused("engine-refused")).toEqual(new Set(["canary-1", "canary-2"]));
    expect(JSON.stringify(wrongTries.pauseOf("engine-refused", "alice"))).not.toContain("canary");
  });

  test("now() is the clock's time as a text that note() reads", () => {
    expect(Date.parse(wrongTries.now())).toBe(now);
  });

  test("without a seam the clock is the system's", () => {
    expect(Math.abs(realNow() - Date.now())).toBeLessThan(60_000);
  });
});
