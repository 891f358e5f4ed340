import * as calendar from "../../provider/password/calendar";
import type { Period } from "../../provider/password/calendar";

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => new Date(time ?? NaN).toISOString();
const berlin = "Europe/Berlin";

describe("a period after a moment", () => {
  test.each<[string, string, Period, string, string]>([
    ["days", "2026-01-01T10:00Z", { days: 90 }, "UTC", "2026-04-01T10:00:00.000Z"],
    ["weeks over a new year", "2026-12-25T00:00Z", { weeks: 2 }, "UTC", "2027-01-08T00:00:00.000Z"],
    ["a leap day", "2028-02-28T00:00Z", { days: 1 }, "UTC", "2028-02-29T00:00:00.000Z"],
    ["no leap day", "2026-02-28T00:00Z", { days: 1 }, "UTC", "2026-03-01T00:00:00.000Z"],
    ["a shorter month", "2026-01-31T00:00Z", { months: 1 }, "UTC", "2026-02-28T00:00:00.000Z"],
    [
      "a year of a leap day",
      "2028-02-29T00:00Z",
      { months: 12 },
      "UTC",
      "2029-02-28T00:00:00.000Z",
    ],
    ["the same local time in summer", "2026-03-28T09:00Z", { days: 1 }, berlin, "2026-03-29T08:00:00.000Z"], // prettier-ignore
    ["the same local time in winter", "2026-10-24T08:00Z", { weeks: 1 }, berlin, "2026-10-31T09:00:00.000Z"], // prettier-ignore
  ])("%s", (_, since, period, zone, expected) => {
    expect(iso(calendar.after(at(since), period, zone))).toBe(expected);
  });
});

describe("occurrences", () => {
  test("are counted from the anchor, so that shorter months do not add up", () => {
    const anchor = at("2026-01-31T00:00Z");
    const days: string[] = [];
    for (let moment = anchor; days.length < 6;) {
      moment = calendar.occurrences(anchor, { months: 1 }, "UTC", moment).next;
      days.push(calendar.dateIn("UTC", moment));
    }
    expect(days).toEqual([
      "2026-02-28",
      "2026-03-31",
      "2026-04-30",
      "2026-05-31",
      "2026-06-30",
      "2026-07-31",
    ]);
  });

  test.each([
    ["before the anchor", "2025-06-01T00:00Z", undefined, "2026-01-01"],
    ["at the anchor", "2026-01-01T00:00Z", "2026-01-01", "2026-01-08"],
    ["just before the next", "2026-01-07T23:59:59.999Z", "2026-01-01", "2026-01-08"],
    ["years later", "2036-01-01T00:00Z", "2035-12-27", "2036-01-03"],
  ])("%s", (_, moment, last, next) => {
    const found = calendar.occurrences(at("2026-01-01"), { weeks: 1 }, "UTC", at(moment));
    expect(found.last && calendar.dateIn("UTC", found.last)).toBe(last);
    expect(calendar.dateIn("UTC", found.next)).toBe(next);
  });
});

describe("a window", () => {
  const night = { from: "02:00", to: "04:00", timeZone: berlin };
  test.each([
    ["before it", night, "2026-01-10T00:00Z", "2026-01-10T01:00:00.000Z"],
    ["in it", night, "2026-01-10T02:30Z", "2026-01-10T02:30:00.000Z"],
    ["at its end", night, "2026-01-10T03:00Z", "2026-01-11T01:00:00.000Z"],
    ["on another day of the week", { ...night, days: ["sat", "Sunday"] }, "2026-01-12T02:00Z", "2026-01-17T01:00:00.000Z"], // prettier-ignore
    ["in one that began yesterday", { ...night, from: "22:00", days: ["Friday"] }, "2026-01-10T02:00Z", "2026-01-10T02:00:00.000Z"], // prettier-ignore
    ["up to midnight", { ...night, from: "22:00", to: "24:00" }, "2026-01-10T22:59Z", "2026-01-10T22:59:00.000Z"], // prettier-ignore
    ["that begins in the hour that summer time skips", { ...night, from: "02:30", to: "04:00", days: ["sun"] }, "2026-03-28T12:00Z", "2026-03-29T01:00:00.000Z"], // prettier-ignore
    ["that summer time skips", { ...night, from: "02:00", to: "03:00", days: ["sun"] }, "2026-03-28T12:00Z", "2026-04-05T00:00:00.000Z"], // prettier-ignore
    ["that comes twice in autumn", { ...night, from: "02:00", to: "03:00" }, "2026-10-25T01:30Z", "2026-10-25T01:30:00.000Z"], // prettier-ignore
  ])("%s", (_, window, moment, expected) => {
    expect(iso(calendar.nextWithin(window, at(moment)))).toBe(expected);
  });
});

test.each([
  ["00:00", 0],
  ["24:00", 1440],
  ["24:01", undefined],
  ["2:00", undefined],
  ["02:60", undefined],
  [undefined, undefined],
])("the time of day %s", (text, expected) => {
  expect(calendar.minutes(text)).toBe(expected);
});
