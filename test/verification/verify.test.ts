// What the resources make of a login, with a registry that answers as a test tells it to.
import type { ServerResponse } from "node:http";
import { expectNoPassword } from "../contract";
import {
  failureOf,
  newRun,
  type Properties,
  type Rehearsal,
  Resource,
  spyOnOutput,
  startRehearsal,
} from "../rehearsal";
import { closedPort, type HttpServer, startHttpServer } from "../servers";

const tcr = "tencentcloud:TcrServiceAccountPassword";
const live = "LiveBefore1";
const first = "FirstWanted22";
const second = "SecondWanted33";

let twin: Rehearsal;
let registry: HttpServer;
/** What a login gets; without a password every request gets 401 and a challenge. */
let answerLogin: (login: string, response: ServerResponse) => void;
let logins: string[];
let printed: () => string;
let used = 0;
const before = { ...process.env };
jest.setTimeout(30_000);

beforeAll(async () => {
  twin = await startRehearsal({
    tencentcloud: {
      tcr: Array.from({ length: 30 }, (_, n) => ({ ...identity(n), password: live })),
    },
  });
  registry = await startHttpServer(({ headers }, response) => {
    const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? "") ?? [];
    if (encoded === undefined) {
      response.writeHead(401, { "Www-Authenticate": 'Basic realm="registry"' }).end();
      return;
    }
    const login = Buffer.from(encoded, "base64").toString("utf8");
    logins.push(login);
    answerLogin(login, response);
  });
});
beforeEach(async () => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before, twin.environment);
  await twin.clear();
  logins = [];
  accountDecides();
  jest.spyOn(Math, "random").mockReturnValue(0.1);
  printed = spyOnOutput();
});
afterEach(() => {
  expectNoPassword([printed()], [live, first, second]);
  jest.restoreAllMocks();
});
afterAll(async () => {
  await twin.close();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
});

function identity(n: number) {
  return { region: "ap-guangzhou", registryId: `tcr-test${n}`, accountName: "robot" };
}

/** An account that no test has used yet, and a login at the registry. */
function fresh(verify: Properties = {}, more: Properties = {}): Properties {
  const account = identity(used++);
  return {
    ...account,
    password: first,
    verify: { host: "127.0.0.1", port: registry.port, timeoutSeconds: 2, ...verify },
    ...more,
  };
}

function accountDecides(): void {
  answerLogin = (login, response) => {
    const password = login.slice(login.indexOf(":") + 1);
    void twin.opens(tcr, identity(used - 1), password).then((opens) => {
      response.writeHead(opens ? 200 : 401).end();
    });
  };
}

function refuseAll(): void {
  answerLogin = (_, response) => response.writeHead(401).end();
}

function resource(): Resource {
  return new Resource(newRun(tcr), tcr);
}

/** The next command: another process. */
function nextRun(one: Resource): Resource {
  one.provider = newRun(tcr);
  return one;
}

test("a confirmed change is verified by one login with the new password", async () => {
  const program = fresh();
  const one = resource();
  await one.up(program);
  expect(logins).toEqual([`tcr$robot:${first}`]);
  expect(one.outputs).toMatchObject({ status: "confirmed", verification: "accepted" });
  const verifiedAt = String(one.outputs["verifiedAt"]);
  expect(verifiedAt >= String(one.outputs["changedAt"])).toBe(true);
  expect(await nextRun(one).up(program)).toBe("unchanged");
  expect(logins).toHaveLength(1);

  await nextRun(one).up({ ...program, password: second });
  expect(logins.slice(1)).toEqual([`tcr$robot:${second}`]);
  expect(one.outputs).toMatchObject({ revision: 2, verification: "accepted" });
});

test("without verify nobody logs in, and no output speaks of it", async () => {
  const { verify, ...program } = fresh();
  const one = resource();
  await one.up(program);
  expect(logins).toEqual([]);
  expect(Object.keys(one.outputs).filter((name) => name.startsWith("verif"))).toEqual([]);

  // Asked for later, it logs in without a call; taken out, it is forgotten.
  await nextRun(one).up({ ...program, verify });
  expect(one.outputs).toMatchObject({ verification: "accepted", revision: 1 });
  expect(await twin.writes()).toBe(1);
  await nextRun(one).up({ ...program, timeoutSeconds: 60, verify });
  expect(logins).toHaveLength(1);
  await nextRun(one).up(program);
  expect(Object.keys(one.outputs).filter((name) => name.startsWith("verif"))).toEqual([]);
});

