/** Rotations on the calendar, in windows and spread, as a generator's `check` decides them. */
import { schedule } from "../../provider/password/rotation-schedule";
import type {
  RecordedRotation,
  RotationInputs,
  RotationInterval,
} from "../../provider/password/rotation-schedule";

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString();

/** A generator that is asked again and again. */
class Generator {
  last: RecordedRotation;

  constructor(
    public inputs: RotationInputs,
    now: number,
  ) {
    this.last = this.#record(undefined, now);
  }

  /** @returns The reason, if it rotates. */
  run(now: number): string | undefined {
    const { version } = this.last;
    this.last = this.#record(this.last, now);
    return this.last.version > version ? this.last.reason : undefined;
  }

  /** The days of the daily runs that rotate. */
  simulate(first: number, runs: number, time: (nth: number) => number = () => 0): string[] {
    const days: string[] = [];
    for (let nth = 0; nth < runs; nth++) {
      const now = first + nth * day + time(nth);
      if (this.run(now) !== undefined) days.push(iso(now).slice(0, 10));
    }
    return days;
  }

  #record(last: RecordedRotation | undefined, now: number): RecordedRotation {
    const record = schedule(last, this.inputs, now);
    return { ...this.inputs, ...record, version: Number(record.version) };
  }
}

describe("a thousand daily runs", () => {
  const start = at("2026-01-31T05:00:00Z");
  /** Some hours and milliseconds up or down, never the same twice. */
  const unpunctual = (nth: number) => ((nth * 7919) % 13) * hour - ((nth * 104_729) % 997);

  test("rotate at the end of every month, of short ones and leap years too", () => {
    const generator = new Generator({ rotateEvery: { months: 1, anchor: "2026-01-31" } }, start);
    const days = generator.simulate(start, 1000, unpunctual);
    const expected = Array.from({ length: 33 }, (_, n) => {
      const [year, month] = [2026 + Math.floor((n + 1) / 12), (n + 1) % 12];
      const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
      return iso(Date.UTC(year, month, Math.min(31, last))).slice(0, 10);
    }).filter((date) => at(date) < start + 1000 * day);
    expect(days).toEqual(expected);
    expect(days).toContain("2028-02-29");
  });

  test.each<[string, RotationInterval, number]>([
    ["90 days", { days: 90, anchor: "2026-01-31" }, 90],
    ["2 weeks", { weeks: 2, anchor: "2026-01-31" }, 14],
  ])("rotate every %s, however late each run is", (_, rotateEvery, length) => {
    const generator = new Generator({ rotateEvery }, start);
    const expected = Array.from({ length: Math.floor(999 / length) }, (_each, n) =>
      iso(at("2026-01-31") + (n + 1) * length * day).slice(0, 10),
    );
    expect(generator.simulate(start, 1000, unpunctual)).toEqual(expected);
  });

  test("at the same time of day do not drift without an anchor either", () => {
    const generator = new Generator({ rotateEvery: { days: 30 } }, start);
    const expected = Array.from({ length: 33 }, (_, n) =>
      iso(start + (n + 1) * 30 * day).slice(0, 10),
    );
    expect(generator.simulate(start, 1000)).toEqual(expected);
  });

  test("rotate on Sunday nights of their own time zone, through summer time", () => {
    const window = { days: ["sun"], from: "02:00", to: "03:30", timeZone: "Europe/Berlin" };
    const generator = new Generator({ rotateEvery: { weeks: 1, anchor: "2026-02-01" }, window }, start); // prettier-ignore
    const days: string[] = [];
    for (let now = start; now < start + 80 * day; now += hour)
      if (generator.run(now) !== undefined) days.push(iso(now));
    expect(days).toHaveLength(12);
    for (const time of days) {
      const local = new Date(time).toLocaleString("en-GB", { timeZone: "Europe/Berlin", weekday: "short", hour: "2-digit", minute: "2-digit" }); // prettier-ignore
      // On 29 March two o'clock is three o'clock.
      expect(local).toMatch(time.startsWith("2026-03-29") ? /^Sun 03:00/ : /^Sun 02:00/);
    }
  });
});

