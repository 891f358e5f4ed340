import { startEmulator } from "../../emulator";
import type { CallContext } from "../../provider/account-service";
import { Deadline } from "../../provider/deadline";
import { asCredentialProblem, iamToken } from "../../provider/huaweicloud/iam";
import type { Answer, Failure } from "../../provider/outcome";
import { done } from "../../provider/outcome";
import { redact } from "../../provider/redact";
import { settings } from "../../provider/settings";
import type { HttpServer, Responder } from "../servers";
import { closedPort, startHttpServer } from "../servers";

const secret = "canary-iam-password-1!";
const place = { region: "cn-north-4", projectId: "project-1" };
const hour = 60 * 60 * 1000;

/** Each test is a user of its own, so that none gets another's token. */
let users = 0;
let user = "";
beforeEach(() => (user = `user-${++users}`));
afterEach(() => jest.restoreAllMocks());

function context(url: string, env: Record<string, string> = {}, seconds = 20): CallContext {
  const variables = {
    HW_USER_NAME: user,
    HW_USER_PASSWORD: secret,
    HW_DOMAIN_NAME: "domain",
    HUAWEICLOUD_IAM_ENDPOINT: url,
    ...env,
  };
  return {
    settings: settings(() => undefined, variables),
    profile: undefined,
    deadline: new Deadline(seconds),
  };
}

/** IAM as it answers: the token in a header, each one another. */
function startIam(expiresAt: () => unknown = () => new Date(Date.now() + 24 * hour).toISOString()) {
  const iam: HttpServer[] = [];
  const respond: Responder = (_request, response) => {
    const number = iam[0]?.requests.length;
    response.writeHead(201, { "X-Subject-Token": `canary-${user}-token-${number}` });
    response.end(JSON.stringify({ token: { expires_at: expiresAt() } }));
  };
  return startHttpServer(respond).then((server) => {
    iam.push(server);
    return server;
  });
}

function answerWith(status: number, body: unknown, headers = {}): Responder {
  return (_request, response) => void response.writeHead(status, headers).end(JSON.stringify(body));
}

async function text(answer: Promise<Answer<string>>): Promise<string> {
  const found = await answer;
  return found.outcome === "done" ? found.value : found.outcome;
}

