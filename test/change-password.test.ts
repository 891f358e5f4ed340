import type { AccountService, CallContext, Presence } from "../provider/account-service";
import { changePassword } from "../provider/change-password";
import type { Before, ChangeResult, PasswordChange } from "../provider/change-password";
import { Deadline } from "../provider/deadline";
import { AccountPasswordError } from "../provider/errors";
import { done } from "../provider/outcome";
import type { Answer, Failure } from "../provider/outcome";
import { settings } from "../provider/settings";
import { tcrPolicy } from "../provider/tencentcloud/tcr";
import { clock, secondsBetween } from "../provider/wrong-tries";

const refused: Failure = { outcome: "refused", code: "PASSWORD_REJECTED", says: "no" };
const tryAgain: Failure = { outcome: "tryAgain", code: "THROTTLED", says: "later" };
const wrong: Failure = {
  outcome: "wrongOldPassword",
  code: "CURRENT_PASSWORD_UNKNOWN",
  says: "wrong",
};
const lost: Failure = { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: "lost" };
const few: Failure = { ...lost, repeat: "few" };
const never: Failure = { ...lost, repeat: "never" };
const coded: Failure = { ...lost, vendor: { vendorCode: "Failed" } };

/**
 * What an account answers: an answer of its own, or with `after` one that gets lost on its way
 * back.
 */
type Scripted = Failure | "ok" | "lost after the effect" | Error;

interface Vendor {
  /** What is live. */
  live: string;
  /** Each call, in words: `set new (old)`, `reset new`, `login one`, `look up`, `ask`. */
  readonly calls: string[];
  readonly service: AccountService;
}

interface Abilities {
  /** Answers of the calls that change the password; then the vendor behaves. */
  readonly script?: readonly Scripted[];
  /** Whether the old password is needed. Absent: such a question is never asked. */
  readonly needsCurrent?: boolean | readonly Scripted[];
  readonly locks?: boolean;
  readonly resets?: boolean | readonly Scripted[];
  readonly logins?: boolean | readonly Scripted[];
  readonly presence?: Presence["kind"] | Error;
  /** The account that this process has been let in as. */
  readonly accepted?: string;
  readonly live?: string;
}

function vendor(abilities: Abilities = {}): Vendor {
  const self = { live: abilities.live ?? "old", calls: [] as string[] };
  const { needsCurrent, resets, logins } = abilities;
  const script = [...(abilities.script ?? [])];
  const asks = Array.isArray(needsCurrent) ? [...(needsCurrent as Scripted[])] : [];
  const resetScript = Array.isArray(resets) ? [...(resets as Scripted[])] : [];
  const loginScript = Array.isArray(logins) ? [...(logins as Scripted[])] : [];

  function answer(scripted: Scripted | undefined, honest: () => Answer<void>): Answer<void> {
    if (scripted instanceof Error) throw scripted;
    if (scripted === "lost after the effect") {
      honest();
      return lost;
    }
    return scripted === undefined || scripted === "ok" ? honest() : scripted;
  }

  const service: AccountService = {
    type: "fake:Account",
    noun: "Fake account",
    identity: ["name"],
    places: {},
    instanceArgument: "name",
    ownArguments: {},
    policy: tcrPolicy,
    timeoutSeconds: 10,
    modificationTimeOf: "account",
    ...(abilities.locks ? { secondsBetweenWrongTries: secondsBetween } : {}),
    endpoint: () => ({ url: "http://localhost", host: "localhost", loopback: true }),
    ...(needsCurrent === undefined
      ? {}
      : {
          needsCurrent: async () => {
            self.calls.push("ask");
            const scripted = asks.shift();
            if (scripted instanceof Error) throw scripted;
            if (typeof scripted === "object") return scripted;
            return done(needsCurrent !== false);
          },
        }),
    setPassword: async (_account, { password, currentPassword }) => {
      const old = currentPassword === undefined ? "" : ` (${currentPassword})`;
      self.calls.push(`set ${password}${old}`);
      return answer(script.shift(), () => {
        if (currentPassword !== undefined && currentPassword !== self.live) return wrong;
        self.live = password;
        return done(undefined, `request ${self.calls.length}`);
      });
    },
    ...(resets
      ? {
          resetPassword: async (_account, password) => {
            self.calls.push(`reset ${password}`);
            return answer(resetScript.shift(), () => {
              self.live = password;
              return done(undefined, `request ${self.calls.length}`);
            });
          },
        }
      : {}),
    ...(logins
      ? {
          login: async (_account, password) => {
            self.calls.push(`login ${password}`);
            return answer(loginScript.shift(), () =>
              password === self.live ? done(undefined) : { ...wrong, triedPassword: password },
            );
          },
        }
      : {}),
    wasAccepted: (_account, name) => name === abilities.accepted,
    lookUp: async () => {
      self.calls.push("look up");
      if (abilities.presence instanceof Error) throw abilities.presence;
      return { kind: abilities.presence ?? "present" };
    },
  };
  return Object.assign(self, { service });
}