describe("two hundred of one age, spread over three days", () => {
  const start = at("2026-01-01T06:00:00Z");
  const inputs = (n: number): RotationInputs => ({
    rotateEvery: { days: 90, anchor: "2026-01-01" },
    spread: { hours: 72 },
    spreadSeed: `account-${n}`,
  });
  const generators = Array.from({ length: 200 }, (_, n) => new Generator(inputs(n), start));

  test("rotate over those days, once each, and the same ones again in the next round", () => {
    const rounds = [1, 2].map((round) => {
      const due = at("2026-01-01") + round * 90 * day;
      const byDay = new Map<number, number[]>();
      for (let nth = -5; nth < 10; nth++)
        generators.forEach((generator, n) => {
          // Daily, at six in the morning.
          if (generator.run(due + nth * day + 6 * hour) !== undefined)
            byDay.set(nth, [...(byDay.get(nth) ?? []), n]);
        });
      return byDay;
    });
    const [first, second] = rounds as [Map<number, number[]>, Map<number, number[]>];
    expect(first).toEqual(second);
    // A quarter of a day falls to the first run, three quarters to the last.
    expect([...first.keys()].sort()).toEqual([0, 1, 2, 3]);
    const counts = [0, 1, 2, 3].map((nth) => first.get(nth)?.length ?? 0);
    expect(counts.reduce((sum, n) => sum + n)).toBe(200);
    for (const n of counts.slice(1, 3)) expect(Math.abs(n - 200 / 3)).toBeLessThan(40);
  });

  test("the offset stays when anything else changes", () => {
    const { nextRotation } = new Generator(inputs(1), start).last;
    const other = new Generator({ ...inputs(1), keepers: { a: "1" } }, start + hour);
    expect(other.last.nextRotation).toBe(nextRotation);
    expect(new Generator(inputs(2), start).last.nextRotation).not.toBe(nextRotation);
  });
});

describe("compromisedBefore", () => {
  const start = at("2026-01-01T00:00:00Z");
  const night = { from: "02:00", to: "03:00", timeZone: "UTC" };

  test("rotates what is older, once, without waiting for the window", () => {
    const inputs = { rotateEvery: { days: 90 }, window: night };
    const [older, newer] = [new Generator(inputs, start), new Generator(inputs, start + 20 * day)];
    for (const generator of [older, newer])
      generator.inputs = { ...inputs, compromisedBefore: "2026-01-10" };
    expect(older.run(start + 30 * day + 12 * hour)).toBe("compromised before 2026-01-10");
    expect(newer.run(start + 30 * day + 12 * hour)).toBeUndefined();
    expect(older.run(start + 31 * day)).toBeUndefined();
  });

  test("rotates an adopted password of unknown age", () => {
    const generator = new Generator({ initial: "x" }, start);
    generator.inputs = { initial: "x", compromisedBefore: "2001-01-01" };
    expect(generator.run(start + day)).toBe("compromised before 2001-01-01");
    expect(generator.run(start + 2 * day)).toBeUndefined();
  });

  test("is named after a keeper and before an age", () => {
    const generator = new Generator({ rotateEvery: { days: 1 } }, start);
    generator.inputs = { rotateEvery: { days: 1 }, compromisedBefore: "2026-01-02" };
    expect(new Generator(generator.inputs, start).run(start + 2 * day)).toBe(
      "compromised before 2026-01-02",
    );
    generator.inputs = { ...generator.inputs, keepers: { a: "1" } };
    expect(generator.run(start + 2 * day)).toBe('keeper "a" changed');
  });
});

