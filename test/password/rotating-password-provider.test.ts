import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "../../provider/errors";
import { rotatingPasswordProvider } from "../../provider/password/rotating-password-provider";
import { Stack } from "./stack";
import { policiesByName, postgresqlPolicy, redisPolicy, strictForms, tcrPolicy } from "./policies";

const unknown = pulumi.runtime.unknownValue;
const policy = redisPolicy.name;
const start = "2026-01-01T00:00:00.000Z";
const redisForm = strictForms.get(redisPolicy)!;

let stack: Stack;
let said: string[];
beforeEach(() => {
  stack = new Stack((clock) => rotatingPasswordProvider(policiesByName, clock), start);
  said = [];
  for (const stream of ["warn", "error", "log"] as const)
    jest.spyOn(console, stream).mockImplementation((...line: unknown[]) => {
      said.push(line.join(" "));
    });
});
afterEach(() => jest.restoreAllMocks());

describe("create", () => {
  test("draws a password that the policy allows, and returns every input and output", async () => {
    const keepers = { owner: "ops" };
    await stack.up({ policy, length: 14, keepers, rotateEvery: { days: 90 } });
    const { result, ...others } = stack.outputs;
    expect(result).toMatch(redisForm);
    expect(result).toHaveLength(14);
    expect(others).toEqual({
      __provider: "text",
      policy,
      length: 14,
      keepers,
      rotateEvery: { days: 90 },
      version: 1,
      reason: "first",
      generatedAt: start,
      nextRotation: "2026-04-01T00:00:00.000Z",
      entropyBits: 90.5,
      history: [],
    });
    expect(stack.secrets(stack.wireOutputs)).toEqual(["history", "result"]);
  });

  test("gives an id that is neither the password nor made from it", async () => {
    await stack.up({ policy });
    const { id } = stack;
    expect(id).toMatch(/^password-[0-9a-f]{8}$/);
    await stack.up({ policy }, { replace: true });
    expect(stack.id).not.toBe(id);
  });

  test("takes initial as version 0, whatever the policy says of it", async () => {
    await stack.up({ policy, initial: "x y", initialGeneratedAt: "2025-06-01T00:00:00Z" });
    expect(stack.outputs).toMatchObject({
      result: "x y",
      version: 0,
      reason: "initial",
      generatedAt: "2025-06-01T00:00:00Z",
      nextRotation: "",
      history: [],
    });
    expect(stack.outputs).not.toHaveProperty("previous");
    expect(stack.secrets(stack.wireInputs)).toEqual(["initial"]);
    expect(stack.secrets(stack.wireOutputs)).toEqual(["history", "initial", "result"]);
  });

  test("takes a secret that resolved to nothing as not given", async () => {
    await stack.up({ policy, initial: null, length: null, keepers: null });
    expect(stack.outputs).toMatchObject({ version: 1, result: expect.stringMatching(redisForm) });
  });
});

describe("a rotation", () => {
  test("draws a new password and keeps the one before", async () => {
    await stack.up({ policy, rotateEvery: { days: 90 } });
    const first = stack.outputs["result"];
    stack.now = "2026-05-01T00:00:00.000Z";
    expect(await stack.up({ policy, rotateEvery: { days: 90 } })).toBe("update");
    expect(stack.outputs).toMatchObject({
      version: 2,
      reason: "age 120 days > 90",
      generatedAt: stack.now,
      nextRotation: "2026-07-30T00:00:00.000Z",
      previous: first,
      history: [first],
      result: expect.stringMatching(redisForm),
    });
    expect(stack.outputs["result"]).not.toBe(first);
    expect(stack.secrets(stack.wireOutputs)).toEqual(["history", "previous", "result"]);
    expect(await stack.up({ policy, rotateEvery: { days: 90 } })).toBe("same");
  });

  test("shows in the preview as plain inputs, and nothing else does", async () => {
    await stack.up({ policy, rotateEvery: { days: 90 } });
    stack.now = "2026-05-01T00:00:00.000Z";
    const { changed, inputs } = await stack.preview({ policy, rotateEvery: { days: 90 } });
    expect(changed).toEqual(["generatedAt", "nextRotation", "reason", "version"]);
    expect(inputs).toMatchObject({ reason: "age 120 days > 90", version: 2 });
    expect(inputs).not.toHaveProperty("result");
  });

  test("keeps ten passwords, newest first", async () => {
    const results: unknown[] = [];
    for (let i = 0; i < 14; i++) {
      await stack.up({ policy, keepers: { i: String(i) } });
      results.unshift(stack.outputs["result"]);
    }
    expect(new Set(results).size).toBe(14);
    expect(stack.outputs["version"]).toBe(14);
    expect(stack.outputs["history"]).toEqual(results.slice(1, 11));
    expect(stack.outputs["previous"]).toBe(results[1]);
  });

  test("puts the adopted password into the history", async () => {
    await stack.up({ policy, initial: "live-one", keepers: { a: "1" } });
    await stack.up({ policy, initial: "live-one", keepers: { a: "2" } });
    expect(stack.outputs).toMatchObject({ version: 1, history: ["live-one"], adoptedAt: start });
  });

  test("that failed is due again in the next run, as the same version", async () => {
    await stack.up({ policy, keepers: { a: "1" } });
    const before = stack.outputs;
    await stack.up({ policy, keepers: { a: "2" } }, { killed: true });
    expect(stack.outputs).toEqual(before);
    await stack.up({ policy, keepers: { a: "2" } });
    expect(stack.outputs).toMatchObject({ version: 2, history: [before["result"]] });
  });

  test("does not happen over a state that has lost the password", async () => {
    await stack.up({ policy, keepers: { a: "1" } });
    delete stack.outputs["result"];
    await expect(stack.up({ policy, keepers: { a: "2" } })).rejects.toMatchObject({
      name: "AccountPasswordError",
      code: "INTERNAL",
    });
  });
});