test("a server that learns of the password later is asked again", async () => {
  refuseAll();
  setTimeout(accountDecides, 300);
  const one = resource();
  await one.up(fresh());
  expect(one.outputs).toMatchObject({ verification: "accepted" });
  expect(logins.length).toBeGreaterThan(1);

  // Not often: a server may count wrong ones.
  refuseAll();
  logins.length = 0;
  await failureOf(resource().up(fresh()));
  expect(logins).toHaveLength(3);
  logins.length = 0;
  const adopting = { password: live, currentPassword: live };
  await failureOf(resource().up(fresh({}, adopting)));
  expect(logins).toHaveLength(1);
});

test("refused: confirmed all the same; each up only logs in again, after a refresh too", async () => {
  const program = fresh({ timeoutSeconds: 1 });
  const one = resource();
  await one.up({ ...program, password: second });
  const { verifiedAt } = one.outputs;
  refuseAll();
  const { message, properties } = await failureOf(nextRun(one).up(program));
  expect(message).toMatch(
    /^Cannot log in as TCR service account "ap-guangzhou\/tcr-test\d+\/robot" with its new password: 127\.0\.0\.1:\d+ refused it \(HTTP status 401\); the vendor has confirmed the change, .*run `pulumi up` again.*\(VERIFICATION_REFUSED\)$/,
  );
  expect(properties).toMatchObject({
    status: "confirmed",
    password: first,
    revision: 2,
    verification: "refused",
    verifiedAt,
  });
  expect(await twin.writes()).toBe(2);

  for (const refreshed of [false, true]) {
    if (refreshed) await nextRun(one).refresh();
    printed();
    const again = await failureOf(nextRun(one).up(program));
    expect(again.message).toContain("nothing was changed");
    expect(printed()).toContain("the last login with its password was refused");
    expect(again.properties).toMatchObject({ status: "confirmed", verification: "refused" });
  }
  await nextRun(one).refresh();
  accountDecides();
  expect(await nextRun(one).up(program)).toBe("updated");
  expect(one.outputs).toMatchObject({ revision: 2, verification: "accepted" });
  expect(await twin.writes()).toBe(2);
  expect(await nextRun(one).up(program)).toBe("unchanged");
});

test("a program that goes back to the password before a refused login gets it", async () => {
  for (const onRefresh of [false, true]) {
    const { verify, ...program } = fresh({ timeoutSeconds: 1, onRefresh });
    const one = resource();
    accountDecides();
    await one.up({ ...program, verify });
    refuseAll();
    await failureOf(nextRun(one).up({ ...program, password: second, verify }));
    if (onRefresh) accountDecides();
    await nextRun(one).refresh();
    expect(await nextRun(one).up(onRefresh ? { ...program, verify } : program)).toBe("updated");
    expect(one.outputs["password"]).toBe(first);
    const account = identity(used - 1);
    expect(await twin.opens(tcr, account, first)).toBe(true);
  }
});

test("parts of verify without a value are none", async () => {
  const one = resource();
  await one.up(fresh({ tls: null, onRefresh: null }));
  expect(one.outputs).toMatchObject({ verification: "accepted" });
});

test("a server that cannot be asked is a warning, and verifiedAt stays", async () => {
  const program = fresh();
  const one = resource();
  await one.up(program);
  const { verifiedAt } = one.outputs;
  const elsewhere = { ...(program["verify"] as Properties), port: await closedPort() };
  await nextRun(one).up({ ...program, password: second, verify: elsewhere });
  expect(one.outputs).toMatchObject({
    status: "confirmed",
    password: second,
    verification: "inconclusive",
    verifiedAt,
  });
  expect(printed()).toMatch(
    /^warning: TCR service account "[^"]+": not verified by a login: there is no login at 127\.0\.0\.1:\d+: no connection to 127\.0\.0\.1:\d+ \(ECONNREFUSED\); the vendor has confirmed the change$/m,
  );
  expect(await nextRun(one).up({ ...program, password: second, verify: elsewhere })).toBe(
    "unchanged",
  );
});