/** Time for so many waits, none of which takes any. */
class Waits extends Deadline {
  constructor(private left: number) {
    super(3600);
  }
  override wait(): Promise<boolean> {
    return Promise.resolve(this.left-- > 0);
  }
}

interface Circumstances {
  readonly before?: Partial<Before>;
  readonly candidates?: readonly string[];
  readonly waits?: number;
  readonly resetWithoutCurrent?: boolean;
  readonly newlyGiven?: string;
}

function change(
  { service }: Vendor,
  {
    before,
    candidates = ["old"],
    waits = 5,
    resetWithoutCurrent = true,
    newlyGiven,
  }: Circumstances = {},
): Promise<ChangeResult> {
  const context: CallContext = {
    settings: settings(() => undefined, {}),
    profile: undefined,
    deadline: new Waits(waits),
  };
  const all: PasswordChange = {
    service,
    account: { name: "one" },
    password: "new",
    candidates,
    currentGiven: false,
    ...(newlyGiven === undefined ? {} : { newlyGiven }),
    resetWithoutCurrent,
    before: { unknown: false, pendingPasswords: [], refusedPasswords: [], ...before },
    context,
  };
  return changePassword(all);
}

/** A result in short: for tables. */
function short(result: ChangeResult): string {
  switch (result.kind) {
    case "confirmed":
      return "confirmed";
    case "refused":
      return `refused ${result.failure.code}`;
    case "unsettled":
      return `unsettled ${result.failure.code} [${result.pendingPasswords.join()}]`;
  }
}

const stateUnknown: Partial<Before> = {
  password: "old",
  unknown: true,
  pendingPasswords: ["interrupted"],
};

