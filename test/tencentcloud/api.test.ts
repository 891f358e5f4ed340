import { startEmulator } from "../../emulator";
import type { Emulator } from "../../emulator";
import { Deadline } from "../../provider/deadline";
import type { HttpAnswer } from "../../provider/http";
import type { CodeMeaning } from "../../provider/outcome";
import { settings } from "../../provider/settings";
import { callTencentCloud, permission, understand } from "../../provider/tencentcloud/api";
import type { CallContext, TencentCloudRequest } from "../../provider/tencentcloud/api";
import { authorization } from "../../provider/tencentcloud/tc3-hmac-sha256";
import type { HttpServer, Responder } from "../servers";
import { closedPort, startHttpServer } from "../servers";

const secret = "canary-Password-1!";
const weak: CodeMeaning = { outcome: "refused", code: "PASSWORD_REJECTED", says: "weak" };
const codes = { "InvalidParameter.Weak": weak };

const request: TencentCloudRequest = {
  service: "redis",
  action: "ModifyInstancePassword",
  version: "2018-04-12",
  region: "ap-guangzhou",
  body: { InstanceId: "crs-1", Password: secret, OldPassword: undefined },
  perSecond: 20,
  codes,
};

/** Each test is a caller of its own, so that none waits for another's turn. */
let callers = 0;

function context(url: string, env: Record<string, string> = {}, seconds = 20): CallContext {
  const keys = {
    TENCENTCLOUD_SECRET_ID: `id-${++callers}`,
    TENCENTCLOUD_SECRET_KEY: "canary-secret-key",
  };
  const from = settings(() => undefined, { ...keys, TENCENTCLOUD_ENDPOINT: url, ...env });
  return { settings: from, profile: undefined, deadline: new Deadline(seconds) };
}

const succeed = answerWith({ Response: { TaskId: 1, RequestId: "r-1" } });

function answerWith(body: unknown): Responder {
  return (_request, response) => void response.end(JSON.stringify(body));
}

