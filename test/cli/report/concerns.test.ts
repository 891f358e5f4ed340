import { type Concern, count, failure, inOneLine } from "../../../cli/report/concerns";
import { account, fiveOfEachKind, generated, pending } from "./exports";
import { makeReport } from "./make-report";

const names = (lines: readonly { name: string }[]) => lines.map(({ name }) => name);

test("what needs attention first: unknown, drift, refused, overdue, too old, due soon; then by age", () => {
  const outside = { outputs: { drift: "changed outside on 2026-04-20T08:00:00Z" } };
  const begun = account("begun");
  const resources = [
    ...generated("young", { generated: -1, due: 89 }),
    ...generated("older", { generated: -80, due: 10 }),
    ...generated("soon", { generated: -30, due: 7 }),
    ...generated("old", { generated: -91, due: 200 }),
    account("ageless", { outputs: { changedAt: "" } }),
    ...generated("overdue", { generated: -90, due: 0 }),
    ...generated("behind", { version: 2, generated: -1, due: 89 }),
    account("shut out", { outputs: { verification: "refused" } }),
    account("let in", { outputs: { verification: "accepted" } }),
    account("outside", outside),
    ...generated("lost", { generated: -1, due: 89 }, { outputs: { status: "unknown" } }),
  ];
  const report = makeReport(resources, { pending: [pending(begun)], maxAge: "90d" });
  expect(report.lines.map(({ name, concerns }) => [name, concerns])).toEqual([
    ["begun", ["unknown", "max-age"]],
    ["lost", ["unknown"]],
    ["outside", ["drift"]],
    ["shut out", ["refused"]],
    ["overdue", ["overdue"]],
    ["behind", ["overdue"]],
    ["ageless", ["max-age"]],
    ["old", ["max-age"]],
    ["soon", ["due-soon"]],
    ["older", []],
    ["let in", []],
    ["young", []],
  ]);
  expect(count(report.lines)).toEqual({
    accounts: 12,
    unknown: 1,
    interrupted: 1,
    drift: 1,
    refused: 1,
    overdue: 2,
    maxAge: 3,
    dueSoon: 1,
  });
  expect(inOneLine(report.lines, report.maxAge)).toBe(
    "12 accounts: 1 unknown, 1 interrupted, 1 drift, 1 refused at the login, 2 overdue, 3 older than 90d, 1 due within 7 days",
  );
});

test("the borders: overdue at the due moment, too old beyond the limit, soon up to 7 days", () => {
  const at = (facts: { generated: number; due: number }) =>
    makeReport(generated("one", facts), { maxAge: "90d" }).lines[0]?.concerns;
  expect(at({ generated: -90, due: 0 })).toEqual(["overdue"]);
  expect(at({ generated: -90.001, due: 0.001 })).toEqual(["max-age", "due-soon"]);
  expect(at({ generated: -90, due: 7 })).toEqual(["due-soon"]);
  expect(at({ generated: -90, due: 7.001 })).toEqual([]);
});

test("an unknown outcome that refresh shows as drift is no drift", () => {
  const drift = "outcome unknown since 2026-04-30T00:00:00Z";
  const lost = account("lost", { outputs: { status: "unknown", drift } });
  expect(makeReport([lost]).lines[0]?.concerns).toEqual(["unknown"]);
});

test("accounts of the same weight and age come in the order of their names and numbers", () => {
  const all = ["b-10", "b-9", "a"].map((name) => account(name));
  expect(names(makeReport(all).lines)).toEqual(["a", "b-9", "b-10"]);
});

test("without a concern, without an account", () => {
  expect(inOneLine(makeReport([account("one")]).lines, undefined)).toBe(
    "1 account: nothing needs attention",
  );
  expect(inOneLine([], undefined)).toBe("0 accounts");
});

test.each<[Concern[], string | undefined]>([
  [[], undefined],
  [["unknown"], "--fail-on finds 1 of 5 accounts: 1 unknown"],
  [["overdue"], "--fail-on finds 1 of 5 accounts: 1 overdue"],
  [["drift", "overdue"], "--fail-on finds 2 of 5 accounts: 1 drift, 1 overdue"],
  [["max-age"], "--fail-on finds 2 of 5 accounts: 2 older than 80d"],
])("failure on %j", (failOn, text) => {
  const { lines, maxAge } = makeReport(fiveOfEachKind(), { maxAge: "80d" });
  expect(failure(lines, failOn, maxAge)).toBe(text);
});

test("failure on unknown is also one on interrupted; on others neither", () => {
  const facts = { pending: [pending(account("one"))] };
  const { lines } = makeReport([account("one")], facts);
  expect(failure(lines, ["unknown"], undefined)).toBe(
    "--fail-on finds 1 of 1 account: 1 interrupted",
  );
  expect(failure(lines, ["overdue", "drift"], undefined)).toBeUndefined();
});