describe("changePassword() without the old password", () => {
  const times = (count: number, what: Scripted) => Array<Scripted>(count).fill(what);

  test.each<[string, readonly Scripted[], string, string, number]>([
    // What is answered, what it means with nothing unknown, with something unknown, how often it is sent.
    ["done", ["ok"], "confirmed", "confirmed", 1],
    [
      "refused",
      [refused],
      "refused PASSWORD_REJECTED",
      "unsettled PASSWORD_REJECTED [interrupted]",
      1,
    ],
    [
      "wrong old password",
      [wrong],
      "refused CURRENT_PASSWORD_UNKNOWN",
      "unsettled CURRENT_PASSWORD_UNKNOWN [interrupted]",
      1,
    ],
    ["try again, then done", [tryAgain, tryAgain, "ok"], "confirmed", "confirmed", 3],
    [
      "try again until the end",
      times(9, tryAgain),
      "refused THROTTLED",
      "unsettled THROTTLED [interrupted]",
      6,
    ],
    [
      "try again, then refused",
      [tryAgain, refused],
      "refused PASSWORD_REJECTED",
      "unsettled PASSWORD_REJECTED [interrupted]",
      2,
    ],
    ["unknown, then done", [lost, "ok"], "confirmed", "confirmed", 2],
    [
      "unknown with an effect, then done",
      ["lost after the effect", "ok"],
      "confirmed",
      "confirmed",
      2,
    ],
    [
      "unknown until the end",
      times(9, lost),
      "unsettled OUTCOME_UNKNOWN [new]",
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
      6,
    ],
    [
      "unknown, then refused",
      [lost, refused],
      "unsettled PASSWORD_REJECTED [new]",
      "unsettled PASSWORD_REJECTED [new,interrupted]",
      2,
    ],
    [
      "unknown, then try again until the end",
      [lost, ...times(9, tryAgain)],
      "unsettled THROTTLED [new]",
      "unsettled THROTTLED [new,interrupted]",
      6,
    ],
    [
      "a vague code: three sends",
      times(9, few),
      "unsettled OUTCOME_UNKNOWN [new]",
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
      3,
    ],
    [
      "not worth a repeat",
      times(9, never),
      "unsettled OUTCOME_UNKNOWN [new]",
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
      1,
    ],
    [
      "unknown, then credentials are gone",
      [lost, new AccountPasswordError("CREDENTIALS_MISSING", "Gone")],
      "unsettled OUTCOME_UNKNOWN [new]",
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
      2,
    ],
    [
      "unknown, then a fault of ours",
      [lost, new TypeError("oops")],
      "unsettled OUTCOME_UNKNOWN [new]",
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
      2,
    ],
  ])("%s", async (_what, script, nothingUnknown, somethingUnknown, sends) => {
    const one = vendor({ script });
    expect(short(await change(one))).toBe(nothingUnknown);
    expect(one.calls).toEqual(Array(sends).fill("set new"));

    const other = vendor({ script });
    expect(short(await change(other, { before: stateUnknown }))).toBe(somethingUnknown);
    expect(other.calls).toEqual(Array(sends).fill("set new"));
  });

  test("confirms with the request id of the answer that confirmed", async () => {
    const result = await change(vendor({ script: [lost, "ok"] }));
    expect(result).toEqual({ kind: "confirmed", requestId: "request 2" });
  });

  test("what is thrown before anything was sent stays an error", async () => {
    const error = new AccountPasswordError("CREDENTIALS_MISSING", "None");
    await expect(change(vendor({ script: [error] }))).rejects.toBe(error);
    // Also where an earlier run left something unknown: the state keeps it by itself.
    await expect(change(vendor({ script: [error] }), { before: stateUnknown })).rejects.toBe(error);
    await expect(change(vendor({ script: [tryAgain, error] }))).rejects.toBe(error);
  });

  test("the same value is pending once, and in front", async () => {
    const before = { unknown: true, pendingPasswords: ["b", "new", "a"] };
    const result = await change(vendor({ script: [never] }), { before });
    expect(short(result)).toBe("unsettled OUTCOME_UNKNOWN [new,b,a]");
  });

  test("a vague code is refused when a listing says that the account is gone", async () => {
    const gone = vendor({ script: [coded], presence: "accountGone" });
    expect(short(await change(gone))).toBe("refused NOT_FOUND");
    expect(gone.calls).toEqual(["set new", "look up"]);

    // No code: the answer was lost, and the account may have been there when it was sent.
    const unanswered = vendor({ script: [lost], presence: "accountGone" });
    expect(short(await change(unanswered, { waits: 0 }))).toBe("unsettled OUTCOME_UNKNOWN [new]");
    expect(unanswered.calls).toEqual(["set new"]);

    const before = vendor({ script: [coded], presence: "accountGone" });
    expect(short(await change(before, { before: stateUnknown, waits: 0 }))).toBe(
      "unsettled OUTCOME_UNKNOWN [new,interrupted]",
    );
    expect(before.calls).toEqual(["set new"]);
  });

  test.each(["present", "instanceNotFound", "unreadable"] as const)(
    "a vague code stays unknown when the listing says: %s",
    async (presence) => {
      const one = vendor({ script: [coded, coded], presence });
      expect(short(await change(one, { waits: 1 }))).toBe("unsettled OUTCOME_UNKNOWN [new]");
      expect(one.calls).toEqual(["set new", "look up", "set new"]);
    },
  );

  test("a vague code stays unknown when the listing cannot be asked", async () => {
    const one = vendor({ script: [coded], presence: new Error("no listing") });
    expect(short(await change(one))).toBe("unsettled OUTCOME_UNKNOWN [new]");
  });

  test("a vague code after a try again is looked up, too", async () => {
    const one = vendor({ script: [tryAgain, coded], presence: "accountGone" });
    expect(short(await change(one))).toBe("refused NOT_FOUND");
  });
});