describe("callTencentCloud() sends", () => {
  let server: HttpServer;
  beforeEach(async () => {
    server = await startHttpServer(succeed);
  });
  afterEach(() => jest.restoreAllMocks());

  test("one POST to / with the vendor's headers and the body without what is undefined", async () => {
    await callTencentCloud(request, context(server.url));
    expect(server.requests).toHaveLength(1);
    const [received] = server.requests;
    expect(received).toMatchObject({
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/json; charset=utf-8",
        host: `127.0.0.1:${server.port}`,
        "x-tc-action": "ModifyInstancePassword",
        "x-tc-version": "2018-04-12",
        "x-tc-region": "ap-guangzhou",
        "x-tc-language": "en-US",
      },
      body: `{"InstanceId":"crs-1","Password":"${secret}"}`,
    });
    expect(received?.headers).not.toHaveProperty("x-tc-token");
    // Nothing secret beside the body: headers end up in logs of proxies.
    expect(JSON.stringify(received?.headers)).not.toContain("canary");
  });

  test("a signature over the host with its port, the action and the body", async () => {
    await callTencentCloud(request, context(server.url));
    const [received] = server.requests;
    const keys = { secretId: `id-${callers}`, secretKey: "canary-secret-key" };
    expect(received?.headers.authorization).toBe(
      authorization(keys, "redis", Number(received?.headers["x-tc-timestamp"]), {
        headers: {
          "content-type": "application/json; charset=utf-8",
          host: `127.0.0.1:${server.port}`,
          "x-tc-action": "ModifyInstancePassword",
        },
        payload: received?.body ?? "",
      }),
    );
  });

  test("the session token of temporary keys", async () => {
    await callTencentCloud(request, context(server.url, { TENCENTCLOUD_TOKEN: "token" }));
    expect(server.requests).toMatchObject([{ headers: { "x-tc-token": "token" } }]);
  });

  test("no empty session token", async () => {
    const from = context(server.url);
    const config = (key: string) =>
      ({ "tencentcloud:secretId": "i", "tencentcloud:secretKey": "k" })[key] ??
      (key === "tencentcloud:securityToken" ? "" : undefined);
    const ofConfiguration = settings(config, { TENCENTCLOUD_ENDPOINT: server.url });
    await callTencentCloud(request, { ...from, settings: ofConfiguration });
    expect(server.requests[0]?.headers).not.toHaveProperty("x-tc-token");
  });

  test("the time of each call, whatever the rotation clock says", async () => {
    const from = context(server.url, { ACCOUNT_PASSWORDS_NOW: "2020-01-01T00:00:00Z" });
    const clock = jest.spyOn(Date, "now");
    for (const now of [1_551_113_065_999, 1_551_113_066_000]) {
      clock.mockReturnValue(now);
      await callTencentCloud(request, from);
    }
    const sent = server.requests.map(({ headers }) => headers);
    expect(sent.map((headers) => headers["x-tc-timestamp"])).toEqual(["1551113065", "1551113066"]);
    expect(sent[0]?.authorization).toContain("/2019-02-25/redis/tc3_request");
    expect(sent[0]?.authorization).not.toBe(sent[1]?.authorization);
  });

  test("nothing without credentials", async () => {
    const from = context(server.url, { TENCENTCLOUD_SECRET_KEY: "" });
    await expect(callTencentCloud(request, from)).rejects.toMatchObject({
      code: "CREDENTIALS_MISSING",
    });
    expect(server.requests).toEqual([]);
  });

  test("nothing to a malformed endpoint", async () => {
    const from = context(`${server.url}/path`);
    await expect(callTencentCloud(request, from)).rejects.toMatchObject({
      code: "ENDPOINT_INVALID",
    });
    expect(server.requests).toEqual([]);
  });

  test("nothing when its turn or its time has passed", async () => {
    const from = context(server.url, {}, 0);
    expect(await callTencentCloud(request, from)).toMatchObject({
      outcome: "refused",
      code: "TIMEOUT",
    });
    expect(server.requests).toEqual([]);
  });

  test("each action at its own rate, for each key", async () => {
    const slow = { ...request, perSecond: 0.01 };
    const from = context(server.url);
    expect(await callTencentCloud(slow, from)).toMatchObject({ outcome: "done" });
    expect(await callTencentCloud(slow, from)).toMatchObject({ code: "TIMEOUT" });
    const other = { ...slow, action: "ResetPassword" };
    expect(await callTencentCloud(other, from)).toMatchObject({ outcome: "done" });
    expect(await callTencentCloud(slow, context(server.url))).toMatchObject({ outcome: "done" });
    expect(server.requests).toHaveLength(3);
  });
});

describe("callTencentCloud() takes", () => {
  test("a lost answer for unknown, and says nothing of what was sent", async () => {
    const server = await startHttpServer((_request, response) => {
      response.socket?.resetAndDestroy();
    });
    const answer = await callTencentCloud(request, context(server.url));
    expect(answer).toMatchObject({ outcome: "unknown", code: "OUTCOME_UNKNOWN" });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(server.requests).toHaveLength(1);
  });

  test("no connection for certainly nothing, worth another try", async () => {
    const from = context(`http://127.0.0.1:${await closedPort()}`);
    expect(await callTencentCloud(request, from)).toMatchObject({
      outcome: "tryAgain",
      code: "NETWORK",
    });
  });
});

describe("callTencentCloud() and the emulator", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      accounts: {
        tencentcloud: { redis: [{ instanceId: "crs-1", password: "canary-Old-1" }] },
      },
    });
  });
  afterAll(() => emulator.close());

  const read: TencentCloudRequest = {
    ...request,
    action: "DescribeInstances",
    body: { InstanceId: "crs-1", Limit: 20, Offset: 0 },
    codes: { "AuthFailure.SignatureFailure": { ...weak, code: "AUTH_FAILED" } },
  };

  test("agree on the signature", async () => {
    expect(await callTencentCloud(read, context("", { ...emulator.environment }))).toMatchObject({
      outcome: "done",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      value: { InstanceSet: [{ InstanceId: "crs-1" }] },
    });
  });

  test("agree that another key's signature is none", async () => {
    const env = { ...emulator.environment, TENCENTCLOUD_SECRET_KEY: "another" };
    expect(await callTencentCloud(read, context("", env))).toMatchObject({
      outcome: "refused",
      code: "AUTH_FAILED",
      vendor: { vendorCode: "AuthFailure.SignatureFailure", requestId: expect.any(String) },
    });
  });
});

