import { rotationPeriod } from "../../provider";
import type { RotationPeriodArgs } from "../../provider";

const quarterly = { every: { months: 3 }, anchor: "2026-01-01" };

test.each<[string, Partial<RotationPeriodArgs>, string]>([
  ["at the anchor", { at: "2026-01-01" }, "2026-01-01"],
  ["in a period", { at: "2026-05-17T12:00:00Z" }, "2026-04-01"],
  ["as a Date", { at: new Date("2026-05-17T12:00:00Z") }, "2026-04-01"],
  ["just before the next", { at: "2026-06-30T23:59:59Z" }, "2026-04-01"],
  ["at the next", { at: "2026-07-01" }, "2026-07-01"],
  ["before the anchor", { at: "2025-12-31" }, "before 2026-01-01"],
  ["of days", { every: { days: 90 }, at: "2026-04-02" }, "2026-04-01"],
  ["of weeks", { every: { weeks: 1 }, at: "2026-01-14" }, "2026-01-08"],
  ["from a time of day", { anchor: "2026-01-01T06:00:00Z", at: "2026-04-02" }, "2026-04-01T06:00:00.000Z"], // prettier-ignore
  ["with a compromise in it", { at: "2026-05-17", compromisedBefore: "2026-05-02" }, "compromised before 2026-05-02"], // prettier-ignore
  ["with a compromise before it", { at: "2026-05-17", compromisedBefore: "2026-03-02" }, "2026-04-01"], // prettier-ignore
  ["with a compromise before the anchor", { anchor: "2027-01-01", at: "2026-05-17", compromisedBefore: "2026-05-02" }, "compromised before 2026-05-02"], // prettier-ignore
  ["with a compromise in full", { at: "2026-05-17", compromisedBefore: "2026-05-02T00:00:00Z" }, "compromised before 2026-05-02"], // prettier-ignore
  ["after the one with a compromise", { at: "2026-07-17", compromisedBefore: "2026-05-02" }, "2026-07-01"], // prettier-ignore
])("%s", (_, args, expected) => {
  expect(rotationPeriod({ ...quarterly, ...args })).toBe(expected);
});

test("changes once a quarter over ten years of days", () => {
  const periods = new Set<string>();
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2036, 0, 1); at += 86_400_000)
    periods.add(rotationPeriod({ ...quarterly, at: new Date(at) }));
  expect(periods.size).toBe(40);
});

describe("the clock", () => {
  const { ACCOUNT_PASSWORDS_NOW: before } = process.env;
  afterEach(() => {
    if (before === undefined) delete process.env["ACCOUNT_PASSWORDS_NOW"];
    else process.env["ACCOUNT_PASSWORDS_NOW"] = before;
  });

  test("is the one of rotations", () => {
    jest.spyOn(console, "error").mockImplementation();
    jest.spyOn(console, "warn").mockImplementation();
    process.env["ACCOUNT_PASSWORDS_NOW"] = "2031-11-05T00:00:00Z";
    expect(rotationPeriod(quarterly)).toBe("2031-10-01");
  });
});

test.each<[string, object, string]>([
  ["a slip", { compromiseBefore: "2026-01-01" }, "compromiseBefore"],
  ["nothing", { every: undefined }, "every"],
  ["no unit", { every: {} }, "every"],
  ["two units", { every: { days: 1, weeks: 1 } }, "every"],
  ["another unit", { every: { years: 1 } }, "every"],
  ["a fraction", { every: { days: 1.5 } }, "every"],
  ["no time", { every: { days: 0 } }, "every"],
  ["no anchor", { anchor: undefined }, "anchor"],
  ["an anchor that is none", { anchor: "yesterday" }, "anchor"],
  ["a moment that is none", { at: "today" }, "at"],
  ["a Date that is none", { at: new Date("x") }, "at"],
  ["a compromise to come", { at: "2026-05-17", compromisedBefore: "2026-05-18" }, "future"],
  ["a compromise that is none", { compromisedBefore: "x" }, "compromisedBefore"],
])("refuses %s", (_, args, named) => {
  const period = () => rotationPeriod({ ...quarterly, ...args } as RotationPeriodArgs);
  expect(period).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  expect(period).toThrow(named);
});
