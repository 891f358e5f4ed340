import type { CallContext } from "../../provider/account-service";
import { Deadline } from "../../provider/deadline";
import {
  enterpriseProject,
  forgetToken,
  loginOnce,
  noteState,
  rbacToken as rbacTokenOf,
  tokenAccount,
} from "../../provider/huaweicloud/rbac-token";
import type { RbacToken, ServicecombAccount } from "../../provider/huaweicloud/rbac-token";
import type { Answer } from "../../provider/outcome";
import { redact } from "../../provider/redact";
import { settings } from "../../provider/settings";
import { clock } from "../../provider/wrong-tries";
import type { HttpServer } from "../servers";
import { closedPort, startHttpServer } from "../servers";

/** Each test has an engine of its own: what is known of one is kept as long as the process. */
let engines = 0;
let account: ServicecombAccount;
beforeEach(() => {
  const engineId = `engine-${++engines}`;
  account = { region: "cn-north-4", projectId: "project-1", engineId, accountName: "alice" };
});

const realNow = clock.now;
afterEach(() => {
  clock.now = realNow;
  jest.restoreAllMocks();
});

const minute = 60_000;
const hour = 60 * minute;

/** A token as an engine issues it: only its middle part is ever read. */
function jwt(claims: unknown): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.canary-signature`;
}

interface Engine extends HttpServer {
  /** The passwords of the logins, in their order. */
  logins(): string[];
}

interface Answers {
  readonly status: number;
  readonly body: unknown;
}

/** An engine that takes the password `right` only, or answers what it is told to. */
async function startEngine(answer?: () => Answers | "reset"): Promise<Engine> {
  let issued = 0;
  const server = await startHttpServer(({ body }, response) => {
    const { name, password } = JSON.parse(body || "{}") as { name?: string; password?: string };
    const told = answer?.() ?? {
      status: password === "right" ? 200 : 401,
      body: password === "right" ? { token: jwt({ account: name, n: ++issued }) } : wrongPassword,
    };
    if (told === "reset") response.socket?.resetAndDestroy();
    else response.writeHead(told.status).end(JSON.stringify(told.body));
  });
  const logins = () =>
    server.requests.map(({ body }) => (JSON.parse(body) as { password: string }).password);
  return { ...server, logins };
}

const wrongPassword = { errorCode: "401202", errorMessage: "User name or password is wrong" };

function context(env: Record<string, string>, seconds = 20): CallContext {
  return {
    settings: settings(() => undefined, env),
    profile: undefined,
    deadline: new Deadline(seconds),
  };
}

/** Logs in as `root`, whose password is in the variable. */
function loginWith(engine: { readonly url: string }, password = "right", name = "root") {
  return context({
    SERVICECOMB_ENGINE_ENDPOINT: engine.url,
    SERVICECOMB_RBAC_ACCOUNT: name,
    SERVICECOMB_RBAC_PASSWORD: password,
  });
}

/** As a change asks: a login is allowed. */
function rbacToken(
  of: ServicecombAccount,
  from: CallContext,
  ownPassword?: string,
): Promise<Answer<RbacToken>> {
  return rbacTokenOf(of, from, { allowed: true, ownPassword });
}

/** As a refresh asks. */
function withoutLogin(of: ServicecombAccount, from: CallContext): Promise<Answer<RbacToken>> {
  return rbacTokenOf(of, from, { allowed: false });
}

/** The account that the provider logs in with, where it is a declared resource itself. */
const root = () => ({ ...account, accountName: "root" });

async function tokenOf(answer: Promise<Answer<RbacToken>>): Promise<RbacToken> {
  const found = await answer;
  if (found.outcome !== "done") throw new Error(`${found.code}: ${found.says}`);
  return found.value;
}

describe("rbacToken() with a token that is given", () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ["its claim", jwt({ account: "alice" }), undefined, "alice"],
    ["its claim, before the variable", jwt({ account: "alice" }), "bob", "alice"],
    ["the variable, where it is opaque", "opaque", "bob", "bob"],
    ["nobody's name, where it is opaque", "opaque", undefined, undefined],
    ["nobody's name, where the claim is none", jwt({ account: 1 }), undefined, undefined],
    ["nobody's name, where the claims are null", jwt(null), undefined, undefined],
    ["nobody's name, where the claims are no JSON", "a.e30x.b", undefined, undefined],
    ["nobody's name, where there are no claims", "a..b", undefined, undefined],
  ])("belongs to %s", async (_whose, token, variable, owner) => {
    const env = {
      SERVICECOMB_RBAC_TOKEN: token,
      ...(variable === undefined ? {} : { SERVICECOMB_RBAC_ACCOUNT: variable }),
    };
    expect(await tokenOf(rbacToken(account, context(env)))).toEqual({
      text: token,
      account: owner,
      issuedByEngine: false,
      key: "",
    });
    expect(await tokenAccount(account, context(env))).toMatchObject({ value: owner });
  });
});

describe("rbacToken() in exchange for the IAM token", () => {
  const given = (url: string, more: Record<string, string> = {}) =>
    context({ HW_AUTH_TOKEN: "iam", HUAWEICLOUD_CSE_ENDPOINT: url, ...more });

  test("asks the control plane, without any password, and once", async () => {
    const token = jwt({ account: "iam-user" });
    const engine = await startEngine(() => ({ status: 200, body: { token } }));
    const from = given(engine.url, { HW_ENTERPRISE_PROJECT_ID: "enterprise" });
    const many = Array.from({ length: 20 }, () => tokenOf(rbacToken(account, from)));
    for (const found of await Promise.all(many))
      expect(found).toMatchObject({ text: token, account: "iam-user", issuedByEngine: true });
    expect(engine.requests).toMatchObject([
      {
        method: "POST",
        path: `/v2/project-1/enginemgr/engines/${account.engineId}/tokens`,
        headers: { "x-auth-token": "iam", "x-enterprise-project-id": "enterprise" },
        body: "",
      },
    ]);
    expect(await tokenAccount(account, from)).toMatchObject({ value: "iam-user" });
    expect(redact(token)).toBe("[secret]");
  });

  test("keeps engines and profiles apart, and puts their names into the path as they are", async () => {
    const engine = await startEngine(() => ({ status: 200, body: { token: "opaque" } }));
    const from = given(engine.url, { HW_PROD_AUTH_TOKEN: "prod" });
    const odd = { ...account, engineId: `${account.engineId}/../a b`, projectId: "p?x#y" };
    expect(await tokenOf(rbacToken(account, from))).toMatchObject({ account: undefined });
    await rbacToken(odd, from);
    await rbacToken(account, { ...from, profile: "prod" });
    expect(engine.requests.map(({ path }) => path)).toEqual([
      `/v2/project-1/enginemgr/engines/${account.engineId}/tokens`,
      `/v2/p%3Fx%23y/enginemgr/engines/${account.engineId}%2F..%2Fa%20b/tokens`,
      `/v2/project-1/enginemgr/engines/${account.engineId}/tokens`,
    ]);
    expect(engine.requests[2]?.headers["x-auth-token"]).toBe("prod");
  });

  test.each<[string, object, number]>([
    ["12 hours, where the token is opaque", { text: "opaque" }, 12 * hour],
    ["as long as its claim says", { claims: { exp: 0 } }, 2 * hour],
  ])("keeps the token %s", async (_how, { text, claims }: any, lifeMs) => {
    const start = Date.now();
    const now = jest.spyOn(Date, "now").mockReturnValue(start);
    const exp = Math.floor((start + lifeMs) / 1000);
    const token = () => (claims === undefined ? (text as string) : jwt({ account: "a", exp }));
    const engine = await startEngine(() => ({ status: 200, body: { token: token() } }));
    const ask = () => tokenOf(rbacToken(account, given(engine.url)));
    await ask();
    now.mockReturnValue(start + lifeMs - 6 * minute);
    await ask();
    expect(engine.requests).toHaveLength(1);
    now.mockReturnValue(start + lifeMs - minute);
    await ask();
    expect(engine.requests).toHaveLength(2);
  });

  test.each<[string, Answers | "reset", string, string]>([
    ["no token", { status: 200, body: {} }, "refused", "AUTH_FAILED"],
    ["no text for a token", { status: 200, body: { token: 1 } }, "refused", "AUTH_FAILED"],
    ["an empty body", { status: 200, body: null }, "refused", "AUTH_FAILED"],
    ["a refusal", { status: 403, body: { error_code: "403205" } }, "refused", "PERMISSION_DENIED"],
    ["an unlisted refusal", { status: 400, body: { error_code: "X.1" } }, "refused", "AUTH_FAILED"],
    ["no engine there", { status: 404, body: { error_code: "X.1" } }, "refused", "NOT_FOUND"],
    ["no permission", { status: 403, body: {} }, "refused", "PERMISSION_DENIED"],
    ["too many requests", { status: 429, body: {} }, "tryAgain", "THROTTLED"],
    [
      "the gateway's limit",
      { status: 429, body: { error_code: "APIGW.0308" } },
      "tryAgain",
      "THROTTLED",
    ],
    [
      "a gateway's refusal",
      { status: 401, body: { error_code: "APIGW.0301" } },
      "refused",
      "AUTH_FAILED",
    ],
    ["an internal error", { status: 500, body: {} }, "tryAgain", "NETWORK"],
    ["a lost answer", "reset", "tryAgain", "NETWORK"],
  ])("with %s is a matter of credentials, and asked again", async (_what, told, outcome, code) => {
    const engine = await startEngine(() => told);
    const ask = () => rbacToken(account, given(engine.url));
    const answer = await ask();
    expect(answer).toMatchObject({ outcome, code });
    expect(answer).not.toHaveProperty("triedPassword");
    await ask();
    expect(engine.requests).toHaveLength(2);
  });
});

describe("rbacToken() by a login", () => {
  test("logs in at the engine, once for all who ask", async () => {
    const engine = await startEngine();
    const many = Array.from({ length: 20 }, () => tokenOf(rbacToken(account, loginWith(engine))));
    for (const found of await Promise.all(many))
      expect(found).toMatchObject({ account: "root", issuedByEngine: false });
    expect(engine.requests).toMatchObject([
      {
        method: "POST",
        path: "/v4/token",
        headers: { "x-engine-id": account.engineId },
        body: '{"name":"root","password":"right"}',
      },
    ]);
    expect(engine.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("keeps the engines apart", async () => {
    const engine = await startEngine();
    await rbacToken(account, loginWith(engine));
    await rbacToken({ ...account, engineId: `${account.engineId}-b` }, loginWith(engine));
    expect(engine.requests).toHaveLength(2);
  });

  test("tells whose token it will be without a login", async () => {
    const engine = await startEngine();
    expect(await tokenAccount(account, loginWith(engine))).toMatchObject({ value: "root" });
    expect(engine.requests).toEqual([]);
  });

  test("takes the state's password before a variable that its own rotation made stale", async () => {
    const engine = await startEngine();
    noteState(root(), { password: "right" });
    await tokenOf(rbacToken(account, loginWith(engine, "stale")));
    expect(engine.logins()).toEqual(["right"]);
  });

  test("takes the newest password that a state has told", async () => {
    const engine = await startEngine();
    noteState(root(), { password: "older" });
    noteState(root(), { password: "right" });
    noteState({ ...account, accountName: "other" }, { password: "another's" });
    noteState(root(), {});
    await tokenOf(rbacToken(account, loginWith(engine, "stale")));
    expect(engine.logins()).toEqual(["right"]);
  });

  test.each<[string, string, readonly string[], string]>([
    ["the state's, where it was not refused", "right", ["stale"], "right"],
    ["the variable, where the state's was refused", "refused", ["refused"], "right"],
    ["the variable again, where both were refused", "refused", ["refused", "right"], "right"],
  ])("takes %s", async (_which, password, refusedPasswords, taken) => {
    const engine = await startEngine();
    noteState(root(), { password, refusedPasswords });
    await tokenOf(rbacToken(account, loginWith(engine)));
    expect(engine.logins()).toEqual([taken]);
  });

  test("tries what was refused once again when the pause is over, never sooner", async () => {
    const engine = await startEngine();
    const now = realNow();
    const triedAt = new Date(now).toISOString();
    noteState(root(), { password: "right", triedAt, refusedPasswords: ["right"] });
    clock.now = () => now + 16 * minute - 1;
    const early = await rbacToken(account, loginWith(engine));
    expect(early).toMatchObject({ outcome: "refused", code: "ACCOUNT_LOCKED" });
    expect(engine.requests).toEqual([]);
    clock.now = () => now + 16 * minute;
    await tokenOf(rbacToken(account, loginWith(engine)));
    expect(engine.logins()).toEqual(["right"]);
  });

  test("takes the password that it is told is its own, and no other", async () => {
    const engine = await startEngine();
    noteState(account, { password: "state" });
    const from = loginWith(engine, "variable", "alice");
    expect(await rbacToken(account, from, "told")).toMatchObject({ triedPassword: "told" });
    expect(engine.logins()).toEqual(["told"]);
  });

  test("takes nobody else's current password for its own", async () => {
    const engine = await startEngine();
    await tokenOf(rbacToken(account, loginWith(engine), "current password of alice"));
    expect(engine.logins()).toEqual(["right"]);
  });

  test("never repeats a refused login in this process, not even when the pause is over", async () => {
    const engine = await startEngine();
    const answer = await rbacToken(account, loginWith(engine, "canary-wrong"));
    expect(answer).toMatchObject({ outcome: "wrongOldPassword", triedPassword: "canary-wrong" });
    const { triedPassword: _known, ...shown } = answer as { triedPassword?: string };
    expect(JSON.stringify(shown)).not.toContain("canary");
    clock.now = () => realNow() + hour;
    for (let count = 0; count < 3; count++)
      expect(await rbacToken(account, loginWith(engine, "right"))).toEqual(answer);
    expect(engine.requests).toHaveLength(1);
    expect(await withoutLogin(account, loginWith(engine, "right"))).not.toHaveProperty(
      "triedPassword",
    );
  });

  test.each<[string, string, object]>([
    ["its own", "root", {}],
    ["another's, whose change had needed its login", "other", { triedAccount: "root" }],
  ])(
    "honours a pause that %s state tells of, without a call",
    async (_whose, accountName, more) => {
      const engine = await startEngine();
      const now = realNow();
      const triedAt = new Date(now - minute).toISOString();
      noteState({ ...account, accountName }, { triedAt, ...more });
      clock.now = () => now;
      expect(await rbacToken(account, loginWith(engine))).toMatchObject({
        outcome: "refused",
        code: "ACCOUNT_LOCKED",
        says: expect.stringContaining(new Date(now + 15 * minute).toISOString()),
      });
      expect(engine.requests).toEqual([]);
      clock.now = () => now + 15 * minute;
      await tokenOf(rbacToken(account, loginWith(engine)));
    },
  );

  test("does not wait for another account's wrong try, nor for one at another engine", async () => {
    const engine = await startEngine();
    const triedAt = new Date(realNow() - minute).toISOString();
    noteState(account, { triedAt, refusedPasswords: ["right"] });
    noteState({ ...root(), engineId: "another" }, { triedAt, refusedPasswords: ["right"] });
    noteState(root(), { password: "right", triedAt, triedAccount: "admin" });
    await tokenOf(rbacToken(account, loginWith(engine, "stale")));
    expect(engine.logins()).toEqual(["right"]);
  });

  test("says whose password was refused, where it is not the account's own", async () => {
    const engine = await startEngine();
    const from = loginWith(engine, "wrong");
    const others = { triedPassword: "wrong", triedAccount: "root" };
    expect(await rbacToken(account, from)).toMatchObject(others);
    // Who has asked first, and for whom the answer was kept, makes no difference.
    const own = await rbacToken(root(), from);
    expect(own).toMatchObject({ triedPassword: "wrong" });
    expect(own).not.toHaveProperty("triedAccount");
    expect(await rbacToken({ ...account, accountName: "bob" }, from)).toMatchObject(others);
    expect(engine.requests).toHaveLength(1);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a token", () => rbacToken(account, context(halfASet))],
    ["whose token it is", () => tokenAccount(account, context(halfASet))],
  ])("needs the engine's own address, even to tell %s", async (_what, ask) => {
    await expect(ask()).rejects.toMatchObject({
      code: "CREDENTIALS_MISSING",
      message: expect.stringMatching(/SERVICECOMB_ENGINE_ENDPOINT, which is missing; nothing was/),
    });
  });

  const halfASet = { SERVICECOMB_RBAC_ACCOUNT: "root", SERVICECOMB_RBAC_PASSWORD: "right" };

  test("logs in again near the end of the token, and not before", async () => {
    const start = realNow();
    jest.spyOn(Date, "now").mockReturnValue(start);
    const exp = Math.floor((start + hour) / 1000);
    const token = jwt({ account: "root", exp });
    const engine = await startEngine(() => ({ status: 200, body: { token } }));
    await rbacToken(account, loginWith(engine));
    jest.spyOn(Date, "now").mockReturnValue(start + 50 * minute);
    await rbacToken(account, loginWith(engine));
    expect(engine.requests).toHaveLength(1);
    jest.spyOn(Date, "now").mockReturnValue(start + 58 * minute);
    await rbacToken(account, loginWith(engine));
    expect(engine.requests).toHaveLength(2);
  });

  test("logs in again after the engine said that the token has expired: once, for all who had it", async () => {
    const engine = await startEngine();
    const ask = () => tokenOf(rbacToken(account, loginWith(engine)));
    const expired = await ask();
    const renewed = await Promise.all(
      Array.from({ length: 10 }, async () => {
        await forgetToken(expired);
        return ask();
      }),
    );
    expect(new Set(renewed.map(({ text }) => text)).size).toBe(1);
    expect(renewed[0]?.text).not.toBe(expired.text);
    expect(engine.requests).toHaveLength(2);
  });

  test("with an engine that says nothing of an end keeps the token for 12 hours", async () => {
    const start = realNow();
    const engine = await startEngine();
    await rbacToken(account, loginWith(engine));
    jest.spyOn(Date, "now").mockReturnValue(start + 11 * hour);
    await rbacToken(account, loginWith(engine));
    expect(engine.requests).toHaveLength(1);
  });
});

describe("rbacToken() without a login", () => {
  test("takes none, and says nothing of it", async () => {
    const engine = await startEngine();
    expect(await withoutLogin(account, loginWith(engine))).toMatchObject({
      outcome: "refused",
      says: "",
    });
    expect(engine.requests).toEqual([]);
  });

  test("takes the one that a login has got, as long as it is good", async () => {
    const start = realNow();
    const engine = await startEngine();
    const { text } = await tokenOf(rbacToken(account, loginWith(engine)));
    expect(await tokenOf(withoutLogin(account, loginWith(engine)))).toMatchObject({
      text,
      account: "root",
    });
    jest.spyOn(Date, "now").mockReturnValue(start + 13 * hour);
    expect(await withoutLogin(account, loginWith(engine))).toMatchObject({ outcome: "refused" });
    expect(engine.requests).toHaveLength(1);
  });

  test("takes one that is given or exchanged", async () => {
    const engine = await startEngine(() => ({ status: 200, body: { token: "exchanged" } }));
    const given = context({ SERVICECOMB_RBAC_TOKEN: "given" });
    expect(await tokenOf(withoutLogin(account, given))).toMatchObject({ text: "given" });
    const iam = context({ HW_AUTH_TOKEN: "iam", HUAWEICLOUD_CSE_ENDPOINT: engine.url });
    expect(await tokenOf(withoutLogin(account, iam))).toMatchObject({ text: "exchanged" });
  });
});

describe("loginOnce", () => {
  const ask = (engine: { readonly url: string }, password = "canary-tried") =>
    loginOnce(account, password, context({ SERVICECOMB_ENGINE_ENDPOINT: engine.url }));

  test("with the live password is done, and counts for nothing", async () => {
    const engine = await startEngine();
    expect(await ask(engine, "right")).toMatchObject({ outcome: "done" });
    expect(await ask(engine, "right")).toMatchObject({ outcome: "done" });
    expect(engine.requests).toHaveLength(2);
  });

  test.each<[string, Answers | "reset", object]>([
    [
      "a refused password",
      { status: 401, body: wrongPassword },
      { code: "AUTH_FAILED", triedPassword: "canary-tried" },
    ],
    [
      "a refused password, in the words of an engine without its service scope",
      { status: 401, body: { errorCode: "401302" } },
      { code: "AUTH_FAILED", triedPassword: "canary-tried" },
    ],
    [
      "a locked account",
      { status: 403, body: { errorCode: "403201" } },
      { code: "ACCOUNT_LOCKED", triedPassword: "" },
    ],
    ["an internal error", { status: 500, body: {} }, { code: "NETWORK", triedPassword: "" }],
    ["a page", { status: 200, body: undefined }, { triedPassword: "" }],
    ["a lost answer", "reset", { code: "NETWORK", triedPassword: "" }],
  ])("counts %s as a wrong try, and tries none for 16 minutes", async (what, told, expected) => {
    const page = what === "a page";
    const engine = page
      ? { ...(await startHttpServer((_request, response) => response.end("<html>"))) }
      : await startEngine(() => told);
    const now = realNow();
    clock.now = () => now;
    expect(await ask(engine)).toMatchObject({ outcome: "wrongOldPassword", ...expected });
    clock.now = () => now + 16 * minute - 1;
    expect(await ask(engine, "another")).toMatchObject({
      outcome: "refused",
      code: "ACCOUNT_LOCKED",
    });
    expect(engine.requests).toHaveLength(1);
    clock.now = () => now + 16 * minute;
    await ask(engine, "another");
    expect(engine.requests).toHaveLength(2);
  });

  test("does not count what was never sent", async () => {
    const nobody = { url: `http://127.0.0.1:${await closedPort()}` };
    expect(await ask(nobody)).toMatchObject({ outcome: "tryAgain", code: "NETWORK" });
    const engine = await startEngine();
    expect(await ask(engine, "right")).toMatchObject({ outcome: "done" });
  });

  test("keeps the accounts of an engine apart", async () => {
    const engine = await startEngine();
    const from = context({ SERVICECOMB_ENGINE_ENDPOINT: engine.url });
    expect(await loginOnce(account, "wrong", from)).toMatchObject({ triedPassword: "wrong" });
    expect(await loginOnce(root(), "right", from)).toMatchObject({ outcome: "done" });
    expect(await loginOnce(account, "right", from)).toMatchObject({ code: "ACCOUNT_LOCKED" });
  });

  test("needs the engine's own address", async () => {
    expect(await loginOnce(account, "right", context({}))).toMatchObject({
      outcome: "refused",
      code: "CURRENT_PASSWORD_UNKNOWN",
      says: expect.stringContaining("SERVICECOMB_ENGINE_ENDPOINT"),
    });
  });

  test("does not count what the gateway turned away, and may be asked again at once", async () => {
    const told = { status: 429, body: { error_code: "APIGW.0308" } };
    const engine = await startEngine(() => told);
    const again = { outcome: "tryAgain", code: "THROTTLED" };
    expect(await ask(engine)).toMatchObject(again);
    expect(await ask(engine)).toMatchObject(again);
    expect(engine.requests).toHaveLength(2);
  });

  test("does not count a refusal for another reason", async () => {
    const told = { status: 401, body: { errorCode: "401201" } };
    const engine = await startEngine(() => told);
    expect(await ask(engine)).toMatchObject({ outcome: "refused", code: "AUTH_FAILED" });
    expect(await ask(engine)).toMatchObject({ outcome: "refused", code: "AUTH_FAILED" });
    expect(engine.requests).toHaveLength(2);
  });
});

test.each([
  [{ HW_ENTERPRISE_PROJECT_ID: "e" }, {}, { "X-Enterprise-Project-ID": "e" }],
  [
    { HW_ENTERPRISE_PROJECT_ID: "" },
    { "huaweicloud:enterpriseProjectId": "c" },
    { "X-Enterprise-Project-ID": "c" },
  ],
  [{}, { "huaweicloud:enterpriseProjectId": "" }, {}],
  [{}, {}, {}],
])("enterpriseProject() with %p %p is %p", (env, config: Record<string, string>, headers) => {
  const from = { ...context({}), settings: settings((key) => config[key], env) };
  expect(enterpriseProject(from)).toEqual(headers);
});
