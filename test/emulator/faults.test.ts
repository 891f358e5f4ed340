import { connect } from "node:net";
import type { Emulator, Fault } from "../../emulator";
import { opens, post, requests, sleep, start, until } from "./support/emulator";
import { http } from "./support/http";
import { createToken, exchange, login } from "./support/huaweicloud";
import { api, send } from "./support/tencentcloud";

const type = "tencentcloud:TcrServiceAccountPassword";
const robot = { registryId: "tcr-gijwqid7", accountName: "robot" };
const change = {
  service: "tcr",
  action: "ModifyServiceAccountPassword",
  body: {
    RegistryId: "tcr-gijwqid7",
    Name: "robot",
    Random: false,
    Password: "NewPass123",
  },
} as const;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
});

const changed = () => opens(emulator, type, robot, "NewPass123");
const add = (fault: unknown) => post(emulator, "faults", fault);

async function strike(what: string, when: Fault["when"], timeoutMs = 10_000) {
  expect((await add({ service: "tcr", action: change.action, what, when })).status).toBe(200);
  return send(emulator, { ...change, timeoutMs });
}

describe.each(["before", "after"] as const)("a fault %s the effect", (when) => {
  const effect = when === "after";

  afterEach(async () => {
    // It has struck once: the next call is answered, and the fault stands in the log.
    const { json } = await send(emulator, change);
    expect(json.Response.Error).toBeUndefined();
    expect(await changed()).toBe(true);
    const [first, second] = await requests(emulator);
    expect(first?.outcome).toMatch(/^fault:/);
    expect(second?.outcome).toBe("ok");
  });

  test("hang: no answer, the connection stays open", async () => {
    await expect(strike("hang", when, 300)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    expect(await changed()).toBe(effect);
  });

  test("reset: the connection is reset", async () => {
    await expect(strike("reset", when)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await changed()).toBe(effect);
  });

  test.each([503, 200])("status:%i: that status with HTML, no envelope", async (status) => {
    const answer = await strike(`status:${status}`, when);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("text/html");
    expect(answer.json).toBeUndefined();
    expect(await changed()).toBe(effect);
  });

  test("status:307: a redirect, which a client must not follow with the password", async () => {
    const answer = await strike("status:307", when);
    expect(answer.headers.location).toBe("/elsewhere");
    expect(await changed()).toBe(effect);
  });

  test("error:<Code>: the vendor's envelope with that code", async () => {
    const answer = await strike("error:FailedOperation.DbError", when);
    expect(answer.status).toBe(200);
    expect(answer.json.Response.Error.Code).toBe("FailedOperation.DbError");
    expect(await changed()).toBe(effect);
  });

  test("garbage: 200 with half a body", async () => {
    const answer = await strike("garbage", when);
    expect(answer).toMatchObject({ status: 200, json: undefined });
    expect(await changed()).toBe(effect);
  });

  test("delay:<ms>: the true answer later", async () => {
    const started = Date.now();
    const answer = strike("delay:400", when);
    await until(
      () => requests(emulator),
      (log) => log.length === 1,
    );
    expect(await changed()).toBe(effect);
    expect((await answer).json.Response.Password).toBe("NewPass123");
    expect(Date.now() - started).toBeGreaterThanOrEqual(395);
    expect(await changed()).toBe(true);
  });

  test("lateEffect:<ms>: reset at once, the effect comes although the client is gone", async () => {
    const started = Date.now();
    await expect(strike("lateEffect:400", when)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(Date.now() - started).toBeLessThan(395);
    expect(await changed()).toBe(false);
    await until(changed, (done) => done);
    expect(Date.now() - started).toBeGreaterThanOrEqual(395);
  });
});

test("reset sends RST: the client loses the connection, it does not see an end", async () => {
  await add({ when: "before", what: "reset" });
  const { hostname, port } = new URL(emulator.url);
  const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"),
    );
    socket.on("error", resolve);
    socket.on("end", () => reject(new Error("ended")));
    socket.resume();
  });
  expect(error.code).toBe("ECONNRESET");
});

test("a delayed request has its effect although the client has given up", async () => {
  await expect(strike("delay:300", "before", 100)).rejects.toMatchObject({ code: "ETIMEDOUT" });
  expect(await changed()).toBe(false);
  await until(changed, (done) => done);
});

test("a fault strikes as many requests as it says, in the order given", async () => {
  await add([
    { service: "tcr", when: "before", what: "error:InternalError", times: 2 },
    { when: "before", what: "status:502" },
  ]);
  expect((await api(emulator, change)).Error?.Code).toBe("InternalError");
  expect((await api(emulator, change)).Error?.Code).toBe("InternalError");
  expect((await send(emulator, change)).status).toBe(502);
  expect((await api(emulator, change)).Error).toBeUndefined();
});