describe("changePassword() when it asks whether the old password is needed", () => {
  test("not needed: a reset", async () => {
    const one = vendor({ needsCurrent: false });
    expect(short(await change(one))).toBe("confirmed");
    expect(one.calls).toEqual(["ask", "set new"]);
  });

  test("a refusal ends it, and hides nothing that was unknown", async () => {
    expect(short(await change(vendor({ needsCurrent: [refused] })))).toBe(
      "refused PASSWORD_REJECTED",
    );
    expect(short(await change(vendor({ needsCurrent: [refused] }), { before: stateUnknown }))).toBe(
      "unsettled PASSWORD_REJECTED [interrupted]",
    );
  });

  test("no answer yet: it asks again while there is time", async () => {
    const one = vendor({ needsCurrent: [tryAgain, tryAgain] });
    expect(short(await change(one))).toBe("confirmed");
    expect(one.calls).toEqual(["ask", "ask", "ask", "set new (old)"]);
    const never = vendor({ needsCurrent: [tryAgain, tryAgain, tryAgain] });
    expect(short(await change(never, { waits: 1 }))).toBe("refused THROTTLED");
    expect(never.calls).toEqual(["ask", "ask"]);
  });

  test("a login that was counted is remembered, though nothing is unknown", async () => {
    const counted = { ...refused, triedPassword: "admin's" };
    const result = await change(vendor({ needsCurrent: [counted] }));
    expect(result).toMatchObject({
      kind: "unsettled",
      pendingPasswords: [],
      refusedPasswords: ["admin's"],
    });
    expect(result).toHaveProperty("triedAt");
  });
});