describe("understand", () => {
  function response(json: unknown, status = 200): HttpAnswer {
    return { kind: "response", status, header: () => "", ...(json === undefined ? {} : { json }) };
  }

  test("takes an answer with a request id and without an error for done", () => {
    const json = { Response: { TaskId: 7, RequestId: "r-1", Error: null } };
    expect(understand(response(json), codes)).toMatchObject({
      outcome: "done",
      requestId: "r-1",
      value: { TaskId: 7 },
    });
  });

  const error = (Code: unknown, more: object = {}) => ({
    Response: { Error: { Code, Message: `bad ${secret}` }, RequestId: "r-1", ...more },
  });

  test.each([200, 400, 403, 500, 503])(
    "takes an error code at status %i for its meaning",
    (status) => {
      expect(understand(response(error("InvalidParameter.Weak"), status), codes)).toEqual({
        ...weak,
        vendor: { vendorCode: "InvalidParameter.Weak", requestId: "r-1" },
      });
    },
  );

  test("takes an error beside a result for an error", () => {
    const answer = understand(response(error("InvalidParameter.Weak", { TaskId: 7 })), codes);
    expect(answer).toMatchObject({ outcome: "refused" });
  });

  test("takes a code that is not documented for unknown, and says nothing of the vendor's text", () => {
    const answer = understand(response(error("InvalidParameter.New")), codes);
    expect(answer).toMatchObject({
      outcome: "unknown",
      repeat: "few",
      vendor: { vendorCode: "InvalidParameter.New", requestId: "r-1" },
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  test.each<[string, unknown, number]>([
    ["no body", undefined, 200],
    ["null", null, 200],
    ["a text", "done", 200],
    ["a list", [{ Response: { RequestId: "r-1" } }], 200],
    ["no envelope", { RequestId: "r-1" }, 200],
    ["an empty envelope", { Response: {} }, 200],
    ["an envelope that is null", { Response: null }, 200],
    ["an envelope that is a list", { Response: ["r-1"] }, 200],
    ["no request id", { Response: { TaskId: 1 } }, 200],
    ["a request id that is no text", { Response: { RequestId: 1 } }, 200],
    ["an error without a code", { Response: { Error: {}, RequestId: "r-1" } }, 200],
    ["an error that is a text", { Response: { Error: "no", RequestId: "r-1" } }, 200],
    ["an error that is false", { Response: { Error: false, RequestId: "r-1" } }, 200],
    ["an empty code", error(""), 200],
    ["a code that is no text", error(400), 200],
    ["a code of many words", error(`see ${secret}`), 200],
    ["a code that speaks to the terminal", error("\u001b[2J"), 200],
    ["a code of many lines", error("A\nB"), 200],
    ["a code without end", error("A".repeat(1000)), 200],
    ["a success with status 201", { Response: { RequestId: "r-1" } }, 201],
    ["a redirect", { Response: { RequestId: "r-1" } }, 302],
    ["a success with status 500", { Response: { RequestId: "r-1" } }, 500],
    ["a gateway's page", undefined, 502],
  ])("takes %s for unknown", (_what, json, status) => {
    const answer = understand(response(json, status), codes);
    expect(answer).toMatchObject({
      outcome: "unknown",
      code: "OUTCOME_UNKNOWN",
      httpStatus: status,
      says: `the answer (HTTP status ${status}) is not one that the API documents`,
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  test.each(["r 1", "\u001b[2J", "r\n1", "r".repeat(1000)])(
    "shows no request id that has not the form of one: %p",
    (RequestId) => {
      const done = understand(response({ Response: { RequestId } }), codes);
      expect(done).toMatchObject({ outcome: "done", requestId: "" });
      const failed = understand(response(error("InvalidParameter.Weak", { RequestId })), codes);
      expect(failed).toMatchObject({ outcome: "refused", vendor: { requestId: "" } });
    },
  );
});

test("permission() is CAM's name of an action", () => {
  expect(permission({ service: "tcr", action: "ModifyServiceAccountPassword" })).toBe(
    "tcr:ModifyServiceAccountPassword",
  );
});