describe("a change that leaves the password as it is", () => {
  const base = { policy, length: 20, rotateEvery: { days: 90 }, initial: "live-one" };

  test.each<[string, Record<string, unknown>]>([
    ["nothing", {}],
    ["rotateEvery", { rotateEvery: { days: 60 } }],
    ["length", { length: 25 }],
    ["policy", { policy: tcrPolicy.name }],
    ["initial taken out", { initial: undefined }],
    ["initialGeneratedAt", { initialGeneratedAt: "2025-12-31T00:00:00Z" }],
  ])("is no update: %s", async (_, change) => {
    await stack.up(base);
    const before = stack.outputs;
    expect(await stack.up({ ...base, ...change })).toBe("same");
    expect(stack.outputs).toBe(before);
    expect(await stack.up({ ...base, ...change })).toBe("same");
  });

  test("takes effect with the next rotation", async () => {
    await stack.up({ policy, length: 30, keepers: { a: "1" } });
    await stack.up({ policy: tcrPolicy.name, length: 15, keepers: { a: "1" } });
    expect(stack.outputs["result"]).toHaveLength(30);
    await stack.up({ policy: tcrPolicy.name, length: 15, keepers: { a: "2" } });
    expect(stack.outputs["result"]).toMatch(/^[a-zA-Z0-9]{15}$/);
    expect(stack.outputs["policy"]).toBe(tcrPolicy.name);
  });

  test("moves the nextRotation of the inputs, which a report reads", async () => {
    await stack.up({ policy, rotateEvery: { days: 90 } });
    await stack.up({ policy, rotateEvery: { days: 60 } });
    expect(stack.inputs["nextRotation"]).toBe("2026-03-02T00:00:00.000Z");
    expect(stack.outputs["nextRotation"]).toBe("2026-04-01T00:00:00.000Z");
  });

  test("keeps result, previous and history even when the engine updates all the same", async () => {
    await stack.up({ policy, keepers: { a: "1" } });
    await stack.up({ policy, keepers: { a: "2" } });
    const { result, previous, history } = stack.outputs;
    await stack.up({ policy, keepers: { a: "2" }, length: 15 }, { updateAnyway: true });
    expect(stack.outputs).toMatchObject({ result, previous, history, length: 15, version: 2 });
  });
});

