import type { ChangeResult } from "../provider/change-password";
import { changeFailed, changeUnsettled } from "../provider/explain";
import type { Failure } from "../provider/outcome";
import { services } from "../provider/services";
import type { Outputs } from "../provider/state";
import { clock, pause } from "../provider/wrong-tries";

const noon = Date.parse("2026-03-01T12:00:00.000Z");
const system = clock.now;
beforeEach(() => (clock.now = () => noon));
afterEach(() => (clock.now = system));

const servicecomb = "huaweicloud:ServicecombAccountPassword";
const redis = "tencentcloud:RedisInstancePassword";
const refused: Failure = {
  outcome: "wrongOldPassword",
  code: "CURRENT_PASSWORD_UNKNOWN",
  says: "refused",
};
const lost: Failure = { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: "lost" };

interface Circumstances {
  readonly type?: string;
  readonly pending?: readonly string[];
  readonly triedAt?: string;
  readonly triedAccount?: string;
  /** Whether the state has a password. */
  readonly known?: boolean;
}

const it = { name: "it", accountName: "alice" };

function text(
  failure: Failure,
  { type = servicecomb, pending = [], triedAt, triedAccount, known = true }: Circumstances = {},
): string {
  const result: Extract<ChangeResult, { kind: "unsettled" }> = {
    kind: "unsettled",
    failure,
    pendingPasswords: pending,
    refusedPasswords: [],
    ...(triedAt === undefined ? {} : { triedAt }),
    ...(triedAccount === undefined ? {} : { triedAccount }),
  };
  const { currentUnknownAdvice } = services.get(type) ?? {};
  const properties: Outputs = known ? { password: "old" } : {};
  const subject = { ...it, currentUnknownAdvice };
  return changeUnsettled(subject, result, properties, false).text;
}

describe("after a try that may have been counted as a wrong one", () => {
  const until = "nothing is tried before 2026-03-01T12:16:00.000Z";
  const triedAt = new Date(noon).toISOString();

  test.each<[string, Failure | undefined, readonly string[]]>([
    ["a refused password", refused, []],
    ["a lost answer", lost, ["new"]],
    ["a try of an earlier run", { ...lost, code: "NETWORK" }, []],
    ["the pause itself", undefined, []],
    ["the pause, while a change is unknown", undefined, ["new"]],
  ])("the text says once when the next one may be: %s", (_what, failure, pending) => {
    clock.now = () => noon + 1;
    const says = failure ?? pause(noon, "alice") ?? lost;
    expect(text(says, { pending, triedAt }).split(until)).toHaveLength(2);
  });

  test("it does not say that a password was refused, which a lost answer does not tell", () => {
    expect(text(lost, { pending: ["new"], triedAt })).not.toContain("refused");
  });

  test("it names the account whose password it was", () => {
    expect(text(refused, { triedAt })).toContain('a password of "alice" was tried at 2026-');
    expect(text(lost, { triedAt, triedAccount: "root" })).toContain(
      'a password of "root" was tried',
    );
  });

  test("it says nothing of it when the time is over, or without a try", () => {
    expect(text(lost, { pending: ["new"] })).not.toContain("nothing is tried");
    clock.now = () => noon + 16 * 60_000;
    expect(text(refused, { triedAt })).not.toContain("nothing is tried");
  });
});

test.each([
  [servicecomb, /administrator's token/, /resetWithoutCurrent/],
  [redis, /resetWithoutCurrent/, /administrator/],
])("what helps when no known password is live, for %s", (type, helps, doesNot) => {
  const advice = text(refused, { type });
  expect(advice).toMatch(/give the live password as currentPassword/);
  expect(advice).toMatch(/, and run `pulumi up` again/);
  expect(advice).toMatch(helps);
  expect(advice).not.toMatch(doesNot);
});

describe("when it is the login of another account that failed", () => {
  const toCorrect = "SERVICECOMB_RBAC_PASSWORD";
  const login: Failure = { ...refused, code: "AUTH_FAILED", triedAccount: "root", toCorrect };
  const waiting = () => ({ ...(pause(noon, "root") ?? lost), triedAccount: "root", toCorrect });

  test.each([true, false])("nothing is said to be unknown (state has a password: %s)", (known) => {
    for (const failure of [login, waiting()]) {
      const said = text(failure, { known });
      expect(said).toContain(
        'what failed is the login as "root", and the password of this account was not touched',
      );
      expect(said).not.toMatch(/not known|may not be/);
    }
  });

  test("the variable to correct is named, also for the time of the pause", () => {
    expect(text(login)).toContain("; correct SERVICECOMB_RBAC_PASSWORD and run `pulumi up` again");
    for (const said of [text(waiting()), changeFailed(it, waiting(), undefined).text])
      expect(said).toMatch(
        /"root" was tried .*; correct SERVICECOMB_RBAC_PASSWORD meanwhile if it is wrong, and run `pulumi up` again after that time$/,
      );
  });
});

test.each<[string, Outputs | undefined, RegExp]>([
  ["a create", undefined, /; this run changed nothing; choose/],
  [
    "an adopted one",
    { changedAt: "" },
    /; this run changed nothing: .* adopted one; if an earlier/,
  ],
  [
    "a confirmed one",
    { changedAt: "2026-02-01T00:00:00.000Z" },
    /the one confirmed on 2026-02-01T00:00:00.000Z; if an earlier run was killed, a newer one may be/,
  ],
])("a plain failure of %s says no more than is certain", (_what, olds, says) => {
  const failure: Failure = { ...refused, outcome: "refused", code: "PASSWORD_REJECTED" };
  const { text } = changeFailed(it, failure, olds);
  expect(text).toMatch(says);
  expect(text).not.toContain("still holds");
});
