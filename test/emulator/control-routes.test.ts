import type { Emulator } from "../../emulator";
import { get, opens, post, requests, start } from "./support/emulator";
import { http } from "./support/http";
import { api } from "./support/tencentcloud";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

describe("the Host header", () => {
  const ask = (host: string, path = "/emulator/accounts") =>
    http(`${emulator.url}${path}`, { headers: { Host: host } });

  test.each(["127.0.0.1", "127.0.0.1:1", "localhost", "localhost:8080", "LOCALHOST", "[::1]:1"])(
    "%s is let in",
    async (host) => {
      expect((await ask(host)).status).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "evil.example:127.0.0.1",
    "10.0.0.1",
  ])("%s gets 403 on every route, and no password", async (host) => {
    const answer = await ask(host);
    expect(answer.status).toBe(403);
    expect(answer.json).toEqual({ error: "the Host header must be a loopback address" });
    expect((await ask(host, "/emulator/nothing")).status).toBe(403);
  });
});

test("an unknown route is 404, another method 405, broken JSON 400", async () => {
  const unknown = await get(emulator, "nothing");
  expect([unknown.status, unknown.json]).toEqual([
    404,
    { error: "no such route: /emulator/nothing" },
  ]);
  expect((await http(`${emulator.url}/emulator`)).status).toBe(404);
  const method = await get(emulator, "login");
  expect([method.status, method.json]).toEqual([405, { error: "/emulator/login takes POST" }]);
  for (const route of ["accounts", "login", "faults", "clock"]) {
    const broken = await post(emulator, route, "{");
    expect([broken.status, broken.json]).toEqual([400, { error: "the body is not JSON" }]);
  }
});

test("what is no vendor's API is 404", async () => {
  expect((await http(`${emulator.url}/v9/anything`)).status).toBe(404);
});

test("GET /emulator/accounts is what --accounts takes", async () => {
  const { json } = await get(emulator, "accounts");
  expect(json.tencentcloud.redis).toEqual([{ instanceId: "crs-5a4p1234", password: "zy45Old_pw" }]);
  const copy = await start({ accounts: json });
  expect((await get(copy, "accounts")).json).toEqual(json);
});

test("POST /emulator/accounts refuses what the accounts file may not hold", async () => {
  const { status, json } = await post(emulator, "accounts", { tencentcloud: { redis: [{}] } });
  expect([status, json]).toEqual([400, { error: "tencentcloud.redis[0]: instanceId is missing" }]);
});

