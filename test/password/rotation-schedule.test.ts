import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { schedule, unknown } from "../../provider/password/rotation-schedule";
import type {
  RecordedRotation,
  RotationInputs,
  RotationRecord,
} from "../../provider/password/rotation-schedule";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const iso = (time: number) => new Date(time).toISOString();

/** What a run leaves behind, as the next one finds it. */
function recorded(inputs: RotationInputs, record: RotationRecord): RecordedRotation {
  if (typeof record.version !== "number") throw new Error("not from an update");
  return { ...inputs, ...record, version: record.version };
}

function begun(inputs: RotationInputs, now = start): RecordedRotation {
  return recorded(inputs, schedule(undefined, inputs, now));
}

test("unknown is the text that Pulumi's SDK reads", () => {
  expect(unknown).toBe(pulumi.runtime.unknownValue);
});

describe("a new generator", () => {
  test("makes version 1 now", () => {
    expect(schedule(undefined, {}, start)).toEqual({
      version: 1,
      reason: "first",
      generatedAt: iso(start),
      nextRotation: "",
    });
  });

  test("counts rotateEvery from now", () => {
    expect(schedule(undefined, { rotateEvery: { days: 90 } }, start).nextRotation).toBe(
      iso(start + 90 * day),
    );
  });

  test("adopts an existing password as version 0, of unknown age", () => {
    const inputs = { initial: "x", rotateEvery: { days: 30 } };
    expect(schedule(undefined, inputs, start)).toEqual({
      version: 0,
      reason: "initial",
      generatedAt: "",
      adoptedAt: iso(start),
      nextRotation: iso(start + 30 * day),
    });
  });

  test.each([
    ["2025-12-01T00:00:00Z", "2025-12-01T00:00:00Z"],
    ["2025-12-01", "2025-12-01T00:00:00.000Z"],
  ])("adopts one made at %s", (initialGeneratedAt, generatedAt) => {
    const inputs = { initial: "x", initialGeneratedAt, rotateEvery: { days: 90 } };
    expect(schedule(undefined, inputs, start)).toMatchObject({
      version: 0,
      generatedAt,
      nextRotation: iso(Date.UTC(2025, 11, 1) + 90 * day),
    });
  });
});

describe("rotateEvery", () => {
  const inputs = { rotateEvery: { days: 90 } };
  const last = begun(inputs);

  test.each([
    ["nothing", 90 * day - 1, undefined],
    ["age 90 days", 90 * day, "age 90 days"],
    ["age 90 days", 91 * day - 1, "age 90 days"],
    ["age 91 days > 90", 91 * day, "age 91 days > 90"],
    ["age 120 days > 90", 120 * day, "age 120 days > 90"],
    ["nothing, the clock being behind", -day, undefined],
  ])("%s after %d ms", (_, elapsed, reason) => {
    const now = start + elapsed;
    const expected =
      reason === undefined
        ? last
        : { version: 2, reason, generatedAt: iso(now), nextRotation: iso(now + 90 * day) };
    expect(schedule(last, inputs, now)).toEqual(expect.objectContaining(withoutInputs(expected)));
  });

  test("says one day, not one days", () => {
    const daily = { rotateEvery: { days: 1 } };
    expect(schedule(begun(daily), daily, start + day).reason).toBe("age 1 day");
  });

  test("a change that makes nothing due only moves nextRotation", () => {
    const next = schedule(last, { rotateEvery: { days: 60 } }, start + 10 * day);
    expect(next).toEqual({ ...withoutInputs(last), nextRotation: iso(start + 60 * day) });
  });

  test("a change below the password's age rotates", () => {
    const next = schedule(last, { rotateEvery: { days: 30 } }, start + 70 * day);
    expect(next).toMatchObject({ version: 2, reason: "age 70 days > 30" });
  });

  test("taken out, it rotates no more", () => {
    expect(schedule(last, {}, start + 1000 * day)).toMatchObject({ version: 1, nextRotation: "" });
  });
});

describe("keepers", () => {
  const last = begun({ keepers: { a: "1", b: "1" } });

  test.each<[string, RotationInputs, string]>([
    ["a changed one", { keepers: { a: "1", b: "2" } }, 'keeper "b" changed'],
    ["a new one", { keepers: { a: "1", b: "1", c: "1" } }, 'keeper "c" changed'],
    ["one that is gone", { keepers: { b: "1" } }, 'keeper "a" changed'],
    ["all gone", {}, 'keeper "a" changed'],
    ["several: the first by name", { keepers: { b: "2", a: "2" } }, 'keeper "a" changed'],
    [
      "a name of JavaScript's own",
      { keepers: { ...(last.keepers as object), constructor: "1" } as never },
      'keeper "constructor" changed',
    ],
  ])("rotate for %s", (_, news, reason) => {
    expect(schedule(last, news, start + 1)).toMatchObject({ version: 2, reason });
  });

  test("do not rotate for another order", () => {
    const news = { keepers: { b: "1", a: "1" } };
    expect(schedule(last, news, start + day)).toEqual(withoutInputs(last));
  });

  test("no keepers and none in it are the same", () => {
    expect(schedule(begun({}), { keepers: {} }, start + day)).toMatchObject({ version: 1 });
  });

  test("come before age", () => {
    const news = { keepers: { a: "2" }, rotateEvery: { days: 1 } };
    expect(schedule(last, news, start + 9 * day).reason).toBe('keeper "a" changed');
  });
});