describe("check", () => {
  const good = { policy };
  const aged = { ...good, rotateEvery: { days: 90 } };
  const night = { from: "02:00", to: "04:00", timeZone: "UTC" };

  test.each<[string, Record<string, unknown>, string]>([
    ["an unknown argument", { ...good, weeks: 1 }, "weeks"],
    ["a unit that does not exist", { ...good, rotateEvery: { hours: 2 } }, "rotateEvery.hours"],
    ["rotateEvery without a unit", { ...good, rotateEvery: {} }, "exactly one of days"],
    ["two units", { ...good, rotateEvery: { days: 7, weeks: 1 } }, "exactly one of days"],
    ["no months", { ...good, rotateEvery: { months: 0 } }, "rotateEvery.months"],
    ["weeks without end", { ...good, rotateEvery: { weeks: 5201 } }, "rotateEvery.weeks"],
    ["an anchor that is none", { ...good, rotateEvery: { days: 1, anchor: "May" } }, "anchor"],
    [
      "a window without a time zone",
      { ...aged, window: { from: "01:00", to: "02:00" } },
      "timeZone",
    ],
    ["a time of day without its zero", { ...aged, window: { ...night, from: "1:00" } }, "window.from"], // prettier-ignore
    ["an unknown time zone", { ...aged, window: { ...night, timeZone: "Mars/Base" } }, "timeZone"],
    ["a time that is none", { ...aged, window: { ...night, to: "25:00" } }, "window.to"],
    ["a window from 24:00", { ...aged, window: { ...night, from: "24:00" } }, "window.from"],
    ["an empty window", { ...aged, window: { ...night, to: "02:00" } }, "must differ"],
    ["an unknown weekday", { ...aged, window: { ...night, days: ["Caturday"] } }, "window.days"],
    ["no weekdays", { ...aged, window: { ...night, days: [] } }, "window.days"],
    ["a window's slip", { ...aged, window: { ...night, zone: "UTC" } }, "window.zone"],
    ["a window of nothing", { ...good, window: night }, "rotateEvery"],
    ["a spread of nothing", { ...good, spread: { hours: 2 } }, "rotateEvery"],
    ["no spread", { ...aged, spread: { hours: 0 } }, "spread.hours"],
    ["a spread in other units", { ...aged, spread: { hours: 1, days: 2 } }, "spread.days"],
    [
      "a spread as long as the interval",
      { ...aged, spread: { hours: 2160 } },
      "less than the 2160",
    ],
    ["a compromise to come", { ...good, compromisedBefore: "2026-01-01T00:00:01Z" }, "future"],
    ["a compromise that is no time", { ...good, compromisedBefore: "now" }, "compromisedBefore"],
    ["an unknown consumer", { ...good, consumers: ["url", "xml"] }, "consumers"],
    ["a consumer as a text", { ...good, consumers: "url" }, "consumers"],
    ["exclusions as a list", { ...good, excludeCharacters: ["a"] }, "excludeCharacters"],
    ["too few bits", { ...good, length: 12 }, "only 77.4 bits of entropy"],
    ["too few bits for consumers", { ...good, length: 13, consumers: ["url"] }, "with these consumers"], // prettier-ignore
    [
      "nothing left that the policy demands",
      { policy: postgresqlPolicy.name, consumers: ["url"], excludeCharacters: "-._~" },
      "there are no passwords of 24 characters",
    ],
    ["rotateEvery of another type", { ...good, rotateEvery: 90 }, "rotateEvery"],
    ["no days", { ...good, rotateEvery: { days: 0 } }, "rotateEvery.days"],
    ["half a day", { ...good, rotateEvery: { days: 0.5 } }, "rotateEvery.days"],
    ["days as a text", { ...good, rotateEvery: { days: "90" } }, "rotateEvery.days"],
    ["days without end", { ...good, rotateEvery: { days: 1e9 } }, "rotateEvery.days"],
    ["no policy", {}, "policy"],
    ["a policy of somebody else", { policy: "acme:Policy" }, "policy"],
    ["too short", { ...good, length: 7 }, "length"],
    ["too long", { ...good, length: 31 }, "length"],
    ["too long for another policy", { policy: tcrPolicy.name, length: 21 }, "length"],
    ["a length with a fraction", { ...good, length: 19.5 }, "length"],
    ["a length as a text", { ...good, length: "20" }, "length"],
    ["keepers of another type", { ...good, keepers: ["a"] }, "keepers"],
    ["a keeper that is no text", { ...good, keepers: { a: 1 } }, "keepers.a"],
    ["an empty initial", { ...good, initial: "" }, "initial"],
    ["a date without initial", { ...good, initialGeneratedAt: start }, "initial"],
    [
      "a date that is none",
      { ...good, initial: "x", initialGeneratedAt: "yesterday" },
      "initialGeneratedAt",
    ],
    [
      "a date to come",
      { ...good, initial: "x", initialGeneratedAt: "2026-01-01T00:00:01Z" },
      "future",
    ],
  ])("refuses %s", async (_, news, named) => {
    const failures = await stack.failures(news);
    expect(failures).toHaveLength(1);
    expect(failures[0]!.reason).toContain(named);
    expect(failures[0]!.reason).toMatch(/\(INVALID_ARGUMENT\)$/);
  });

  test("names no property in a failure: the engine prints its value in clear", async () => {
    const secret = "Zx81-secret";
    const news = { initial: [secret], initialGeneratedAt: secret, length: secret, extra: secret };
    const failures = await stack.failures({ policy, ...news });
    expect(failures).toHaveLength(4);
    for (const { property, reason } of failures) {
      expect(property).toBe("");
      expect(reason).not.toContain(secret);
    }
  });

  test("accepts a date again that was accepted, though this machine's clock is behind", async () => {
    const news = { policy, initial: "x", initialGeneratedAt: start };
    await stack.up(news);
    stack.now = "2025-12-31T23:59:50.000Z";
    expect(await stack.up(news)).toBe("same");
  });

  test("lets unknown values pass", async () => {
    const { inputs } = await stack.preview({
      policy,
      length: unknown,
      keepers: { a: unknown },
      rotateEvery: unknown,
      initial: unknown,
      initialGeneratedAt: unknown,
    });
    expect(inputs).toMatchObject({ length: unknown, initial: unknown, rotateEvery: unknown });
  });

  test("says unknown in a preview whose keeper is unknown, and the truth in the update", async () => {
    await stack.up({ policy, keepers: { a: "1" } });
    const { changed, inputs } = await stack.preview({ policy, keepers: { a: unknown } });
    expect(changed).toEqual(["generatedAt", "keepers", "nextRotation", "reason", "version"]);
    expect(inputs).toMatchObject({ reason: unknown, version: unknown });
    expect(await stack.up({ policy, keepers: { a: "1" } })).toBe("same");
  });

  test("takes stored computed inputs for what they are, as ignoreChanges hands them in", async () => {
    await stack.up({ policy });
    expect(await stack.up({ ...stack.inputs })).toBe("same");
  });

  test("warns that initial is still given after the first rotation, without showing it", async () => {
    const initial = "Zx81-secret";
    await stack.up({ policy, initial, keepers: { a: "1" } });
    await stack.up({ policy, initial, keepers: { a: "2" } });
    expect(said).toEqual([]);
    await stack.up({ policy, initial, keepers: { a: "2" } });
    expect(said).toEqual([expect.stringContaining("initial")]);
    expect(said[0]).not.toContain(initial);
    expect(said[0]).not.toContain("\n");
  });

  test("warns of another initial than the one in force, where both are known", async () => {
    await stack.up({ policy, initial: "Zx81-secret" });
    await stack.up({ policy });
    await stack.up({ policy, initial: "Zx82-secret" });
    await stack.up({ policy, initial: "Zx82-secret" });
    await stack.preview({ policy, initial: unknown });
    expect(said).toEqual([]);
    expect(await stack.up({ policy, initial: "Zx83-secret" })).toBe("same");
    expect(said).toEqual([expect.stringContaining("another initial")]);
    expect(said[0]).not.toContain("Zx8");
  });

  test("fails when the clock is set wrongly", async () => {
    const provider = rotatingPasswordProvider(policiesByName, () => {
      throw new AccountPasswordError("INVALID_ARGUMENT", "no time");
    });
    const { failures } = await provider.check!({}, { policy });
    expect(failures).toEqual([{ property: "", reason: "no time (INVALID_ARGUMENT)" }]);
  });

  test("goes by ACCOUNT_PASSWORDS_NOW when no clock is given", async () => {
    process.env["ACCOUNT_PASSWORDS_NOW"] = "2030-01-01T00:00:00Z";
    try {
      const { inputs } = await rotatingPasswordProvider(policiesByName).check!({}, { policy });
      expect(inputs).toMatchObject({ generatedAt: "2030-01-01T00:00:00.000Z" });
    } finally {
      delete process.env["ACCOUNT_PASSWORDS_NOW"];
    }
  });
});