describe("iamToken", () => {
  test("is the one that was given, without a call", async () => {
    const iam = await startIam();
    const from = context(iam.url, { HW_AUTH_TOKEN: "given" });
    expect(await iamToken(place, from)).toEqual(done("given"));
    expect(iam.requests).toEqual([]);
  });

  test("is got with a user's name and password, for the project", async () => {
    const iam = await startIam();
    expect(await text(iamToken(place, context(iam.url)))).toBe(`canary-${user}-token-1`);
    expect(iam.requests).toMatchObject([
      { method: "POST", path: "/v3/auth/tokens", headers: { accept: "application/json" } },
    ]);
    expect(JSON.parse(iam.requests[0]?.body ?? "")).toEqual({
      auth: {
        identity: {
          methods: ["password"],
          password: { user: { name: user, password: secret, domain: { name: "domain" } } },
        },
        scope: { project: { id: "project-1" } },
      },
    });
    expect(redact(`canary-${user}-token-1`)).toBe("[secret]");
  });

  test("is got once for all who ask, and once for each project and user", async () => {
    const iam = await startIam();
    const many = Array.from({ length: 20 }, () => text(iamToken(place, context(iam.url))));
    expect(new Set(await Promise.all(many)).size).toBe(1);
    expect(iam.requests).toHaveLength(1);
    await iamToken({ ...place, projectId: "project-2" }, context(iam.url));
    await iamToken(place, context(iam.url, { HW_DOMAIN_NAME: "other" }));
    await iamToken(place, context(iam.url, { HW_USER_NAME: `other-${user}` }));
    expect(iam.requests).toHaveLength(4);
  });

  test.each<[string, () => unknown, number]>([
    ["shortly before it ends", () => new Date(Date.now() + 2 * hour).toISOString(), 2 * hour],
    ["after a day, where it does not say when it ends", () => undefined, 24 * hour],
    ["after a day, where it says nothing that is a time", () => "soon", 24 * hour],
  ])("is renewed %s", async (_when, expiresAt, lifeMs) => {
    const start = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(start);
    const iam = await startIam(expiresAt);
    const ask = () => text(iamToken(place, context(iam.url)));
    expect(await ask()).toBe(`canary-${user}-token-1`);
    clock.mockReturnValue(start + lifeMs - 6 * 60 * 1000);
    expect(await ask()).toBe(`canary-${user}-token-1`);
    clock.mockReturnValue(start + lifeMs - 60 * 1000);
    expect(await ask()).toBe(`canary-${user}-token-2`);
  });

  test.each<[number, unknown, string, string]>([
    [401, { error: { code: 401, message: secret } }, "refused", "AUTH_FAILED"],
    [403, { error_code: "SVCSTG.403", error_msg: secret }, "refused", "PERMISSION_DENIED"],
    [403, {}, "refused", "PERMISSION_DENIED"],
    [400, { error: { message: secret } }, "refused", "AUTH_FAILED"],
    [409, {}, "refused", "AUTH_FAILED"],
    [404, { error: { code: 404 } }, "refused", "NOT_FOUND"],
    [429, {}, "tryAgain", "THROTTLED"],
    [500, {}, "tryAgain", "NETWORK"],
    [503, {}, "tryAgain", "NETWORK"],
    [302, {}, "tryAgain", "NETWORK"],
    [201, {}, "refused", "AUTH_FAILED"], // without a token
  ])("status %i, %p: %s, and never unknown", async (status, body, outcome, code) => {
    const iam = await startHttpServer(answerWith(status, body));
    const answer = await iamToken(place, context(iam.url));
    expect(answer).toMatchObject({ outcome, code });
    expect(JSON.stringify(answer)).not.toContain("canary");
    await iamToken(place, context(iam.url));
    expect(iam.requests).toHaveLength(2); // a failure is not kept
  });

  test("an answer that got lost, or no connection: nothing is unknown", async () => {
    const iam = await startHttpServer((_request, response) => {
      response.socket?.resetAndDestroy();
    });
    const tryAgain = { outcome: "tryAgain", code: "NETWORK" };
    expect(await iamToken(place, context(iam.url))).toMatchObject(tryAgain);
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    expect(await iamToken(place, context(nobody))).toMatchObject(tryAgain);
  });

  test("half of a user: nothing is sent", async () => {
    const iam = await startIam();
    const from = context(iam.url, { HW_DOMAIN_NAME: "" });
    await expect(iamToken(place, from)).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect(iam.requests).toEqual([]);
  });

  test("the emulator takes the request for one of Keystone", async () => {
    const emulator = await startEmulator();
    try {
      const from = settings(() => undefined, emulator.environment);
      const { HW_PROJECT_ID: projectId = "" } = emulator.environment;
      const ask = iamToken({ ...place, projectId }, { ...context(""), settings: from });
      expect(await text(ask)).toMatch(/^emulator-iam-/);
    } finally {
      await emulator.close();
    }
  });
});

describe("asCredentialProblem", () => {
  test.each<Failure>([
    { outcome: "refused", code: "TIMEOUT", says: "no time" },
    { outcome: "tryAgain", code: "NETWORK", says: "no connection" },
    { outcome: "wrongOldPassword", code: "AUTH_FAILED", says: "wrong" },
  ])("leaves %p as it is", (failure) => expect(asCredentialProblem(failure)).toBe(failure));

  test("never leaves anything unknown", () => {
    for (const httpStatus of [undefined, 200, 301, 400, 401, 404, 429, 499, 500, 504]) {
      const failure = { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: "?" } as const;
      const problem = asCredentialProblem(
        httpStatus === undefined ? failure : { ...failure, httpStatus },
      );
      expect(problem.outcome).not.toBe("unknown");
      expect(problem.code).not.toBe("OUTCOME_UNKNOWN");
    }
  });
});
