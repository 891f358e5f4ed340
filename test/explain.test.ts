import type { ChangeResult } from "../provider/change-password";
import { changeUnsettled } from "../provider/explain";
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
}

function text(
  failure: Failure,
  { type = servicecomb, pending = [], triedAt }: Circumstances = {},
): string {
  const result: Extract<ChangeResult, { kind: "unsettled" }> = {
    kind: "unsettled",
    failure,
    pendingPasswords: pending,
    refusedPasswords: [],
    ...(triedAt === undefined ? {} : { triedAt }),
  };
  const { currentUnknownAdvice } = services.get(type) ?? {};
  const properties: Outputs = { password: "old" };
  return changeUnsettled({ name: "it", currentUnknownAdvice }, result, properties, false).text;
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
    const says = failure ?? pause(noon) ?? lost;
    expect(text(says, { pending, triedAt }).split(until)).toHaveLength(2);
  });

  test("it does not say that a password was refused, which a lost answer does not tell", () => {
    expect(text(lost, { pending: ["new"], triedAt })).not.toContain("refused");
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