describe("a due rotation", () => {
  const start = at("2026-01-01T12:00:00Z");

  test.each<[string, RotationInterval, string]>([
    ["of weeks", { weeks: 2 }, "age 20 days > 14"],
    ["of one month", { months: 1 }, "age 31 days >= 1 month"],
    ["of months", { months: 3 }, "age 90 days >= 3 months"],
    ["of the calendar", { months: 1, anchor: "2026-01-15" }, "calendar 2026-02-15"],
  ])("%s says why", (_, rotateEvery, reason) => {
    const generator = new Generator({ rotateEvery }, start);
    const elapsed = Number(/\d+/.exec(reason)![0]);
    const now = reason.startsWith("calendar") ? at("2026-02-20T00:00Z") : start + elapsed * day;
    expect(generator.run(now)).toBe(reason);
  });

  test("waits for its window, says when that begins, and waits again if nobody ran then", () => {
    const window = { days: ["Saturday"], from: "22:00", to: "02:00", timeZone: "UTC" };
    const generator = new Generator({ rotateEvery: { days: 30 }, window }, start);
    const opens = at("2026-01-31T22:00:00Z"); // the first Saturday after 31 January, noon
    expect(generator.last.nextRotation).toBe(iso(opens));
    expect(generator.run(opens - 1)).toBeUndefined();
    expect(generator.run(opens + 4 * hour)).toBeUndefined();
    expect(generator.run(opens + 3 * day)).toBeUndefined();
    // Still what it was: it is overdue, and a report says so.
    expect(generator.last.nextRotation).toBe(iso(opens));
    expect(generator.run(opens + 7 * day + 3 * hour)).toBe("age 37 days > 30");
  });

  test("does not come before an anchor in the future, and comes with it", () => {
    const generator = new Generator({ rotateEvery: { weeks: 1, anchor: "2026-06-01" } }, start);
    expect(generator.run(at("2026-05-31T23:59:59Z"))).toBeUndefined();
    expect(generator.run(at("2026-06-01T00:00:00Z"))).toBe("calendar 2026-06-01");
  });

  test("begins its calendar days where the window is", () => {
    const window = { from: "00:00", to: "24:00", timeZone: "Asia/Shanghai" };
    const generator = new Generator({ rotateEvery: { months: 1, anchor: "2026-02-01" }, window }, start); // prettier-ignore
    expect(generator.last.nextRotation).toBe("2026-01-31T16:00:00.000Z");
    expect(generator.run(at("2026-01-31T16:00:00Z"))).toBe("calendar 2026-02-01");
  });

  test("that spread and window made late serves its own occurrence, not the next one", () => {
    const window = { days: ["Sat"], from: "02:00", to: "04:00", timeZone: "UTC" };
    const rotateEvery = { weeks: 1, anchor: "2026-01-03" };
    const spread = { hours: 160 };
    const generator = new Generator({ rotateEvery, window, spread, spreadSeed: "b" }, start);
    const days: string[] = [];
    for (let now = start; now < start + 60 * day; now += hour)
      if (generator.run(now) !== undefined) days.push(iso(now).slice(5, 10));
    expect(days).toEqual(["01-10", "01-17", "01-24", "01-31", "02-07", "02-14", "02-21", "02-28"]);
  });

  test("of the calendar names the newest occurrence that has passed", () => {
    const rotateEvery = { months: 3, anchor: "2026-01-01" };
    const inputs = { initial: "x", initialGeneratedAt: "2025-03-15", rotateEvery };
    const generator = new Generator(inputs, at("2026-11-22"));
    expect(generator.run(at("2026-11-23"))).toBe("calendar 2026-10-01");
    expect(generator.last.nextRotation).toBe("2027-01-01T00:00:00.000Z");
  });

  test("after a compromise is not kept back by a clock that was years ahead", () => {
    const generator = new Generator({ rotateEvery: { days: 90 } }, at("2030-01-01"));
    generator.inputs = { rotateEvery: { days: 90 }, compromisedBefore: "2026-11-01" };
    expect(generator.run(at("2026-11-22"))).toBe("compromised before 2026-11-01");
    expect(generator.run(at("2026-11-23"))).toBeUndefined();
  });

  test("does not come because spread was added to what is fresh", () => {
    const inputs = { rotateEvery: { weeks: 1, anchor: "2026-01-03" } };
    const generator = new Generator(inputs, at("2026-01-01"));
    expect(generator.run(at("2026-01-03T00:10:00Z"))).toBe("calendar 2026-01-03");
    generator.inputs = { ...inputs, spread: { hours: 72 }, spreadSeed: "b" };
    expect(generator.run(at("2026-01-08T00:00:00Z"))).toBeUndefined();
  });
});
