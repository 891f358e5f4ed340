import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountRecord } from "../../emulator";
import { huaweiCloud } from "../../emulator/credentials";
import { expectNoPassword, testService } from "../contract";
import {
  type CheckFailed,
  failureOf,
  isWireSecret,
  newRun,
  Resource,
  startRehearsal,
} from "../rehearsal";

const { projectId } = huaweiCloud;

/** Beside each account another one of its engine, and an administrator. */
function withOthers(record: AccountRecord): AccountRecord[] {
  const others = [{ accountName: "bob" }, { accountName: "root", roles: ["admin"] }];
  return [record, ...others.map((other) => ({ ...record, ...other }))];
}

const suite = testService({
  type: "huaweicloud:ServicecombAccountPassword",
  noun: "ServiceComb account",
  account: (n) => ({
    region: "cn-north-4",
    projectId,
    engineId: `engine-${n}`,
    accountName: "alice",
  }),
  record: ({ engineId = "", accountName = "" }) => ({ engineId, accountName }),
  list: (records) => ({
    huaweicloud: { servicecomb: records.length === 1 ? records : records.flatMap(withOthers) },
  }),
  passwords: ["Scb-before-1", "Scb-first-22", "Scb-second-333"],
  refusedPasswords: [
    ["too short", "Abc12_-", /8 to 32 characters/],
    ["too long", "Abcdefg_1".repeat(4), /8 to 32 characters/],
    ["no upper case", "abcdefg_1", /upper-case/],
    ["no lower case", "ABCDEFG_1", /lower-case/],
    ["no digit", "Abcdefgh_", /digit/],
    ["no symbol", "Abcdefgh1", /symbol/],
    ["a blank", "Abcdefg_ 1", /these symbols only/],
    ["a leading digit", "1Abcdefg_", /start with a letter/],
    ["a leading slash", "/Abcdefg1", /start with a letter/],
    ["not ASCII", "Abcdefg_1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "Abcdefg1,",
  ownArguments: { candidates: ["Scb-candidate-1"] },
  places: {
    region: ["HW_REGION_NAME", "huaweicloud:region", "cn-north-4"],
    projectId: ["HW_PROJECT_ID", "huaweicloud:projectId", projectId],
  },
  endpointVariables: [
    "HUAWEICLOUD_CSE_ENDPOINT",
    "HUAWEICLOUD_IAM_ENDPOINT",
    "SERVICECOMB_ENGINE_ENDPOINT",
  ],
  write: { service: "cse", action: "ChangeAccountPassword" },
  expectedRequest: ({ engineId = "" }, password) => ({
    path: `/v3/${projectId}/accounts/alice/password`,
    headers: {
      "content-type": "application/json;charset=UTF-8",
      "x-engine-id": engineId,
      "x-auth-token": /^\S+$/,
      "x-enterprise-project-id": "0",
      authorization: /^Bear [\w-]+\.[\w-]+\.[\w-]+$/,
    },
    body: `{"password":"${password}"}`,
  }),
  apiErrors: [
    ["400001", "PASSWORD_REJECTED"],
    ["400200", "NOT_FOUND"],
    ["403001", "PERMISSION_DENIED"],
    ["403202", "ACCOUNT_UNSUPPORTED"],
    ["401201", "AUTH_FAILED"],
  ],
  requestId: /^[0-9a-f]{32}$/,
  drops: true,
  changedOutside: /^account modified outside on \d{10}, perhaps the password$/,
  otherEdit: { roles: ["tester"] },
});

const type = "huaweicloud:ServicecombAccountPassword";
const [live, first, second] = ["Scb-before-1", "Scb-first-22", "Scb-second-333"];
const other = "Scb-other-4444";

/** The calls of the engine in short; an outcome that is not ok behind the action. */
async function calls(): Promise<string[]> {
  return (await suite.twin.log())
    .filter(({ service }) => service === "cse")
    .map(({ action, outcome }) => (outcome === "ok" ? action : `${action} ${outcome}`));
}

/** What the engine was told to change. */
function changes(): unknown[] {
  return suite.twin.recorded
    .filter(({ path }) => path.endsWith("/password"))
    .map(({ body }) => JSON.parse(body) as unknown);
}

function logInAs(account: string, password: string): void {
  process.env["SERVICECOMB_RBAC_ACCOUNT"] = account;
  process.env["SERVICECOMB_RBAC_PASSWORD"] = password;
}

const realNow = Date.now.bind(Date);
let shiftMs = 0;
beforeEach(() => (shiftMs = 0));

/** The next command, in a process of its own, so many minutes later. */
function later(resource: Resource, minutes = 0): Resource {
  shiftMs += minutes * 60_000;
  jest.spyOn(Date, "now").mockImplementation(() => realNow() + shiftMs);
  resource.provider = newRun(type);
  return resource;
}

test.each([
  ["the account's name", "Alice@123x", "Alice@123x", /must not be the account's name;/],
  [
    "the account's name reversed",
    "x321@ecilA",
    "Alice@123x",
    /must not be the account's name reversed;/,
  ],
])("check() refuses %s as its password", async (_what, accountName, password, says) => {
  const program = suite.fresh({ accountName, password });
  const { failures } = (await suite
    .resource()
    .check(program)
    .catch((error: unknown) => error)) as CheckFailed;
  expect(failures).toHaveLength(1);
  expect(failures[0]?.reason).toMatch(says);
  await suite.resource().check({ ...program, accountName: "alice" });
});

describe("an account that changes its own password", () => {
  test("and is not told the current one takes the one that it logs in with", async () => {
    const { currentPassword: _left, ...program } = suite.fresh({ password: first });
    logInAs("alice", live);
    const resource = suite.resource();
    await resource.up(program);
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword"]);
    expect(changes()).toEqual([{ currentPassword: live, password: first }]);
    expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1 });
  });

  test("and logs in with the wanted one already: nothing is left to change", async () => {
    const { currentPassword: _left, ...program } = suite.fresh({ password: live });
    logInAs("alice", live);
    const resource = suite.resource();
    await resource.up(program);
    expect(await calls()).toEqual(["Login"]);
    expect(resource.outputs).toMatchObject({ status: "confirmed" });
  });

  test("gives the current one, and logs in with it", async () => {
    const program = suite.fresh({ password: first });
    logInAs("alice", "Scb-stale-5555");
    const resource = suite.resource();
    await resource.up(program);
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword"]);
    expect(changes()).toEqual([{ currentPassword: live, password: first }]);
    expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1 });
    expect(await suite.opens(program, first)).toBe(true);

    // The next rotation: the variable is as stale as before, the state knows better.
    await suite.twin.clear();
    await later(resource).up({ ...program, password: second });
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword"]);
    expect(changes()).toEqual([{ currentPassword: first, password: second }]);
    expect(await suite.opens(program, second)).toBe(true);
  });

  test("risks one wrong password, remembers it, and waits 16 minutes over all runs", async () => {
    const program = suite.fresh({ password: first, currentPassword: other, candidates: [live] });
    logInAs("alice", live);
    const resource = suite.resource();
    const refused = await failureOf(resource.up(program));
    expect(await calls()).toEqual(["Login error:401202"]);
    expect(refused.message).toMatch(
      /the engine refused .*give the live password as currentPassword.*\(CURRENT_PASSWORD_UNKNOWN, 401202\)$/,
    );
    expect(refused.message).toContain("this run changed nothing");
    expect(refused.properties).toMatchObject({
      status: "unknown",
      pendingPasswords: [],
      refusedPasswords: [other],
      triedAt: expect.stringMatching(/^\d{4}-/) as unknown,
    });
    expect(isWireSecret(refused.wireProperties?.["refusedPasswords"])).toBe(true);
    expectNoPassword([refused.message, refused.stack], [other]);

    await suite.twin.clear();
    const early = await failureOf(later(resource, 15).up(program));
    expect(await calls()).toEqual([]);
    const until = new Date(Date.parse(String(resource.outputs["triedAt"])) + 16 * 60_000);
    expect(early.message).toContain(`nothing is tried before ${until.toISOString()}`);
    expect(early.message).toMatch(/\(ACCOUNT_LOCKED\)$/);
    expect(early.properties).toMatchObject({ refusedPasswords: [other] });
    expect(early.properties?.["triedAt"]).toBe(refused.properties?.["triedAt"]);

    // Fifteen minutes more: now the next one that may be live.
    await later(resource, 15).up(program);
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword"]);
    expect(changes()).toEqual([{ currentPassword: live, password: first }]);
    expect(resource.outputs).toMatchObject({ status: "confirmed" });
    expect(resource.outputs).not.toHaveProperty("triedAt");
    expect(resource.outputs).not.toHaveProperty("refusedPasswords");
  });

  test("a wrong one on an update leaves the state confirmed, and is not tried again", async () => {
    const program = suite.fresh({ password: first });
    logInAs("alice", live);
    const resource = suite.resource();
    await resource.up(program);
    await suite.outside(program, { password: other });
    await suite.twin.clear();
    const refused = await failureOf(later(resource).up({ ...program, password: second }));
    expect(refused.properties).toMatchObject({
      status: "confirmed",
      password: first,
      revision: 1,
      refusedPasswords: [first],
    });
    expect(refused.properties).not.toHaveProperty("pendingPasswords");
    expect(await calls()).toEqual(["Login error:401202"]);
    // A refresh in between, a soon and a later run, with the way out that the text names.
    expect(await later(resource).refresh()).toBe("kept");
    await failureOf(later(resource).up({ ...program, password: second }));
    expect((await calls()).filter((call) => call.startsWith("Login"))).toHaveLength(1);
    await later(resource, 17).up({ ...program, password: second, currentPassword: other });
    expect(await suite.opens(program, second)).toBe(true);
    expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 2 });
  });

  test("an engine that has locked the account is left alone", async () => {
    const program = suite.fresh({ password: first });
    logInAs("alice", live);
    await suite.twin.fault({ action: "Login", when: "before", what: "error:403201" });
    const resource = suite.resource();
    const locked = await failureOf(resource.up(program));
    expect(locked.message).toMatch(
      /locked the account for 15 minutes.*\(ACCOUNT_LOCKED, 403201\)$/,
    );
    expect(locked.properties).toHaveProperty("triedAt");
    expect(locked.properties).not.toHaveProperty("refusedPasswords");
    await suite.twin.clear();
    await failureOf(later(resource).up(program));
    expect(await calls()).toEqual([]);
    await later(resource, 17).up(program);
    expect(resource.outputs).toMatchObject({ status: "confirmed" });
  });

  test("a lost answer is not sent again; the next run proves by a login that it happened", async () => {
    const program = suite.fresh({ password: first });
    logInAs("alice", live);
    const resource = suite.resource();
    await resource.up(program);
    await suite.twin.clear();
    await suite.faultOfWrite("reset", { when: "after", times: 9 });
    const failed = await failureOf(later(resource).up({ ...program, password: second }));
    expect(failed.message).toContain("(OUTCOME_UNKNOWN)");
    expect(await suite.twin.writes()).toBe(1);
    expect(failed.properties).toMatchObject({
      password: first,
      pendingPasswords: [second],
      status: "unknown",
    });
    // Whether it was counted as a wrong one, nobody knows.
    expect(failed.properties).toHaveProperty("triedAt");

    await suite.twin.clear();
    expect(
      (await failureOf(later(resource, 15).up({ ...program, password: second }))).message,
    ).toContain("(ACCOUNT_LOCKED)");
    expect(await calls()).toEqual([]);
    await later(resource, 1).up({ ...program, password: second });
    expect(await calls()).toEqual(["Login"]);
    expect(resource.outputs).toMatchObject({ status: "confirmed", password: second, revision: 2 });
  });

  test("a lost answer without an effect, then one with: no run loses the account", async () => {
    const program = suite.fresh({ password: first });
    logInAs("alice", live);
    const resource = suite.resource();
    await resource.up(program);
    const next = { ...program, password: second };
    await suite.faultOfWrite("reset", { when: "before" });
    await failureOf(later(resource).up(next));
    expect(resource.outputs).toMatchObject({ pendingPasswords: [second] });

    await suite.twin.clear();
    const wrong = await failureOf(later(resource, 16).up(next));
    expect(await calls()).toEqual(["Login error:401202"]);
    expect(wrong.properties).toMatchObject({
      status: "unknown",
      password: first,
      pendingPasswords: [second],
      refusedPasswords: [second],
    });

    await suite.twin.clear();
    await suite.faultOfWrite("reset", { when: "after" });
    const lost = await failureOf(later(resource, 16).up(next));
    expect(changes()).toEqual([{ currentPassword: first, password: second }]);
    expect(lost.properties).toMatchObject({ status: "unknown", pendingPasswords: [second] });
    expect(lost.properties).not.toHaveProperty("refusedPasswords");

    await suite.twin.clear();
    await later(resource, 16).up(next);
    expect(await calls()).toEqual(["Login"]);
    expect(resource.outputs).toMatchObject({ status: "confirmed", password: second, revision: 2 });
    expect(await suite.opens(program, second)).toBe(true);
  });

  test("one that is named anew in the pause is tried when it is over, though it was refused once", async () => {
    const program = suite.fresh({ password: first, currentPassword: other });
    logInAs("alice", live);
    const resource = suite.resource();
    await failureOf(resource.up(program));
    expect(resource.outputs).toMatchObject({ refusedPasswords: [other] });
    // Something else in between, then the refused one again, which is live by now.
    await failureOf(later(resource, 1).up({ ...program, currentPassword: second }));
    await suite.outside(program, { password: other });
    await suite.twin.clear();
    const waiting = await failureOf(later(resource, 1).up(program));
    expect(waiting.message).toContain("(ACCOUNT_LOCKED)");
    expect(await calls()).toEqual([]);
    await later(resource, 14).up(program);
    expect(changes()).toEqual([{ currentPassword: other, password: first }]);
    expect(resource.outputs).toMatchObject({ status: "confirmed" });
  });

  test("without the engine's address the wanted password cannot be proved", async () => {
    const program = suite.fresh({ password: first });
    // A token of the account, as a pipeline may hand it over.
    const claims = Buffer.from(JSON.stringify({ account: "alice" })).toString("base64url");
    process.env["SERVICECOMB_RBAC_TOKEN"] = `x.${claims}.x`;
    delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
    delete process.env["SERVICECOMB_ENGINE_ENDPOINT"];
    const { currentPassword: _none, ...unknown } = program;
    const failed = await failureOf(suite.resource().up(unknown));
    expect(failed.message).toMatch(
      /SERVICECOMB_ENGINE_ENDPOINT is not set for "engine-\d+".*\(CURRENT_PASSWORD_UNKNOWN\)$/,
    );
    expect(await calls()).toEqual([]);
  });
});