test("a refusal stays one while nobody can ask again", async () => {
  const program = fresh({ timeoutSeconds: 1 });
  const one = resource();
  refuseAll();
  await failureOf(one.up(program));
  answerLogin = (_, response) => response.writeHead(503).end();
  expect(await nextRun(one).up(program)).toBe("updated");
  expect(one.outputs).toMatchObject({ verification: "refused" });
  expect(printed()).toContain("not verified by a login");
});

test("an adopted password is verified: a wrong one is found out", async () => {
  const one = resource();
  await one.up(fresh({}, { password: live, currentPassword: live }));
  expect(one.outputs).toMatchObject({ status: "adopted", verification: "accepted" });

  const wrong = fresh({ timeoutSeconds: 1 }, { password: first, currentPassword: first });
  const other = resource();
  const { message, properties } = await failureOf(other.up(wrong));
  expect(message).toMatch(/with the password that it was adopted with: .* give the live password/);
  expect(properties).toMatchObject({ status: "adopted", verification: "refused" });
  const right = { ...wrong, password: live, currentPassword: live };
  expect(await nextRun(other).up(right)).toBe("updated");
  expect(other.outputs).toMatchObject({ verification: "accepted", password: live });
});

describe("refresh", () => {
  test("logs in when it is asked to, once, and shows nothing where nothing is new", async () => {
    const program = fresh();
    const one = resource();
    await one.up(program);
    await nextRun(one).refresh();
    expect(logins).toHaveLength(1);
    const asked = { ...program, verify: { ...(program["verify"] as Properties), onRefresh: true } };
    await nextRun(one).up(asked);
    await nextRun(one).refresh();
    logins.length = 0;
    const { outputs, inputs } = one;
    await nextRun(one).refresh();
    expect(logins).toHaveLength(1);
    expect([one.outputs, one.inputs]).toEqual([outputs, inputs]);
  });

  test("a password that was changed outside is set again", async () => {
    const program = fresh({ onRefresh: true });
    const one = resource();
    await one.up(program);
    const { region: _, ...account } = identity(used - 1);
    await twin.outside({ tencentcloud: { tcr: [{ ...account, password: second }] } });
    logins.length = 0;
    await nextRun(one).refresh();
    expect(logins).toHaveLength(1);
    expect(one.outputs).toMatchObject({
      status: "confirmed",
      verification: "refused",
      drift: expect.stringMatching(/^login refused on 20\S+Z$/),
    });
    expect(printed()).toContain("the next update sets the declared password again");
    // As long as it is so, a login says the same.
    await nextRun(one).refresh();
    expect(await nextRun(one).up(program)).toBe("updated");
    expect(one.outputs).toMatchObject({ drift: "none", verification: "accepted", revision: 2 });
  });

  test("a password that is let in again was not changed", async () => {
    const program = fresh({ onRefresh: true });
    const one = resource();
    await one.up(program);
    refuseAll();
    await nextRun(one).refresh();
    accountDecides();
    await nextRun(one).refresh();
    expect(one.outputs).toMatchObject({ drift: "none", verification: "accepted" });
    expect(await nextRun(one).up(program)).toBe("unchanged");
  });

  test("a server that cannot be asked changes nothing", async () => {
    const one = resource();
    await one.up(fresh({ onRefresh: true }));
    const { outputs } = one;
    answerLogin = (_, response) => response.writeHead(500).end();
    await nextRun(one).refresh();
    await nextRun(one).refresh();
    expect(printed()).toContain("not verified by a login");
    expect(one.outputs["verification"]).toBe(outputs["verification"]);
  });
});

test("a rehearsal logs in on this machine only", async () => {
  const one = resource();
  await one.up(fresh({ host: "registry.example.com", port: 443 }));
  expect(one.outputs).toMatchObject({ status: "confirmed", verification: "inconclusive" });
  expect(printed()).toContain("registry.example.com is not this machine, and a rehearsal");
});