test.each([
  [{ service: "redis" }, false],
  [{ service: "tcr" }, true],
  [{ action: "DescribeServiceAccounts" }, false],
  [{ action: "ModifyServiceAccountPassword" }, true],
  [{ account: { accountName: "robot" } }, true],
  [{ account: { accountName: "tcr$robot", registryId: "tcr-gijwqid7" } }, true],
  [{ account: { accountName: "another" } }, false],
  [{ account: { region: "ap-guangzhou" } }, true],
  [{ account: { region: "ap-beijing" } }, false],
  [{ account: { userName: "robot" } }, false],
  [{}, true],
])("the fault %j strikes the change of robot: %p", async (selection, strikes) => {
  await add({ ...selection, when: "before", what: "status:503" });
  expect((await send(emulator, change)).status).toBe(strikes ? 503 : 200);
});

test("[] clears", async () => {
  await add({ when: "before", what: "status:503" });
  await add([]);
  expect((await send(emulator, change)).status).toBe(200);
});

test("a refused request is struck too: the client does not learn of the refusal", async () => {
  await add({ when: "after", what: "status:503" });
  const wrong = { ...change, body: { ...change.body, Password: "weak" } };
  expect((await send(emulator, wrong)).status).toBe(503);
  expect(await changed()).toBe(false);
});

test("reset drops what is postponed", async () => {
  await expect(strike("lateEffect:200", "before")).rejects.toMatchObject({ code: "ECONNRESET" });
  await post(emulator, "reset");
  await sleep(300);
  expect(await changed()).toBe(false);
});

describe("error:<Code> in the other envelopes", () => {
  test("IAM", async () => {
    await add({ service: "iam", action: "CreateToken", when: "before", what: "error:403" });
    const { status, json, headers } = await createToken(emulator);
    expect([status, json.error.code]).toEqual([403, 403]);
    expect(headers["x-subject-token"]).toBeUndefined();
  });

  test.each([
    ["403205", 403],
    ["APIGW.0308", 429],
    ["SVCSTG.00500404", 404],
    ["SVCSTG.00501134", 400],
  ])("the control plane, %s", async (code, httpStatus) => {
    await add({ service: "cse", action: "ExchangeToken", when: "before", what: `error:${code}` });
    const { status, json } = await exchange(emulator);
    expect([status, json.error_code]).toEqual([httpStatus, code]);
  });

  test("the engine", async () => {
    await add({ service: "cse", action: "Login", when: "before", what: "error:403201" });
    const { status, json } = await login(emulator, "alice", "Alice@123x");
    expect(status).toBe(403);
    expect(json).toEqual({ errorCode: "403201", errorMessage: "Account blocked" });
  });
});

test.each([
  ["no object", "x", /must be an object/],
  ["no when", { what: "hang" }, /when must be/],
  ["no what", { when: "before" }, /what must be/],
  ["another what", { when: "before", what: "explode" }, /what must be one of hang, /],
  ["a status of another form", { when: "before", what: "status:abc" }, /what must be one of/],
  ["a delay without number", { when: "before", what: "delay" }, /what must be one of/],
  ["an error without code", { when: "before", what: "error:" }, /what must be one of/],
  ["hang with an argument", { when: "before", what: "hang:1" }, /what must be one of/],
  ["another service", { when: "before", what: "hang", service: "cvm" }, /service must be one of/],
  [
    "an action of another service",
    { when: "before", what: "hang", service: "tcr", action: "ResetPassword" },
    /action must be one of ModifyServiceAccountPassword, /,
  ],
  [
    "another part of an identity",
    { when: "before", what: "hang", account: { name: "robot" } },
    /unknown field "name" of account/,
  ],
  ["no times", { when: "before", what: "hang", times: 0 }, /times must be/],
  ["a field that is none", { when: "before", what: "hang", delay: 1 }, /unknown field "delay"/],
  [
    "a task of a service that has none",
    { when: "before", what: "taskFails", service: "tcr" },
    /taskFails strikes redis/,
  ],
])("refuses a fault with %s, and takes none of its list", async (_name, fault, text) => {
  const { status, json } = await add([{ when: "before", what: "status:503" }, fault]);
  expect(status).toBe(400);
  expect(json.error).toMatch(text);
  expect((await send(emulator, change)).status).toBe(200);
});

test("faults of the start strike like later ones", async () => {
  const prepared = await start({ faults: [{ when: "before", what: "status:503", times: 2 }] });
  expect((await http(prepared.url, { method: "POST" })).status).toBe(503);
  expect((await http(prepared.url, { method: "POST" })).status).toBe(503);
  expect((await http(prepared.url, { method: "POST" })).status).toBe(200);
});
