import { type AccountLine, accountLines } from "../../../cli/report/account-line";
import { readExport } from "../../../cli/report/read-export";
import {
  account,
  daysFromNow,
  exportOf,
  type ExportFacts,
  generated,
  generator,
  now,
  pending,
  urn,
} from "./exports";

const day = 24 * 60 * 60 * 1000;

function linesOf(resources: readonly unknown[], facts?: ExportFacts): AccountLine[] {
  return accountLines(readExport(exportOf(resources, facts)), now);
}

function lineOf(resources: readonly unknown[], facts?: ExportFacts): AccountLine {
  const lines = linesOf(resources, facts);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

test("an account with a generator: everything", () => {
  const reason = "age 92 days > 90";
  expect(lineOf(generated("cache", { generated: -12, due: 78, reason }))).toEqual({
    urn: urn("tencentcloud:RedisInstancePassword", "cache"),
    name: "cache",
    type: "tencentcloud:RedisInstancePassword",
    service: "Redis",
    identity: { region: "ap-guangzhou", instanceId: "crs-cache" },
    status: "confirmed",
    drift: "none",
    revision: 1,
    changedAt: now - 10 * day,
    age: 12 * day,
    reason,
    nextDue: now + 78 * day,
    behind: false,
    requestId: "request-cache",
  });
});

test("an account with a password of another source: its age is since the confirmation", () => {
  const random = { propertyDependencies: { password: [urn("random", "one")] } };
  expect(lineOf([account("cache", random)])).toMatchObject({
    age: 10 * day,
    reason: undefined,
    nextDue: undefined,
  });
});

test("a generator that no account uses gets no line", () => {
  expect(linesOf([generator("alone")])).toEqual([]);
});

describe("the generator", () => {
  const inDeps = (urns: readonly string[]) => ({ propertyDependencies: {}, dependencies: urns });
  const urnOf = (name: string) => urn("password:RotatingPassword", name);

  test("is found among all dependencies where those of the password are not listed", () => {
    const cache = account("cache", { from: "one", ...inDeps([urnOf("one")]) });
    expect(lineOf([generator("one", { due: 80 }), cache]).nextDue).toBe(now + 80 * day);
  });

  test("is not one that the account depends on for another reason", () => {
    const cache = account("cache", { dependencies: [urnOf("one")] });
    expect(lineOf([generator("one", { due: 80 }), cache]).nextDue).toBeUndefined();
  });

  test("of several is the one with the account's policy, or none", () => {
    const policy = "tencentcloud:TcrServiceAccountPassword";
    const other = generator("other", { due: 5, inputs: { policy } });
    const two = account("cache", inDeps([urnOf("other"), urnOf("one")]));
    expect(lineOf([other, generator("one", { due: 80 }), two]).nextDue).toBe(now + 80 * day);
    const both = [generator("other", { due: 5 }), generator("one", { due: 80 }), two];
    expect(lineOf(both).nextDue).toBeUndefined();
  });

  test("tells reason and due date by its inputs, whose outputs may be older", () => {
    const inputs = { nextRotation: daysFromNow(50) };
    expect(lineOf(generated("cache", { due: 80, inputs })).nextDue).toBe(now + 50 * day);
  });

  test("of an adopted password of unknown age tells none; learned later, it does", () => {
    const facts = { version: 0, inputs: { generatedAt: "" }, outputs: { generatedAt: "" } };
    const more = { inputs: { passwordVersion: 0 }, outputs: { status: "adopted", changedAt: "" } };
    expect(lineOf(generated("cache", facts, more))).toMatchObject({
      status: "adopted",
      age: undefined,
      changedAt: undefined,
    });
    const learned = { ...facts, inputs: { generatedAt: daysFromNow(-40) } };
    expect(lineOf(generated("cache", learned, more)).age).toBe(40 * day);
  });

  test("handed over as a text, without a version, does not tell the age", () => {
    const cache = account("cache", { from: "one", inputs: { passwordVersion: undefined } });
    expect(lineOf([generator("one", { generated: -3, due: 80 }), cache])).toMatchObject({
      age: 10 * day,
      nextDue: now + 80 * day,
      behind: false,
    });
  });
});

test("a refused rotation: the old password's age, and behind its generator", () => {
  const line = lineOf(generated("cache", { version: 2, generated: -1, due: 89 }));
  expect(line).toMatchObject({ status: "confirmed", age: 10 * day, behind: true });
});

describe("status", () => {
  test("unknown: since the last confirmation, if there was one", () => {
    const outputs = { status: "unknown", drift: "outcome unknown since 2026-04-30T00:00:00Z" };
    const facts = { version: 2, generated: -1 };
    expect(lineOf(generated("cache", facts, { outputs }))).toMatchObject({
      status: "unknown",
      age: 10 * day,
      behind: false,
    });
    const first = { ...outputs, changedAt: undefined, revision: undefined };
    expect(lineOf([account("cache", { outputs: first })])).toMatchObject({
      status: "unknown",
      age: undefined,
      revision: undefined,
    });
  });

  test("unknown, too, where it is missing or a word of a later release", () => {
    for (const status of [undefined, "rotating"])
      expect(lineOf([account("cache", { outputs: { status } })]).status).toBe("unknown");
  });

  test("drift", () => {
    const outputs = { drift: "changed outside on 2026-04-20T08:00:00Z" };
    expect(lineOf([account("cache", { outputs })])).toMatchObject({ status: "drift", ...outputs });
  });

  test("interrupted: a killed update", () => {
    const all = generated("cache");
    expect(lineOf(all, { pending: [pending(all[1]!)] })).toMatchObject({
      status: "interrupted",
      revision: 1,
    });
  });

  test("interrupted: a killed creation, which stands nowhere else", () => {
    const begun = account("cache", { from: "one" });
    expect(
      lineOf([generator("one", { due: 80 })], { pending: [pending(begun, "creating")] }),
    ).toMatchObject({
      status: "interrupted",
      identity: { region: "ap-guangzhou", instanceId: "crs-cache" },
      revision: undefined,
      age: undefined,
      nextDue: now + 80 * day,
    });
  });

  test("not interrupted: another's operation, its generator's", () => {
    const all = generated("cache");
    expect(lineOf(all, { pending: [pending(all[0]!)] }).status).toBe("confirmed");
  });
});

test("names with :: and parents in the URN", () => {
  const nested =
    "urn:pulumi:dev::shop::my:Component$pulumi-nodejs:dynamic/tencentcloud:RedisInstancePassword::a::b";
  expect(lineOf([{ ...account("x"), urn: nested }]).name).toBe("a::b");
});

test("times and numbers that are none are absent; an age is never below zero", () => {
  const outputs = { changedAt: "yesterday", revision: 1.5, requestId: "" };
  expect(lineOf([account("cache", { outputs })])).toMatchObject({
    changedAt: undefined,
    age: undefined,
    revision: undefined,
    requestId: undefined,
  });
  const ahead = { changedAt: daysFromNow(1) };
  expect(lineOf([account("cache", { outputs: ahead })]).age).toBe(0);
});

test("an age by a clock that was wrong is unknown", () => {
  expect(lineOf(generated("cache", { generated: 0.5 })).age).toBe(0);
  expect(lineOf(generated("cache", { generated: 2 })).age).toBeUndefined();
});
