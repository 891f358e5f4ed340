// What an engine may count as a wrong password, over several accounts and runs: against explicit endpoints, since with
// ACCOUNT_PASSWORDS_EMULATOR no journal is kept.
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { huaweiCloud } from "../../emulator/credentials";
import { closedPort, startHttpServer } from "../servers";
import {
  failureOf,
  newRun,
  type Properties,
  type Rehearsal,
  Resource,
  spyOnOutput,
  startRehearsal,
} from "../rehearsal";

// It takes long to load, and keeps nothing that matters here.
const axios: unknown = jest.requireActual("axios");
jest.doMock("axios", () => axios);

const type = "huaweicloud:ServicecombAccountPassword";
const engineId = "engine-1";
const minute = 60_000;
const realNow = Date.now.bind(Date);
const before = { ...process.env };
let shiftMs = 0;
let twin: Rehearsal;
let cache: string;

beforeEach(async () => {
  shiftMs = 0;
  jest.spyOn(Date, "now").mockImplementation(() => realNow() + shiftMs);
  jest.spyOn(Math, "random").mockReturnValue(0.02);
  spyOnOutput();
  const names = ["op", "alice", "bob", "carol"];
  twin = await startRehearsal({
    huaweicloud: {
      servicecomb: names.map((accountName) => ({
        engineId,
        accountName,
        password: live(accountName),
        roles: [accountName === "op" ? "admin" : "developer"],
      })),
    },
  });
  cache = mkdtempSync(join(String(before["XDG_CACHE_HOME"]), "one-try-"));
  Object.assign(process.env, twin.environment, {
    ACCOUNT_PASSWORDS_EMULATOR: "",
    XDG_CACHE_HOME: cache,
  });
});
afterEach(async () => {
  await twin.close();
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
});

const live = (name: string) => `Live-${name}-1`;

function program(accountName: string, password: string, more: Properties = {}): Properties {
  const { region, projectId } = huaweiCloud;
  return { region, projectId, engineId, accountName, timeoutSeconds: 2, password, ...more };
}

function logInAs(name: string, password: string): void {
  process.env["SERVICECOMB_RBAC_TOKEN"] = "";
  process.env["SERVICECOMB_RBAC_ACCOUNT"] = name;
  process.env["SERVICECOMB_RBAC_PASSWORD"] = password;
}

async function useTokenOf(name: string): Promise<void> {
  const headers = { "X-Engine-Id": engineId };
  const body = JSON.stringify({ name, password: live(name) });
  const answer = await fetch(`${twin.url}/v4/token`, { method: "POST", headers, body });
  logInAs("", "");
  process.env["SERVICECOMB_RBAC_TOKEN"] = ((await answer.json()) as { token: string }).token;
  await twin.clear();
}

function newResource(): Resource {
  return new Resource(newRun(type), type);
}

/** The next command, in a process of its own, so many minutes later. */
function later(one: Resource, minutes = 0): Resource {
  shiftMs += minutes * minute;
  one.provider = newRun(type);
  return one;
}

/** The calls that may count, in short. */
async function tries(): Promise<string[]> {
  return (await twin.log())
    .filter(({ action }) => /^(Login|ChangeAccountPassword)$/.test(action))
    .map(({ action, outcome }) => `${action} ${outcome}`);
}

function journal(): string[] {
  try {
    return readdirSync(join(cache, "pulumi-account-passwords", "wrong-tries"));
  } catch {
    return [];
  }
}

test("a chain of accounts, each changed once after the login has become stale: one wrong try", async () => {
  logInAs("op", live("op"));
  const names = ["alice", "bob", "carol"];
  const chain = names.map((name) => ({ name, resource: newResource() }));
  for (const { name, resource } of chain) await resource.up(program(name, `First-${name}-1`));
  expect(journal()).toEqual([]);

  logInAs("op", "Stale-op-1");
  await twin.clear();
  const wanted = new Map(names.map((name) => [name, `First-${name}-1`]));
  const said: string[] = [];
  // Each run comes to the others first: the state that knows of the wrong try is the last one.
  for (const name of [...names].reverse()) {
    shiftMs += minute;
    wanted.set(name, `Second-${name}-1`);
    const run = newRun(type);
    for (const one of chain) {
      one.resource.provider = run;
      const error = await one.resource
        .up(program(one.name, wanted.get(one.name) ?? ""))
        .catch((error: Error) => error);
      if (error instanceof Error) {
        said.push(error.message);
        break;
      }
    }
  }
  expect(await tries()).toEqual(["Login error:401202"]);
  expect(said).toHaveLength(3);
  expect(said[0]).toMatch(/the login as "op", and the password of this account was not touched/);
  for (const text of said.slice(1))
    expect(text).toMatch(
      /a password of "op" was tried at .*correct SERVICECOMB_RBAC_PASSWORD meanwhile .*\(ACCOUNT_LOCKED\)$/,
    );
  expect(journal()).toHaveLength(1);

  logInAs("op", live("op"));
  shiftMs += 16 * minute;
  for (const { name, resource } of chain)
    await later(resource).up(program(name, `Second-${name}-1`));
  expect(journal()).toEqual([]);
});