describe("POST /emulator/login", () => {
  const quickstart = [
    [
      "tencentcloud:TcrServiceAccountPassword",
      { registryId: "tcr-gijwqid7", accountName: "robot" },
      "OldPass123",
    ],
    [
      "tencentcloud:MariadbAccountPassword",
      { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%" },
      "abcd8765_.",
    ],
    [
      "tencentcloud:PostgresqlAccountPassword",
      { instanceId: "postgres-lnp6j617", userName: "app" },
      "1234Qwer()",
    ],
    ["tencentcloud:RedisInstancePassword", { instanceId: "crs-5a4p1234" }, "zy45Old_pw"],
    [
      "huaweicloud:ServicecombAccountPassword",
      { engineId: "engine-1", accountName: "alice" },
      "Alice@123x",
    ],
  ] as const;

  test.each(quickstart)("%s", async (type, account, password) => {
    const login = (body: object) => post(emulator, "login", { type, account, password, ...body });
    const right = await login({});
    expect([right.status, right.json]).toEqual([200, { ok: true }]);
    expect((await login({ account: { region: "ap-guangzhou", ...account } })).status).toBe(200);
    const wrong = await login({ password: `${password}x` });
    expect([wrong.status, wrong.json]).toEqual([401, { ok: false }]);
    const [name] = Object.keys(account);
    expect((await login({ account: { ...account, [String(name)]: "none" } })).status).toBe(401);
    expect((await login({ account: {} })).status).toBe(400);
  });

  test.each([
    [{ type: "tencentcloud:Other" }, /^type is not/],
    [{ account: { instanceId: "crs-5a4p1234", userName: "x" } }, /^unknown field "userName"/],
    [{ account: { instanceId: 1 } }, /^instanceId of account must be a text$/],
    [{ account: "crs-5a4p1234" }, /^account must be an object$/],
    [{ password: 1 }, /^password must be a text$/],
  ])("refuses %j with 400", async (body, text) => {
    const good = {
      type: "tencentcloud:RedisInstancePassword",
      account: { instanceId: "crs-5a4p1234" },
      password: "zy45Old_pw",
    };
    const { status, json } = await post(emulator, "login", { ...good, ...body });
    expect(status).toBe(400);
    expect(json.error).toMatch(text);
  });

  test("a TCR account that is disabled, expired, deleted or without its registry is refused", async () => {
    const [type, account, password] = quickstart[0];
    const inTime = Date.now() + 3600_000;
    for (const [fields, expected] of [
      [{ disabled: true }, false],
      [{ disabled: null, expiresAt: inTime }, true],
      [{ expiresAt: 1 }, false],
      [{ expiresAt: null, deleted: true }, false],
      [{ deleted: null, instanceDeleted: true }, false],
      [{ instanceDeleted: null }, true],
    ] as const) {
      await post(emulator, "accounts", { tencentcloud: { tcr: [{ ...account, ...fields }] } });
      expect(await opens(emulator, type, account, password)).toBe(expected);
    }
  });

  test("is in no request log", async () => {
    await opens(
      emulator,
      "tencentcloud:RedisInstancePassword",
      { instanceId: "crs-5a4p1234" },
      "x",
    );
    expect(await requests(emulator)).toEqual([]);
  });
});

test.each([[{}], [{ advanceSeconds: -1 }], [{ advanceSeconds: "1" }], [[]]])(
  "POST /emulator/clock refuses %j",
  async (body) => {
    expect((await post(emulator, "clock", body)).status).toBe(400);
  },
);

test("POST /emulator/clock moves the clock on, each time from where it is", async () => {
  const advance = async () =>
    Date.parse((await post(emulator, "clock", { advanceSeconds: 60 })).json.now) - Date.now();
  expect(Math.abs((await advance()) - 60_000)).toBeLessThan(2000);
  expect(Math.abs((await advance()) - 120_000)).toBeLessThan(2000);
});

test("POST /emulator/reset clears accounts, requests, faults, clock and running tasks", async () => {
  const type = "tencentcloud:RedisInstancePassword";
  const redis = [{ instanceId: "crs-5a4p1234", disabled: undefined, taskMs: 100 }];
  await post(emulator, "accounts", { tencentcloud: { redis } });
  await post(emulator, "faults", { service: "mariadb", when: "before", what: "hang" });
  await post(emulator, "clock", { advanceSeconds: 1000 });
  const { TaskId } = await api(emulator, {
    service: "redis",
    action: "ModifyInstancePassword",
    body: { InstanceId: "crs-5a4p1234", OldPassword: "zy45Old_pw", Password: "4569New_pw" },
  });
  await post(emulator, "reset");
  expect(await requests(emulator)).toEqual([]);
  expect((await get(emulator, "accounts")).json.tencentcloud.redis).toEqual([
    { instanceId: "crs-5a4p1234", password: "zy45Old_pw" },
  ]);
  const clock = await post(emulator, "clock", { advanceSeconds: 0 });
  expect(Math.abs(Date.parse(clock.json.now) - Date.now())).toBeLessThan(2000);
  const read = { service: "mariadb", action: "DescribeDBInstances", body: {} } as const;
  expect((await api(emulator, read)).Error).toBeUndefined();
  const task = { service: "redis", action: "DescribeTaskInfo", body: { TaskId } } as const;
  expect((await api(emulator, task)).Error?.Code).toBe("InvalidParameter.InvalidParameter");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await opens(emulator, type, { instanceId: "crs-5a4p1234" }, "zy45Old_pw")).toBe(true);
});
