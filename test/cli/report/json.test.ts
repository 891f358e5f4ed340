import { json } from "../../../cli/report/json";
import { account, canary, generated, secret, urn } from "./exports";
import { makeReport } from "./make-report";

test("its shape", () => {
  const instance = { type: "tencentcloud:MariadbAccountPassword" };
  const identity = { region: "ap-guangzhou", instanceId: "tdsql-1", userName: "app", host: "10.%" };
  const resources = generated(
    "app",
    { generated: -92.5, due: -2.5, reason: "age 92 days > 90" },
    { ...instance, identity },
  );
  expect(JSON.parse(json(makeReport(resources, { maxAge: "90d" })))).toEqual({
    version: 1,
    time: "2026-05-01T12:00:00.000Z",
    stack: "shop/dev",
    maxAge: "90d",
    counts: {
      accounts: 1,
      unknown: 0,
      interrupted: 0,
      drift: 0,
      refused: 0,
      overdue: 1,
      maxAge: 1,
      dueSoon: 0,
    },
    accounts: [
      {
        urn: urn("tencentcloud:MariadbAccountPassword", "app"),
        name: "app",
        type: "tencentcloud:MariadbAccountPassword",
        service: "MariaDB",
        account: "ap-guangzhou/tdsql-1/app/10.%",
        identity,
        status: "confirmed",
        drift: "none",
        verification: null,
        concerns: ["overdue", "max-age"],
        revision: 1,
        changedAt: "2026-04-21T12:00:00.000Z",
        ageSeconds: 92.5 * 24 * 60 * 60,
        reason: "age 92 days > 90",
        nextDue: "2026-04-29T00:00:00.000Z",
        behind: false,
        requestId: "request-app",
      },
    ],
  });
});

test("what there is not is null", () => {
  const outputs = { changedAt: "", requestId: "", revision: undefined };
  const identity = { region: "ap-guangzhou", instanceId: secret(true) };
  const text = json(makeReport([account("one", { identity, outputs })]));
  expect(text).not.toContain(canary);
  expect(JSON.parse(text).accounts[0]).toMatchObject({
    account: "ap-guangzhou/?",
    identity: { region: "ap-guangzhou", instanceId: null },
    revision: null,
    changedAt: null,
    ageSeconds: null,
    reason: null,
    nextDue: null,
    requestId: null,
  });
  expect(JSON.parse(json(makeReport([])))).toMatchObject({
    stack: null,
    maxAge: null,
    accounts: [],
  });
});

test("names are whole, and no character of them reaches a terminal", () => {
  const instanceId = "\u009b2J\u202e\u2028<script>\u001b\u{e0001}";
  const text = json(
    makeReport([account("one", { identity: { region: "ap-guangzhou", instanceId } })]),
  );
  expect(JSON.parse(text).accounts[0].identity.instanceId).toBe(instanceId);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
});