test("a change that was confirmed with a token does not forget whose login was refused", async () => {
  // On another machine only the state can know.
  process.env["ACCOUNT_PASSWORDS_EMULATOR"] = twin.url;
  const alice = newResource();
  for (let round = 0; round < 3; round++) {
    logInAs("op", "Stale-op-1");
    await failureOf(later(alice, 1).up(program("alice", `Round${round}-alice-1`)));
    await useTokenOf("op");
    await later(alice, 1).up(program("alice", `Round${round}-alice-1`));
    expect(alice.outputs).toMatchObject({ status: "confirmed", triedAccount: "op" });
  }
  logInAs("op", live("op"));
  await later(alice, 16).up(program("alice", "Last-alice-1"));
  expect(alice.outputs).not.toHaveProperty("triedAccount");
});

test.each([
  ["a login", "own", /^Login fault:hang$/],
  ["a change of the own password", "token", /^ChangeAccountPassword fault:hang$/],
])("while %s is under way, or when it was killed, nobody else tries", async (_what, how, call) => {
  if (how === "own") logInAs("alice", live("alice"));
  else await useTokenOf("alice");
  const action = how === "own" ? "Login" : "ChangeAccountPassword";
  await twin.fault({ service: "cse", action, when: "before", what: "hang" });
  const wanted = program("alice", "First-alice-1", { currentPassword: live("alice") });
  const killed = newResource().up(wanted);
  while ((await tries()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const failed = await failureOf(newResource().up(wanted));
  expect(failed).toMatchObject({ code: "ACCOUNT_LOCKED" });
  expect(failed.message).toContain('a password of "alice" was tried');
  expect(await tries()).toEqual([expect.stringMatching(call)]);
  await failureOf(killed);
  expect(journal()).toHaveLength(1);

  const next = newResource();
  await later(next, 16).up(wanted);
  expect(next.outputs).toMatchObject({ status: "confirmed" });
  expect(journal()).toEqual([]);
});

test.each([
  ["is refused for another reason", { what: "error:403205" }],
  ["is never sent", { closed: true }],
])("a login that %s leaves nothing behind", async (_what, { what, closed }: any) => {
  logInAs("alice", live("alice"));
  if (closed === true)
    process.env["SERVICECOMB_ENGINE_ENDPOINT"] = `http://127.0.0.1:${await closedPort()}`;
  else await twin.fault({ service: "cse", action: "Login", when: "before", what });
  const one = newResource();
  await failureOf(one.up(program("alice", "First-alice-1")));
  expect(journal()).toEqual([]);
});

test("a password that was right a moment ago may be wrong by now", async () => {
  logInAs("alice", live("alice"));
  const action = "ChangeAccountPassword";
  await twin.fault({ service: "cse", action, when: "before", what: "error:401207" });
  const one = newResource();
  await failureOf(one.up(program("alice", "First-alice-1")));
  expect(await tries()).toEqual(["Login ok", "ChangeAccountPassword fault:error:401207"]);
  expect(one.outputs).toMatchObject({ refusedPasswords: [live("alice")] });
  expect(journal()).toHaveLength(1);
});

test("a change that was killed after its login has shown the password to be right leaves no pause", async () => {
  logInAs("alice", live("alice"));
  const action = "ChangeAccountPassword";
  await twin.fault({ service: "cse", action, when: "before", what: "hang" });
  const killed = newResource().up(program("alice", "First-alice-1"));
  while ((await tries()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(journal()).toEqual([]);
  await newResource().up(program("alice", "First-alice-1"));
  await failureOf(killed);
});

test("with ACCOUNT_PASSWORDS_EMULATOR nothing is written, and nothing is read", async () => {
  logInAs("op", "Stale-op-1");
  await failureOf(newResource().up(program("alice", "First-alice-1")));
  expect(journal()).toHaveLength(1);
  process.env["ACCOUNT_PASSWORDS_EMULATOR"] = twin.url;
  logInAs("op", live("op"));
  await newResource().up(program("alice", "First-alice-1"));
  logInAs("bob", "Stale-bob-1");
  await failureOf(newResource().up(program("bob", "First-bob-1")));
  expect(journal()).toHaveLength(1);
});

test("without the engine's address, a lost answer of an own change is settled by the old password", async () => {
  await useTokenOf("alice");
  delete process.env["SERVICECOMB_ENGINE_ENDPOINT"];
  const wanted = program("alice", "First-alice-1", { currentPassword: live("alice") });
  const loseIt = (when: "before" | "after") =>
    twin.fault({ service: "cse", action: "ChangeAccountPassword", when, what: "reset" });
  const one = newResource();
  await loseIt("before");
  expect((await failureOf(one.up(wanted))).message).toMatch(/\(OUTCOME_UNKNOWN\)$/);
  await later(one, 16).up(wanted);
  expect(one.outputs).toMatchObject({ status: "confirmed", password: "First-alice-1" });

  // With an effect it was the last right one: then only a login can tell.
  const next = { ...wanted, password: "Second-alice-1" };
  await loseIt("after");
  await failureOf(later(one).up(next));
  const said: string[] = [];
  for (let runs = 0; runs < 3; runs++)
    said.push((await failureOf(later(one, 16).up(next))).message);

  expect(said[2]).toMatch(
    /whether the new password is live already only a login can tell.*SERVICECOMB_ENGINE_ENDPOINT/,
  );
  expect(one.outputs).toMatchObject({ pendingPasswords: ["Second-alice-1"] });
  process.env["SERVICECOMB_ENGINE_ENDPOINT"] = twin.url;
  await later(one, 16).up(next);
  expect(one.outputs).toMatchObject({ status: "confirmed", password: "Second-alice-1" });
});

test("a current password that is given in the pause is the first one after it", async () => {
  logInAs("alice", live("alice"));
  const alice = newResource();
  await alice.up(program("alice", "First-alice-1", { currentPassword: live("alice") }));
  const servicecomb = [{ engineId, accountName: "alice", password: "Outside-alice-1" }];
  await twin.outside({ huaweicloud: { servicecomb } });
  const candidates = ["Drawn1-alice-1", "Drawn2-alice-1", "Drawn3-alice-1"];
  const wanted = program("alice", "Second-alice-1", { candidates });
  await failureOf(later(alice).up(wanted));
  const given = { ...wanted, currentPassword: "Outside-alice-1" };
  for (let runs = 0; runs < 2; runs++)
    expect((await failureOf(later(alice, 5).up(given))).message).toContain("(ACCOUNT_LOCKED)");
  await later(alice, 7).up(given);
  expect(alice.outputs).toMatchObject({ status: "confirmed", password: "Second-alice-1" });
  expect(alice.outputs).not.toHaveProperty("currentPasswordUntried");
});

describe("a success that is none", () => {
  test.each<[string, "confirmed" | "unknown", string]>([
    ["nothing, as the engine", "confirmed", ""],
    ["what the page says", "confirmed", '{"result":"ok"}'],
    ["what its example says", "confirmed", '{"Result":"string"}'],
    ["an error code of the control plane", "unknown", '{"error_code":"SVCSTG.00501134"}'],
    ["an error code that is documented", "unknown", '{"errorCode":"400001"}'],
    ["an error code beside the result", "unknown", '{"result":"ok","error_code":7}'],
    ["another object", "unknown", '{"message":"engine is upgrading"}'],
    ["an empty object", "unknown", "{}"],
    ["a text", "unknown", '"ok"'],
    ["null", "unknown", "null"],
    ["a page", "unknown", "<html></html>"],
  ])("status 200 with %s is %s", async (_what, status, body) => {
    const engine = await startHttpServer((_request, response) => response.end(body));
    process.env["HUAWEICLOUD_CSE_ENDPOINT"] = engine.url;
    process.env["SERVICECOMB_RBAC_TOKEN"] = "opaque-token";
    process.env["HW_AUTH_TOKEN"] = "iam-token";
    const one = newResource();
    const error = await one
      .up(program("alice", "First-alice-1", { timeoutSeconds: 1 }))
      .catch((error: Error) => error);
    expect(one.outputs).toMatchObject({ status });
    if (status === "unknown") expect(String(error)).toMatch(/\((OUTCOME_UNKNOWN|TIMEOUT)/);
  });

  test("a login that is answered without a token may have been counted", async () => {
    const engine = await startHttpServer((_request, response) =>
      response.end('{"errorCode":"401202"}'),
    );
    process.env["SERVICECOMB_ENGINE_ENDPOINT"] = engine.url;
    logInAs("op", live("op"));
    const one = newResource();
    await failureOf(one.up(program("alice", "First-alice-1")));
    expect(one.outputs).toMatchObject({ triedAccount: "op" });
    expect(one.outputs).not.toHaveProperty("refusedPasswords");
    expect(journal()).toHaveLength(1);
  });
});

test("a refused request of an opaque token, which may be the account's own, says what may be missing", async () => {
  process.env["SERVICECOMB_RBAC_TOKEN"] = "opaque-token";
  const refuse = () =>
    twin.fault({
      service: "cse",
      action: "ChangeAccountPassword",
      when: "before",
      what: "error:400001",
    });
  const advice = "give currentPassword if the token is this account's own";
  await refuse();
  const failed = await failureOf(newResource().up(program("alice", "First-alice-1")));
  expect(failed.message).toContain(advice);
  await refuse();
  const given = program("alice", "First-alice-1", { currentPassword: live("alice") });
  expect((await failureOf(newResource().up(given))).message).not.toContain(advice);
});

describe("verify", () => {
  test("logs in once after a change by an administrator, without a pause before or after it", async () => {
    await useTokenOf("op");
    const verified = (password: string) => program("alice", password, { verify: {} });
    const one = newResource();
    await one.up(verified("First-alice-1"));
    await later(one).up(verified("Second-alice-1"));
    expect(await tries()).toEqual([
      "ChangeAccountPassword ok",
      "Login ok",
      "ChangeAccountPassword ok",
      "Login ok",
    ]);
    expect(one.outputs).toMatchObject({ verification: "accepted", revision: 2 });
    expect(one.outputs["triedAt"]).toBeUndefined();
    expect(journal()).toEqual([]);
  });

  test("an account that changes itself logs in with the new password", async () => {
    logInAs("alice", live("alice"));
    const one = newResource();
    await one.up(program("alice", "First-alice-1", { verify: {} }));
    expect(await tries()).toEqual(["Login ok", "ChangeAccountPassword ok", "Login ok"]);
    expect(one.outputs).toMatchObject({ verification: "accepted" });
  });

  test("a refused login is the one wrong try of 16 minutes, over all runs and refreshes", async () => {
    await useTokenOf("op");
    const password = "Wrong-alice-1";
    const verify = { onRefresh: true };
    const adopting = program("alice", password, { currentPassword: password, verify });
    const one = newResource();
    const { message } = await failureOf(one.up(adopting));
    expect(message).toMatch(/the engine refused it; nothing was changed.*VERIFICATION_REFUSED/);
    expect(one.outputs).toMatchObject({ status: "adopted", verification: "refused" });
    expect(typeof one.outputs["triedAt"]).toBe("string");

    await later(one, 1).refresh();
    expect(await later(one, 1).up(adopting)).toBe("updated");
    expect(one.outputs).toMatchObject({ verification: "refused" });
    expect(await tries()).toHaveLength(1);

    await failureOf(later(one, 16).up(adopting));
    expect(await tries()).toHaveLength(2);
    // An administrator's change needs no old password, so it waits for nothing but its own proof.
    await later(one, 1).up(program("alice", "First-alice-1", { verify }));
    expect(one.outputs).toMatchObject({ status: "confirmed", verification: "inconclusive" });
    await later(one, 16).refresh();
    expect(one.outputs).toMatchObject({ verification: "accepted" });
    expect(await tries()).toHaveLength(4);
  });

  test("a password that was refused once is no refused one for the next change", async () => {
    await useTokenOf("alice");
    await twin.fault({ service: "cse", action: "Login", when: "before", what: "error:401202" });
    const one = newResource();
    const wanted = program("alice", "First-alice-1", {
      currentPassword: live("alice"),
      verify: {},
    });
    const { message } = await failureOf(one.up(wanted));
    expect(message).toContain("VERIFICATION_REFUSED");
    await later(one, 17).up(wanted);
    expect(one.outputs).toMatchObject({ verification: "accepted" });
    expect(one.outputs["refusedPasswords"]).toBeUndefined();
    await later(one, 30).up({ ...wanted, password: "Second-alice-1" });
    expect(one.outputs).toMatchObject({ verification: "accepted", revision: 2 });
  });

  test("a login whose answer is lost may have been counted", async () => {
    await useTokenOf("op");
    await twin.fault({ service: "cse", action: "Login", when: "after", what: "reset" });
    const one = newResource();
    await one.up(program("alice", "First-alice-1", { verify: {} }));
    expect(one.outputs).toMatchObject({ status: "confirmed", verification: "inconclusive" });
    expect(typeof one.outputs["triedAt"]).toBe("string");
  });
});
