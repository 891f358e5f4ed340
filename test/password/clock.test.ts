import { parseTime, rotationClock } from "../../provider/password/clock";

describe("parseTime", () => {
  test.each([
    ["2026-01-31T12:00:00Z", Date.UTC(2026, 0, 31, 12)],
    ["2026-01-31T12:00:00.5Z", Date.UTC(2026, 0, 31, 12, 0, 0, 500)],
    ["2026-01-31T12:00:00.123Z", Date.UTC(2026, 0, 31, 12, 0, 0, 123)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
  ])("reads %s", (text, time) => expect(parseTime(text)).toBe(time));

  test.each([
    "",
    "tomorrow",
    "2026-01-31T12:00:00", // of which place?
    "2026-01-31T12:00:00+08:00",
    "2026-01-31T12:00Z",
    "2026-02-30",
    "2026-02-30T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-13-01",
    " 2026-01-31",
    "1769860800000",
    1769860800000,
    undefined,
  ])("refuses %p", (text) => expect(parseTime(text)).toBeUndefined());
});

describe("rotationClock", () => {
  const variable = "ACCOUNT_PASSWORDS_NOW";
  const before = process.env[variable];
  afterEach(() => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
    jest.restoreAllMocks();
  });

  test.each([undefined, ""])("is the system's when the variable is %p", (value) => {
    if (value === undefined) delete process.env[variable];
    else process.env[variable] = value;
    jest.spyOn(Date, "now").mockReturnValue(42);
    expect(rotationClock()).toBe(42);
  });

  test("stands at ACCOUNT_PASSWORDS_NOW, and says so once", () => {
    const said: string[] = [];
    for (const stream of ["warn", "error", "log"] as const)
      jest.spyOn(console, stream).mockImplementation((...line: unknown[]) => {
        said.push(line.join(" "));
      });
    process.env[variable] = "2026-04-01T00:00:00Z";
    expect(rotationClock()).toBe(Date.UTC(2026, 3, 1));
    expect(rotationClock()).toBe(Date.UTC(2026, 3, 1));
    expect(said).toEqual([expect.stringContaining("ACCOUNT_PASSWORDS_NOW")]);
  });

  test("refuses what is no time", () => {
    process.env[variable] = "tomorrow";
    expect(rotationClock).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});