describe("an administrator who logs in", () => {
  const onlyRoot = { accountName: "root", currentPassword: live };

  /** The variable has a wrong password of the administrator. */
  function withRoot(more: Record<string, unknown> = {}) {
    logInAs("root", other);
    return suite.fresh({ password: first, ...more });
  }

  test("is refused: the account's state says whose password it was, and that nothing changed", async () => {
    const program = withRoot();
    logInAs("root", live);
    const alice = suite.resource();
    await alice.up(program);
    logInAs("root", other);
    const failed = await failureOf(later(alice).up({ ...program, password: second }));
    expect(failed.properties).toMatchObject({
      status: "confirmed",
      password: first,
      revision: 1,
      triedAt: expect.any(String) as unknown,
      triedAccount: "root",
      refusedPasswords: [other],
    });
    expect(failed.properties).not.toHaveProperty("pendingPasswords");
    expect(failed.wireProperties?.["triedAccount"]).toBe("root");
    expect(failed.message).toMatch(
      /the engine refused the login of "root".*\(AUTH_FAILED, 401202\)$/,
    );
    expect(failed.message.match(/nothing is tried before/g)).toHaveLength(1);
    expectNoPassword([failed.message, failed.stack], [other]);

    // What is stored without a call keeps it, as does a refresh, and a change ends it.
    expect(await later(alice).refresh()).toBe("kept");
    await later(alice).up({ ...program, timeoutSeconds: 7 });
    expect(alice.outputs).toMatchObject({ triedAccount: "root", refusedPasswords: [other] });
    logInAs("root", live);
    await later(alice, 16).up({ ...program, password: second });
    expect(alice.outputs).toMatchObject({ status: "confirmed", revision: 2 });
    for (const name of ["triedAt", "triedAccount", "refusedPasswords"])
      expect(alice.outputs).not.toHaveProperty(name);
  });

  test("does not log in again within 16 minutes, whichever resource's state says so", async () => {
    const program = withRoot();
    const bobs = { ...program, accountName: "bob" };
    const alice = suite.resource();
    await failureOf(alice.up(program));
    logInAs("root", live);

    await suite.twin.clear();
    later(alice, 15);
    await alice.preview(program);
    const bob = new Resource(alice.provider, type);
    const early = await failureOf(bob.up(bobs));
    expect(early.message).toMatch(/nothing is tried before .*\(ACCOUNT_LOCKED\)$/);
    expect(bob.id).toBeUndefined();
    const root = new Resource(alice.provider, type);
    await failureOf(root.up({ ...program, ...onlyRoot }));
    expect((await failureOf(alice.up(program))).message).toContain("(ACCOUNT_LOCKED)");
    expect(await calls()).toEqual([]);

    later(alice, 1);
    await alice.up(program);
    bob.provider = alice.provider;
    await bob.up(bobs);
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword", "ChangeAccountPassword"]);
  });

  test("the account's own wrong try does not stop that login, nor the login's the account", async () => {
    const program = withRoot({ currentPassword: other, candidates: [live] });
    logInAs("alice", live);
    const alice = suite.resource();
    const own = await failureOf(alice.up(program));
    expect(own.properties).toMatchObject({ refusedPasswords: [other] });
    expect(own.properties).not.toHaveProperty("triedAccount");
    logInAs("root", live);
    await later(alice).up(program);
    expect(alice.outputs).toMatchObject({ status: "confirmed" });

    logInAs("root", other);
    const next = { ...program, password: second };
    expect(await failureOf(later(alice).up(next))).toMatchObject({
      properties: { triedAccount: "root" },
    });
    logInAs("alice", first);
    await later(alice).up(next);
    expect(await suite.opens(program, second)).toBe(true);
  });

  test("tries the same password again when the pause is over: it may have been made right", async () => {
    const program = withRoot();
    const alice = suite.resource();
    await failureOf(alice.up(program));
    await suite.outside({ ...program, ...onlyRoot }, { password: other });
    await suite.twin.clear();
    expect((await failureOf(later(alice, 15).up(program))).message).toContain("(ACCOUNT_LOCKED)");
    expect(await calls()).toEqual([]);
    await later(alice, 1).up(program);
    expect(await calls()).toEqual(["Login", "ChangeAccountPassword"]);
    expect(alice.outputs).toMatchObject({ status: "confirmed", revision: 1 });
  });

  test.each([
    ["an administrator's", "root", {}],
    ["the account's own", "alice", {}],
    ["the account's own, with nothing to try but a login", "alice", { currentPassword: undefined }],
  ])("%s login without the engine's address: nothing is sent", async (_whose, name, more) => {
    logInAs(name, live);
    delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
    delete process.env["SERVICECOMB_ENGINE_ENDPOINT"];
    const resource = suite.resource();
    const failed = await failureOf(resource.up(suite.fresh({ password: first, ...more })));
    expect(failed).toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect(failed.message).toContain("SERVICECOMB_ENGINE_ENDPOINT");
    expect(failed.id).toBeUndefined();
    expect(suite.twin.recorded).toEqual([]);
  });
});

