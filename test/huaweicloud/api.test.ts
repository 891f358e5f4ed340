import { Deadline } from "../../provider/deadline";
import { callHuawei } from "../../provider/huaweicloud/api";
import type { Responder } from "../servers";
import { closedPort, startHttpServer } from "../servers";

const secret = "canary-Password-1!";

/** Each test is a caller of its own, so that none waits for another's turn. */
let callers = 0;

function call(url: string, seconds = 20, caller = `caller-${++callers}`) {
  const request = {
    method: "POST",
    url: `${url}/v3/p/accounts/alice/password`,
    headers: { "Content-Type": "application/json;charset=UTF-8", "X-Auth-Token": "token" },
    body: JSON.stringify({ password: secret }),
  } as const;
  return callHuawei(request, caller, { deadline: new Deadline(seconds) });
}

function answerWith(status: number, body: unknown, headers = {}): Responder {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (_request, response) => void response.writeHead(status, headers).end(text);
}

describe("callHuawei() is done with", () => {
  test.each<[number, string | object]>([
    [200, ""],
    [200, { Result: "string" }],
    [200, { result: "string" }],
    [201, { token: {} }],
    [204, ""],
    [200, "\n"],
  ])("status %i and %p", async (status, body) => {
    const server = await startHttpServer(answerWith(status, body, { "X-Request-Id": "r-1" }));
    const answer = await call(server.url);
    expect(answer).toMatchObject({ outcome: "done", requestId: "r-1" });
    expect(server.requests).toMatchObject([
      {
        path: "/v3/p/accounts/alice/password",
        headers: { "x-auth-token": "token" },
        body: `{"password":"${secret}"}`,
      },
    ]);
  });

  test("an answer without a request id, and hands on body and headers", async () => {
    const server = await startHttpServer(answerWith(201, { a: 1 }, { "X-Subject-Token": "t" }));
    const answer = await call(server.url);
    if (answer.outcome !== "done") throw new Error(answer.says);
    expect(answer.requestId).toBe("");
    expect(answer.value.json).toEqual({ a: 1 });
    expect(answer.value.header("X-Subject-Token")).toBe("t");
  });
});

describe("callHuawei() reads of a failure its code only:", () => {
  test.each<[string, number, object, string, string]>([
    ["of the control plane", 400, { error_code: "400001" }, "refused", "PASSWORD_REJECTED"],
    ["of the engine", 401, { errorCode: "401207" }, "wrongOldPassword", "CURRENT_PASSWORD_UNKNOWN"],
    ["as a number", 403, { errorCode: 403201 }, "refused", "ACCOUNT_LOCKED"],
    ["that is not documented", 400, { error_code: "400999" }, "unknown", "OUTCOME_UNKNOWN"],
    ["of an internal error", 500, { error_code: "500003" }, "unknown", "OUTCOME_UNKNOWN"],
  ])("a code %s", async (_what, status, code, outcome, meaning) => {
    const body = { ...code, error_msg: `bad ${secret}`, detail: `invalid value '${secret}'` };
    const server = await startHttpServer(answerWith(status, body, { "X-Request-Id": "r-1" }));
    const answer = await call(server.url);
    expect(answer).toMatchObject({
      outcome,
      code: meaning,
      vendor: { vendorCode: String(Object.values(code)[0]), requestId: "r-1" },
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });
});

describe("callHuawei() takes for unknown", () => {
  test.each<[string, number, unknown]>([
    ["a page with status 200", 200, `<html>${secret}</html>`],
    ["half an answer with status 200", 200, `{"Result": "${secret}`],
    ["a page with status 502", 502, `<html>${secret}</html>`],
    ["nothing with status 500", 500, ""],
    ["a redirect", 302, ""],
    ["a body without a code", 400, { error_msg: secret }],
    ["a body that is a list", 400, [{ error_code: "400001" }]],
    ["a body that is a text", 400, JSON.stringify(secret)],
    ["a body that is null", 400, null],
    ["a code that is none", 400, { error_code: { a: secret } }],
    ["a code of many words", 400, { error_code: `see ${secret}` }],
    ["a code that speaks to the terminal", 400, { errorCode: "\u001b[2J" }],
    ["an empty code", 400, { error_code: "" }],
  ])("%s", async (_what, status, body) => {
    const server = await startHttpServer(answerWith(status, body));
    const answer = await call(server.url);
    expect(answer).toMatchObject({ outcome: "unknown", httpStatus: status });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  test("a lost answer", async () => {
    const server = await startHttpServer((_request, response) => {
      response.socket?.resetAndDestroy();
    });
    expect(await call(server.url)).toMatchObject({ outcome: "unknown", code: "OUTCOME_UNKNOWN" });
  });
});

describe("callHuawei() sends nothing", () => {
  test("without a connection", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await call(url)).toMatchObject({ outcome: "tryAgain", code: "NETWORK" });
  });

  test("when its time has passed", async () => {
    const server = await startHttpServer(answerWith(200, ""));
    expect(await call(server.url, 0)).toMatchObject({ outcome: "refused", code: "TIMEOUT" });
    expect(server.requests).toEqual([]);
  });

  test("before its turn, for each caller", async () => {
    const server = await startHttpServer(answerWith(200, ""));
    process.env["ACCOUNT_PASSWORDS_RATE"] = "0.01/s";
    try {
      const caller = "the same";
      expect(await call(server.url, 20, caller)).toMatchObject({ outcome: "done" });
      expect(await call(server.url, 20, caller)).toMatchObject({ code: "TIMEOUT" });
      expect(await call(server.url)).toMatchObject({ outcome: "done" });
    } finally {
      delete process.env["ACCOUNT_PASSWORDS_RATE"];
    }
    expect(server.requests).toHaveLength(2);
  });
});

test("callHuawei() shows no request id that has not the form of one", async () => {
  const headers = { "X-Request-Id": "see here" };
  const server = await startHttpServer(answerWith(200, "", headers));
  expect(await call(server.url)).toMatchObject({ outcome: "done", requestId: "" });
});