describe("an adopted password", () => {
  const inputs = { initial: "x", rotateEvery: { days: 30 } };
  const last = begun(inputs);

  test("of unknown age counts from its adoption, also after rotateEvery changed", () => {
    const slower = recorded(
      inputs,
      schedule(last, { ...inputs, rotateEvery: { days: 60 } }, start),
    );
    expect(slower.nextRotation).toBe(iso(start + 60 * day));
    expect(schedule(slower, inputs, start + 29 * day)).toMatchObject({ version: 0 });
    expect(schedule(slower, inputs, start + 31 * day)).toEqual({
      version: 1,
      reason: "age 31 days > 30",
      generatedAt: iso(start + 31 * day),
      nextRotation: iso(start + 61 * day),
      adoptedAt: iso(start),
    });
  });

  test("learns its date later, and keeps it when the argument goes", () => {
    const dated = { ...inputs, initialGeneratedAt: "2025-12-25T00:00:00Z" };
    const learned = recorded(dated, schedule(last, dated, start));
    expect(learned).toMatchObject({ version: 0, generatedAt: "2025-12-25T00:00:00Z" });
    expect(schedule(learned, inputs, start)).toMatchObject({ generatedAt: "2025-12-25T00:00:00Z" });
  });

  test("stays when initial changes or goes", () => {
    for (const initial of [{ initial: "y" }, {}])
      expect(schedule(last, { rotateEvery: { days: 30 }, ...initial }, start + day)).toEqual(
        withoutInputs(last),
      );
  });
});

describe("in a preview", () => {
  const allUnknown = {
    version: unknown,
    reason: unknown,
    generatedAt: unknown,
    nextRotation: unknown,
  };
  const last = begun({ keepers: { b: "1" }, rotateEvery: { days: 90 } });
  const rotateEvery = { days: 90 };

  test.each<[string, RotationInputs]>([
    ["a keeper", { keepers: { b: unknown }, rotateEvery }],
    ["all keepers", { keepers: unknown, rotateEvery }],
    ["rotateEvery", { keepers: { b: "1" }, rotateEvery: unknown }],
    ["days", { keepers: { b: "1" }, rotateEvery: { days: unknown as never } }],
  ])("whether it rotates is unknown while %s is", (_, news) => {
    expect(schedule(last, news, start + day)).toEqual(allUnknown);
  });

  test("a rotation that is certain is shown, with an unknown reason where it may be another", () => {
    const due = start + 100 * day;
    expect(schedule(last, { keepers: { b: unknown }, rotateEvery }, due)).toEqual({
      version: 2,
      reason: unknown,
      generatedAt: iso(due),
      nextRotation: iso(due + 90 * day),
    });
  });

  test("a reason that comes first whatever the unknown one will be is shown", () => {
    const news = { keepers: { a: "1", b: unknown }, rotateEvery };
    expect(schedule(last, news, start)).toMatchObject({
      version: 2,
      reason: 'keeper "a" changed',
    });
  });

  test("an unknown initial is adopted", () => {
    expect(schedule(undefined, { initial: unknown }, start)).toMatchObject({ version: 0 });
  });

  test("the date of initial may be unknown", () => {
    const news = { initial: "x", initialGeneratedAt: unknown, rotateEvery };
    expect(schedule(undefined, news, start)).toMatchObject({
      version: 0,
      generatedAt: unknown,
      nextRotation: unknown,
    });
    expect(schedule(begun({ initial: "x" }), news, start)).toMatchObject({ version: unknown });
  });
});

describe("over any history", () => {
  const inputs: fc.Arbitrary<RotationInputs> = fc.record(
    {
      keepers: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("1", "2")),
      rotateEvery: fc.record({ days: fc.integer({ min: 1, max: 100 }) }),
      initial: fc.constant("x"),
      initialGeneratedAt: fc.constantFrom("2025-06-01T00:00:00Z", "2025-12-31"),
    },
    { requiredKeys: [] },
  );
  const runs = fc.array(fc.tuple(inputs, fc.integer({ min: 0, max: 60 * day })), { minLength: 1 });

  test("a run repeated at once changes nothing, versions go up one by one, ages are true", () => {
    fc.assert(
      fc.property(runs, (steps) => {
        let last: RecordedRotation | undefined;
        let now = start;
        for (const [news, pause] of steps) {
          now += pause;
          const record = schedule(last, news, now);
          const next = recorded(news, record);
          // A password adopted with an old date is due at once, as the next run will say.
          if (next.version > 0) expect(schedule(next, news, now)).toEqual(record);
          if (last !== undefined) {
            expect([last.version, last.version + 1]).toContain(next.version);
            const changed = next.version !== last.version;
            if (!changed) expect(next.reason).toBe(last.reason);
            if (!changed && news.rotateEvery !== undefined)
              expect(Date.parse(next.nextRotation)).toBeGreaterThan(now);
            if (changed) expect(next.generatedAt).toBe(iso(now));
          }
          last = next;
        }
      }),
    );
  });
});

function withoutInputs<T extends object>(record: T) {
  const { keepers, rotateEvery, initial, initialGeneratedAt, ...rest } = record as T &
    Record<string, unknown>;
  void [keepers, rotateEvery, initial, initialGeneratedAt];
  return rest;
}