describe("changePassword() with the old password, where wrong ones cost nothing", () => {
  const abilities: Abilities = { needsCurrent: true, resets: true };
  const withoutAsking = ({ calls }: Vendor) => calls.filter((call) => call !== "ask");

  test("tries the candidates in order, and ends with the first that is not wrong", async () => {
    const one = vendor({ ...abilities, live: "b" });
    expect(short(await change(one, { candidates: ["a", "b", "c"] }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (a)", "set new (b)"]);
    expect(one.live).toBe("new");
  });

  test("tries the wanted one last, once: a killed run may have set it", async () => {
    const one = vendor({ ...abilities, live: "new" });
    expect(short(await change(one, { candidates: ["a", "b"] }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (a)", "set new (b)", "set new (new)"]);
    const listed = vendor({ ...abilities, live: "none" });
    await change(listed, { candidates: ["new", "a"] });
    expect(withoutAsking(listed)).toEqual(["set new (new)", "set new (a)", "reset new"]);
  });

  test("resets as the last resort", async () => {
    const one = vendor({ ...abilities, live: "forgotten" });
    expect(short(await change(one))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (old)", "set new (new)", "reset new"]);
  });

  test.each<[string, Partial<Abilities>, Circumstances]>([
    ["may not reset", {}, { resetWithoutCurrent: false }],
    ["cannot reset", { resets: false }, {}],
  ])(
    "%s: the current password is unknown, which has to be remembered",
    async (_what, more, how) => {
      const one = vendor({ ...abilities, ...more, live: "forgotten" });
      const result = await change(one, how);
      expect(short(result)).toBe("unsettled CURRENT_PASSWORD_UNKNOWN []");
      expect(result).not.toHaveProperty("refusedPasswords");
      expect(result).not.toHaveProperty("triedAt");
      expect(withoutAsking(one)).toEqual(["set new (old)", "set new (new)"]);
    },
  );

  test("a reset that is answered with a wrong password refuses the new one", async () => {
    const weak = () => vendor({ ...abilities, resets: [wrong], live: "forgotten" });
    expect(short(await change(weak()))).toBe("refused PASSWORD_REJECTED");
    expect(short(await change(weak(), { before: stateUnknown }))).toBe(
      "unsettled PASSWORD_REJECTED [interrupted]",
    );
  });

  test("an effect whose answer was lost is found by the repeat", async () => {
    const one = vendor({ ...abilities, script: ["lost after the effect"] });
    expect(short(await change(one, { candidates: ["old", "older"] }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual([
      "set new (old)",
      "set new (old)",
      "set new (older)",
      "set new (new)",
    ]);
  });

  test("the same without a reset, and with one that is lost as well", async () => {
    const script: Scripted[] = ["lost after the effect", wrong, wrong, wrong];
    const locked = vendor({ ...abilities, script });
    expect(short(await change(locked, { resetWithoutCurrent: false }))).toBe(
      "unsettled CURRENT_PASSWORD_UNKNOWN [new]",
    );
    const lostReset = vendor({ ...abilities, script, resets: [never] });
    expect(short(await change(lostReset))).toBe("unsettled OUTCOME_UNKNOWN [new]");
  });

  test("a refusal is not taken for a wrong old password", async () => {
    const one = vendor({ ...abilities, script: [refused] });
    expect(short(await change(one, { candidates: ["a", "old"] }))).toBe(
      "refused PASSWORD_REJECTED",
    );
    expect(withoutAsking(one)).toEqual(["set new (a)"]);
  });
});

describe("changePassword() with the old password, where wrong ones lock the account", () => {
  const abilities: Abilities = { needsCurrent: true, locks: true, logins: true };
  const withoutAsking = ({ calls }: Vendor) => calls.filter((call) => call !== "ask");
  const noon = Date.parse("2026-03-01T12:00:00.000Z");
  const system = clock.now;

  beforeEach(() => (clock.now = () => noon));
  afterEach(() => (clock.now = system));

  test("the right one: a change", async () => {
    const one = vendor(abilities);
    expect(short(await change(one, { before: { password: "old" } }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (old)"]);
  });

  test("a wrong one: one try, and it is remembered with the time", async () => {
    const one = vendor({ ...abilities, live: "b", script: [{ ...wrong, triedPassword: "a" }] });
    const before = { password: "a", refusedPasswords: ["earlier"] };
    const result = await change(one, { before, candidates: ["a", "b"] });
    expect(withoutAsking(one)).toEqual(["set new (a)"]);
    expect(result).toEqual({
      kind: "unsettled",
      failure: expect.objectContaining({ code: "CURRENT_PASSWORD_UNKNOWN" }) as unknown,
      pendingPasswords: [],
      triedAt: "2026-03-01T12:00:00.000Z",
      refusedPasswords: ["a", "earlier"],
    });
  });

  test.each([
    ["2026-03-01T11:44:00.001Z", "unsettled ACCOUNT_LOCKED [interrupted]", []],
    ["2026-03-01T11:44:00.000Z", "confirmed", ["set new (b)"]],
    ["2026-03-01T12:00:00.000Z", "unsettled ACCOUNT_LOCKED [interrupted]", []],
    // A clock that was set back since.
    ["2026-03-01T12:10:00.000Z", "unsettled ACCOUNT_LOCKED [interrupted]", []],
    ["2026-03-02T12:00:00.000Z", "unsettled ACCOUNT_LOCKED [interrupted]", []],
    // One that was years ahead.
    ["2026-03-02T12:00:00.001Z", "confirmed", ["set new (b)"]],
  ])("a wrong one at %s, seen at noon: %s", async (triedAt, expected, calls) => {
    const one = vendor({ ...abilities, live: "b" });
    const before = { ...stateUnknown, triedAt, refusedPasswords: ["a"] };
    const result = await change(one, { before, candidates: ["a", "b"] });
    expect(short(result)).toBe(expected);
    expect(withoutAsking(one)).toEqual(calls);
    if (result.kind === "unsettled") {
      const until = new Date(Date.parse(triedAt) + 16 * 60_000).toISOString();
      expect(result.failure.says).toContain(`nothing is tried before ${until}`);
      expect(result).toMatchObject({ triedAt, refusedPasswords: ["a"] });
    }
  });

  test("within that time nothing is tried even if nothing was unknown", async () => {
    const one = vendor(abilities);
    const before = { password: "old", triedAt: "2026-03-01T11:50:00.000Z" };
    expect(short(await change(one, { before }))).toBe("unsettled ACCOUNT_LOCKED []");
    expect(withoutAsking(one)).toEqual([]);
  });

  test("an administrator need not wait", async () => {
    const one = vendor({ ...abilities, needsCurrent: false });
    const before = { password: "old", triedAt: "2026-03-01T11:59:00.000Z" };
    expect(short(await change(one, { before }))).toBe("confirmed");
  });

  test("the wanted one is never given as current: a login tells whether it is live", async () => {
    const live = vendor({ ...abilities, live: "new" });
    expect(short(await change(live, { before: stateUnknown, candidates: ["new", "old"] }))).toBe(
      "confirmed",
    );
    expect(withoutAsking(live)).toEqual(["login new"]);

    const dead = vendor({ ...abilities, live: "old" });
    const before = { password: "old", unknown: true, pendingPasswords: ["new"] };
    const result = await change(dead, { before, candidates: ["new", "old"] });
    expect(short(result)).toBe("unsettled CURRENT_PASSWORD_UNKNOWN [new]");
    expect(result).toMatchObject({
      triedAt: "2026-03-01T12:00:00.000Z",
      refusedPasswords: ["new"],
    });
    expect(withoutAsking(dead)).toEqual(["login new"]);
  });

  test("no login possible: the current password is unknown, and nothing was tried", async () => {
    const one = vendor({ ...abilities, logins: false, live: "new" });
    const result = await change(one, { candidates: [] });
    expect(short(result)).toBe("unsettled CURRENT_PASSWORD_UNKNOWN []");
    expect(result).not.toHaveProperty("triedAt");
  });

  test("no login possible: a wanted one that may be live is passed over, as nothing can prove it", async () => {
    const unknown = { password: "old", unknown: true, pendingPasswords: ["new"] };
    const candidates = ["new", "old"];
    const one = vendor({ ...abilities, logins: false, live: "old" });
    expect(short(await change(one, { before: unknown, candidates }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (old)"]);

    // None but that one is left: only the user can say.
    const other = vendor({ ...abilities, logins: false, live: "new" });
    const before = { ...unknown, refusedPasswords: ["old"] };
    expect(short(await change(other, { before, candidates }))).toBe(
      "unsettled CURRENT_PASSWORD_UNKNOWN [new]",
    );
    expect(withoutAsking(other)).toEqual([]);
  });

  test("every one has been refused before: no try", async () => {
    const one = vendor(abilities);
    const before = { password: "old", refusedPasswords: ["old", "new"] };
    expect(short(await change(one, { before }))).toBe("unsettled CURRENT_PASSWORD_UNKNOWN []");
    expect(withoutAsking(one)).toEqual([]);
  });

  test("a lost answer is not sent again, and may have been a wrong try: a current one may be stale", async () => {
    const lostOne = vendor({ ...abilities, script: ["lost after the effect"] });
    expect(
      await change(lostOne, { before: { password: "old", refusedPasswords: ["a"] } }),
    ).toMatchObject({
      kind: "unsettled",
      pendingPasswords: ["new"],
      triedAt: "2026-03-01T12:00:00.000Z",
      refusedPasswords: ["a"],
    });
    expect(withoutAsking(lostOne)).toEqual(["set new (old)"]);
  });

  test("what certainly was no try is sent again", async () => {
    const one = vendor({ ...abilities, script: [tryAgain] });
    expect(short(await change(one))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (old)", "set new (old)"]);
  });

  test("what is sent and gets no answer may be live by now, whatever refused it before", async () => {
    const one = vendor({ ...abilities, script: ["lost after the effect"] });
    const before = { password: "old", unknown: true, pendingPasswords: ["new"] };
    const refusedPasswords = ["new", "earlier"];
    const result = await change(one, {
      before: { ...before, refusedPasswords },
      candidates: ["new", "old"],
    });
    expect(withoutAsking(one)).toEqual(["set new (old)"]);
    expect(result).toMatchObject({ pendingPasswords: ["new"], refusedPasswords: ["earlier"] });
  });

  test("from a lost answer to its proof: the chain of four runs", async () => {
    const one = vendor({ ...abilities, script: [lost, "lost after the effect"] });
    let before: Partial<Before> = { password: "old" };
    const run = async (minutes: number) => {
      clock.now = () => noon + minutes * 60_000;
      const candidates = [...(before.pendingPasswords ?? []), "old"];
      const result = await change(one, { before, candidates });
      if (result.kind !== "unsettled") return short(result);
      const { pendingPasswords, triedAt = "", refusedPasswords = [] } = result;
      const unknown = pendingPasswords.length > 0;
      before = { password: "old", unknown, pendingPasswords, triedAt, refusedPasswords };
      return `${short(result)} refused [${refusedPasswords.join()}]`;
    };
    expect(await run(0)).toBe("unsettled OUTCOME_UNKNOWN [new] refused []");
    expect(await run(15)).toBe("unsettled ACCOUNT_LOCKED [new] refused []");
    expect(await run(16)).toBe("unsettled CURRENT_PASSWORD_UNKNOWN [new] refused [new]");
    expect(await run(32)).toBe("unsettled OUTCOME_UNKNOWN [new] refused []");
    expect(await run(47)).toBe("unsettled ACCOUNT_LOCKED [new] refused []");
    expect(await run(48)).toBe("confirmed");
    expect(withoutAsking(one)).toEqual([
      "set new (old)",
      "login new",
      "set new (old)",
      "login new",
    ]);
  });

  test("a current password that is newly given is tried, though it was refused before", async () => {
    const one = vendor({ ...abilities, live: "given" });
    const before = { password: "old", refusedPasswords: ["given", "old"] };
    const candidates = ["given", "old"];
    // Not newly given: it is skipped, and the wanted one is what is left.
    expect(short(await change(one, { before, candidates }))).toBe(
      "unsettled CURRENT_PASSWORD_UNKNOWN []",
    );
    expect(withoutAsking(one)).toEqual(["login new"]);
    expect(short(await change(one, { before, candidates, newlyGiven: "given" }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["login new", "set new (given)"]);
  });

  test("one that is newly given in the pause is tried when it is over", async () => {
    const one = vendor({ ...abilities, live: "given" });
    const triedAt = "2026-03-01T11:50:00.000Z";
    const before = { password: "old", triedAt, refusedPasswords: ["given", "old", "new"] };
    const candidates = ["given", "old"];
    const waiting = await change(one, { before, candidates, newlyGiven: "given" });
    expect(waiting).toMatchObject({ triedAt, refusedPasswords: ["old", "new"] });
    expect(waiting).toMatchObject({ stillNewlyGiven: true });
    expect(withoutAsking(one)).toEqual([]);
    clock.now = () => noon + 6 * 60_000;
    const { refusedPasswords } = waiting as { refusedPasswords: readonly string[] };
    const later = { before: { ...before, refusedPasswords }, candidates, newlyGiven: "given" };
    expect(short(await change(one, later))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (given)"]);
  });

  test.each<[string, Abilities, true | undefined]>([
    ["refused", { script: [{ ...wrong, triedPassword: "given" }] }, undefined],
    ["perhaps used, and its answer lost", { script: ["lost after the effect"] }, undefined],
    ["in a login that got no answer", { script: [{ ...wrong, triedPassword: "" }] }, true],
    [
      "not looked at, as the new one is refused",
      { script: [{ ...refused, triedPassword: "" }] },
      true,
    ],
    [
      "not needed by a login that is refused",
      { needsCurrent: [{ ...wrong, triedPassword: "root's" }] },
      true,
    ],
    ["not needed by a reset that is lost", { needsCurrent: false, script: [never] }, undefined],
  ])("one that is newly given stays so until it was tried: %s", async (_what, more, still) => {
    const result = await change(vendor({ ...abilities, ...more }), {
      before: { password: "old" },
      candidates: ["given", "old"],
      newlyGiven: "given",
    });
    expect(result).toMatchObject({ kind: "unsettled" });
    expect((result as { stillNewlyGiven?: true }).stillNewlyGiven).toBe(still);
  });

  test("one that is newly given and refused again is remembered once", async () => {
    const wrongAgain = { ...wrong, triedPassword: "given" };
    const one = vendor({ ...abilities, script: [wrongAgain] });
    const before = { password: "old", refusedPasswords: ["a", "given"] };
    const result = await change(one, { before, candidates: ["given"], newlyGiven: "given" });
    expect(result).toMatchObject({ refusedPasswords: ["given", "a"] });
  });

  test("a try of the login account's password is told apart, and no reason to wait", async () => {
    const login: Failure = { ...wrong, triedPassword: "root's", triedAccount: "root" };
    const refused = await change(vendor({ ...abilities, needsCurrent: false, script: [login] }));
    expect(refused).toMatchObject({
      kind: "unsettled",
      triedAt: "2026-03-01T12:00:00.000Z",
      triedAccount: "root",
      refusedPasswords: ["root's"],
    });

    const before = { password: "old", triedAt: "2026-03-01T11:59:00.000Z", triedAccount: "root" };
    const own = vendor(abilities);
    expect(short(await change(own, { before }))).toBe("confirmed");
    expect(withoutAsking(own)).toEqual(["set new (old)"]);

    // A try of its own takes its place; what is no try leaves it.
    const tried = vendor({ ...abilities, script: [{ ...wrong, triedPassword: "old" }] });
    expect(await change(tried, { before })).not.toHaveProperty("triedAccount");
    const untried = vendor({ ...abilities, needsCurrent: [tryAgain] });
    expect(await change(untried, { before: { ...before, unknown: true }, waits: 0 })).toMatchObject(
      {
        triedAt: before.triedAt,
        triedAccount: "root",
      },
    );
  });

  test("the account's own try and its login's are remembered side by side, each with its password", async () => {
    const rootAt = "2026-03-01T11:59:00.000Z";
    const root = { triedAt: rootAt, triedAccount: "root", refusedPasswords: ["root's"] };
    const own = vendor({ ...abilities, script: [{ ...wrong, triedPassword: "old" }] });
    const first = await change(own, { before: { password: "old", ...root } });
    expect(first).toMatchObject({
      triedAt: "2026-03-01T12:00:00.000Z",
      refusedPasswords: ["old"],
      earlierTriedAt: [rootAt],
      earlierTriedAccounts: ["root"],
      earlierRefusedPasswords: [["root's"]],
    });
    // Soon after it the login's turn: the own one still counts, and waits.
    const login: Failure = { ...wrong, triedPassword: "root's 2", triedAccount: "root" };
    const again = vendor({ ...abilities, needsCurrent: false, script: [login] });
    const second = await change(again, { before: { password: "old", ...(first as object) } });
    expect(second).toMatchObject({
      triedAccount: "root",
      refusedPasswords: ["root's 2", "root's"],
      earlierTriedAt: ["2026-03-01T12:00:00.000Z"],
      earlierTriedAccounts: [""],
      earlierRefusedPasswords: [["old"]],
    });
    const waiting = vendor(abilities);
    const third = await change(waiting, { before: { password: "old", ...(second as object) } });
    expect(short(third)).toContain("ACCOUNT_LOCKED");
    expect(withoutAsking(waiting)).toEqual([]);
  });

  test("a confirmed change forgets the account's own tries, and a login's only when it is long ago or was let in", async () => {
    const tries = {
      triedAt: "2026-03-01T11:58:00.000Z",
      refusedPasswords: ["own"],
      earlierTriedAt: ["2026-03-01T11:50:00.000Z", "2026-03-01T11:44:00.000Z"],
      earlierTriedAccounts: ["root", "op"],
      earlierRefusedPasswords: [["root's"], ["op's"]],
    };
    const before = { password: "old", ...tries };
    const reset = { ...abilities, needsCurrent: false };
    expect(await change(vendor(reset), { before })).toEqual({
      kind: "confirmed",
      requestId: expect.any(String) as string,
      triedAt: "2026-03-01T11:50:00.000Z",
      triedAccount: "root",
      refusedPasswords: ["root's"],
    });
    expect(await change(vendor({ ...reset, accepted: "root" }), { before })).toEqual({
      kind: "confirmed",
      requestId: expect.any(String) as string,
    });
  });

  test("a password that was refused for the login is none that was refused for the account", async () => {
    const root = { triedAccount: "root", refusedPasswords: ["old"] };
    const one = vendor(abilities);
    expect(short(await change(one, { before: { password: "old", ...root } }))).toBe("confirmed");
    expect(withoutAsking(one)).toEqual(["set new (old)"]);
  });

  test("a lock-out is remembered, without a password", async () => {
    const banned: Failure = {
      outcome: "refused",
      code: "ACCOUNT_LOCKED",
      says: "locked",
      triedPassword: "",
    };
    const result = await change(vendor({ ...abilities, script: [banned] }));
    expect(result).toMatchObject({ triedAt: "2026-03-01T12:00:00.000Z" });
    expect(result).not.toHaveProperty("refusedPasswords");
  });
});

test("changes of one instance go one after another", async () => {
  let running = 0;
  let most = 0;
  const { service } = vendor();
  const slow: AccountService = {
    ...service,
    setPassword: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return done(undefined);
    },
  };
  await Promise.all([1, 2, 3].map(() => change({ service: slow, live: "", calls: [] })));
  expect(most).toBe(1);
});

test("no attempt begins when the time is all but over: it would make an unknown outcome of a certain one", async () => {
  const now = jest.spyOn(performance, "now").mockReturnValue(0);
  expect(await new Deadline(0.01).wait(8.9)).toBe(true);
  for (const [seconds, ms] of [
    [0.01, 9],
    [1, 900],
    [10, 9000],
    [120, 119_000],
    [600, 599_000],
  ] as const)
    expect([seconds, await new Deadline(seconds).wait(ms)]).toEqual([seconds, false]);
  now.mockRestore();
});