test("read gives back what it got, with the secrets marked again, and no inputs", async () => {
  await stack.up({ policy, initial: "live-one", keepers: { a: "1" } });
  await stack.up({ policy, keepers: { a: "2" } });
  const read = await stack.provider.read!(stack.id, { ...stack.outputs });
  expect(read).toEqual({ id: stack.id, props: stack.wireOutputs });
});

test("delete leaves the world as it is", async () => {
  await expect(stack.provider.delete!("password-00000000", {})).resolves.toBeUndefined();
});

test("over any history of changes and kills no password that was ever live is lost", async () => {
  const step = fc.record({
    keeper: fc.constantFrom("1", "2"),
    days: fc.constantFrom(undefined, 1, 30),
    initial: fc.constantFrom(undefined, "live-one"),
    killed: fc.boolean(),
    pause: fc.integer({ min: 0, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      const any = new Stack((clock) => rotatingPasswordProvider(policiesByName, clock), start);
      const live: unknown[] = [];
      for (const { keeper, days, initial, killed, pause } of steps) {
        any.now = new Date(Date.parse(any.now) + pause * 86_400_000).toISOString();
        const rotateEvery = days && { days };
        await any.up({ policy, keepers: { keeper }, rotateEvery, initial }, { killed });
        if (any.id === "") continue;
        const { result, history, previous, version } = any.outputs;
        if (live[0] !== result) live.unshift(result);
        expect([result, ...(history as string[])]).toEqual(live.slice(0, 11));
        expect(previous).toBe(live[1]);
        expect(version).toBe(any.inputs["version"]);
      }
    }),
    { numRuns: 200 },
  );
});