describe("whose token it is", () => {
  test("an administrator gives no current password, though the program names one", async () => {
    const program = suite.fresh({ password: first, currentPassword: other });
    await suite.resource().up(program);
    expect(await calls()).toEqual(["ExchangeToken", "ChangeAccountPassword"]);
    expect(changes()).toEqual([{ password: first }]);
  });

  test.each([
    [undefined, { password: first }],
    [live, { currentPassword: live, password: first }],
  ])("an opaque token: currentPassword %s decides", async (currentPassword, body) => {
    process.env["SERVICECOMB_RBAC_TOKEN"] = "opaque-token-of-somebody";
    const program = suite.fresh({ password: first, currentPassword });
    const failed = await failureOf(suite.resource().up(program));
    expect(failed.message).toMatch(
      /the engine does not accept the RBAC token.*\(AUTH_FAILED, 401201, request/,
    );
    expect(changes()).toEqual([body]);
    expectNoPassword([failed.message, failed.stack], ["opaque-token-of-somebody"]);
  });

  test("the word before the token can be set", async () => {
    process.env["SERVICECOMB_AUTH_SCHEME"] = "Bearer";
    await suite.resource().up(suite.fresh({ password: first }));
    const [change] = suite.twin.recorded.filter(({ path }) => path.endsWith("/password"));
    expect(change?.headers.authorization).toMatch(/^Bearer \S+$/);
  });

  test("an expired token is renewed, once", async () => {
    const program = suite.fresh({ password: first });
    await suite.faultOfWrite("error:401205");
    await suite.resource().up(program);
    expect(await calls()).toEqual([
      "ExchangeToken",
      "ChangeAccountPassword fault:error:401205",
      "ExchangeToken",
      "ChangeAccountPassword",
    ]);
    await suite.twin.clear();
    await suite.faultOfWrite("error:401205", { times: 9 });
    const failed = await failureOf(suite.resource().up(suite.fresh({ password: first })));
    expect(failed.code).toBe("AUTH_FAILED");
    expect(await suite.twin.writes()).toBe(2);
  });

  test.each(["401201", "401202", "401207", "403201"])(
    "%s is not worth another token",
    async (code) => {
      await suite.faultOfWrite(`error:${code}`, { times: 9 });
      await failureOf(suite.resource().up(suite.fresh({ password: first })));
      expect(await suite.twin.writes()).toBe(1);
      expect((await calls()).filter((call) => call === "ExchangeToken")).toHaveLength(1);
    },
  );

  test("a token that cannot be had at once is asked for again: nothing is unknown", async () => {
    const program = suite.fresh({ password: first });
    await suite.twin.fault(
      { service: "iam", when: "before", what: "status:503" },
      { action: "ExchangeToken", when: "after", what: "reset" },
    );
    const resource = suite.resource();
    await resource.up(program);
    expect(await suite.twin.writes()).toBe(1);
    expect(resource.outputs).toMatchObject({ status: "confirmed" });
  });
});

describe("what the engine answers", () => {
  test.each([
    ["an account that is not there", { deleted: true }, "NOT_FOUND", /the account does not exist/],
    [
      "a missing permission",
      { deny: ["ChangeAccountPassword"] },
      "PERMISSION_DENIED",
      /the IAM user may not/,
    ],
  ])("%s", async (_what, fields, code, says) => {
    const program = suite.fresh({ password: first, timeoutSeconds: 1 });
    await suite.outside(program, fields);
    const failed = await failureOf(suite.resource().up(program));
    expect(failed.code).toBe(code);
    expect(failed.message).toMatch(says);
  });

  test("an account that is not there, on a newer engine, which says that something went wrong", async () => {
    const program = suite.fresh({ password: first });
    await suite.outside(program, { deleted: true });
    await suite.twin.outside({ huaweicloud: { servicecombGeneration: "2025-06" } });
    const failed = await failureOf(suite.resource().up(program));
    await suite.twin.outside({ huaweicloud: { servicecombGeneration: "v2" } });
    expect(failed.message).toMatch(/the account does not exist.*\(NOT_FOUND, 500003/);
    expect(failed.id).toBeUndefined();
  });

  test.each([
    ["APIGW.0301", "AUTH_FAILED", /does not accept the IAM token/],
    ["APIGW.0302", "PERMISSION_DENIED", /may not call this API/],
    ["APIGW.0307", "AUTH_FAILED", /the IAM token has expired/],
  ])("the gateway's %s is no unknown outcome", async (vendorCode, code, says) => {
    await suite.faultOfWrite(`error:${vendorCode}`, { times: 9 });
    const failed = await failureOf(suite.resource().up(suite.fresh({ password: first })));
    expect(failed).toMatchObject({ code });
    expect(failed.id).toBeUndefined();
    expect(failed.message).toMatch(says);
    expect(await suite.twin.writes()).toBe(1);
  });

  test.each([["an administrator's"], ["its own"]])(
    "the gateway's limit is waited for: %s change",
    async (whose) => {
      const program = suite.fresh({ password: first });
      if (whose === "its own") logInAs("alice", live);
      await suite.faultOfWrite("error:APIGW.0308");
      const resource = suite.resource();
      await resource.up(program);
      expect(await suite.twin.writes()).toBe(2);
      expect(resource.outputs).toMatchObject({ status: "confirmed" });
    },
  );

  test.each([
    ["status:404", "NOT_FOUND"],
    ["status:403", "PERMISSION_DENIED"],
    ["status:400", "AUTH_FAILED"],
    ["status:429", "THROTTLED"],
  ])("%s to the exchange of the token is %s, and no change is sent", async (what, code) => {
    await suite.twin.fault({ action: "ExchangeToken", when: "before", what, times: 50 });
    const program = suite.fresh({ password: first, timeoutSeconds: 1 });
    const failed = await failureOf(suite.resource().up(program));
    expect(failed).toMatchObject({ code });
    expect(failed.id).toBeUndefined();
    expect(await suite.twin.writes()).toBe(0);
  });

  test("one account's administrator, another's developer", async () => {
    const engineId = "engine-of-several";
    const accounts = [
      { engineId, accountName: "root", roles: ["admin"], password: live },
      { engineId, accountName: "bob", roles: ["developer"], password: live },
      { engineId, accountName: "alice", password: live },
    ];
    const twin = await startRehearsal({ huaweicloud: { servicecomb: accounts } });
    try {
      Object.assign(process.env, twin.environment);
      const program = {
        region: "cn-north-4",
        projectId,
        engineId,
        accountName: "alice",
        password: first,
      };
      logInAs("bob", live);
      const failed = await failureOf(new Resource(newRun(type), type).up(program));
      expect(failed.code).toBe("PERMISSION_DENIED");
      expect(failed.message).toContain("403001");

      // The login account is a declared resource itself: after its rotation the state has its password, not the variable.
      logInAs("root", live);
      const root = new Resource(newRun(type), type);
      await root.up({ ...program, accountName: "root", currentPassword: live });
      const run = newRun(type);
      root.provider = run;
      await root.preview({ ...program, accountName: "root", currentPassword: live });
      await twin.clear();
      const alice = new Resource(run, type);
      await alice.up(program);
      expect((await twin.log()).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
        "Login ok",
        "CreateToken ok",
        "ChangeAccountPassword ok",
      ]);
    } finally {
      await twin.close();
    }
  });
});

describe("refresh", () => {
  test("without the engine's address asks nobody, and says nothing", async () => {
    const program = suite.fresh({ password: first });
    const resource = suite.resource();
    await resource.up(program);
    await suite.outside(program, { deleted: true });
    delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
    delete process.env["SERVICECOMB_ENGINE_ENDPOINT"];
    await suite.twin.clear();
    suite.printed();
    expect(await later(resource).refresh()).toBe("kept");
    expect(resource.outputs).toMatchObject({ drift: "none" });
    expect(suite.twin.recorded).toEqual([]);
    expect(suite.printed()).toBe("");
  });

  test("never logs in: it reads nothing, and says nothing of it", async () => {
    const program = suite.fresh({ password: first });
    const resource = suite.resource();
    await resource.up(program);
    await suite.outside(program, { deleted: true });
    const state = [resource.inputs, resource.outputs];
    logInAs("alice", "Scb-stale-5555");
    await suite.twin.clear();
    suite.printed();
    expect(await later(resource).refresh()).toBe("kept");
    expect([resource.inputs, resource.outputs]).toEqual(state);
    expect(suite.twin.recorded).toEqual([]);
    expect(suite.printed()).toBe("");
  });

  test("uses the token that a change of the same run has got", async () => {
    const program = suite.fresh({ password: first });
    logInAs("root", live);
    const resource = suite.resource();
    await resource.up(program);
    await suite.twin.clear();
    expect(await resource.refresh()).toBe("kept");
    expect(await calls()).toEqual(["ListAccounts"]);
    await suite.outside(program, { deleted: true });
    await resource.refresh();
    expect(resource.outputs).toMatchObject({ drift: "instance not found" });
  });

  test("an address for all engines may be another engine's, one of this engine is not", async () => {
    const program = suite.fresh({ password: live });
    const resource = suite.resource();
    await resource.up(program);
    await suite.outside(program, { deleted: true });
    delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
    process.env["SERVICECOMB_RBAC_TOKEN"] = "opaque-token-of-somebody";
    const engine = await listingEngine();
    try {
      process.env["SERVICECOMB_ENGINE_ENDPOINT"] = engine.url;
      expect(await later(resource).refresh()).toBe("kept");
      expect(resource.outputs).toMatchObject({ drift: "instance not found" });
      const engineId = String(program["engineId"]).toUpperCase().replace("-", "_");
      process.env[`SERVICECOMB_ENGINE_ENDPOINT_${engineId}`] = engine.url;
      engine.total = 2;
      expect(await later(resource).refresh()).toBe("kept");
      engine.total = 1;
      expect(await later(resource).refresh()).toBe("gone");
    } finally {
      engine.close();
    }
  });
});

/** An engine that lists one other account, for any token. */
async function listingEngine() {
  const engine = { url: "", total: 1, close: () => void server.close() };
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ total: engine.total, data: [{ name: "somebody" }] })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  engine.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return engine;
}
