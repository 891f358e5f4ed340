import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { AccountService } from "../../provider/account-service";
import { selfSignedCertificate } from "../certificate";
import * as peers from "../../provider/optional-peers";
import { services } from "../../provider/services";
import { settings } from "../../provider/settings";
import { verifyProblems } from "../../provider/verification/verify-inputs";

const unknown = pulumi.runtime.unknownValue;
const configured = settings(() => undefined);

function service(type: string): AccountService {
  return services.get(type)!;
}

function problems(type: string, verify: unknown, account = {}): string[] {
  return verifyProblems(service(type).verifier!, verify, { account, settings: configured });
}

const mariadb = "tencentcloud:MariadbAccountPassword";
const servicecomb = "huaweicloud:ServicecombAccountPassword";

test("every kind of account can be verified", () => {
  for (const { verifier } of services.values()) expect(verifier).toBeDefined();
});

test.each<[string, unknown]>([
  ["least", { host: "db.internal" }],
  ["most", { host: "db.internal", port: 3306, database: "app", tls: { serverName: "db" }, onRefresh: true, timeoutSeconds: 600 }], // prettier-ignore
  ["without a value", { host: "::1", port: undefined, tls: null }],
  ["not known yet", unknown],
  ["parts not known yet", { host: unknown, port: unknown, tls: { caFile: unknown } }],
])("allowed: %s", (_, verify) => {
  expect(problems(mariadb, verify)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["no object", true, "verify must be an object with host, port, tls, database, onRefresh, timeoutSeconds"],
  ["no host", {}, "verify.host is missing"],
  ["an unknown argument", { host: "a", user: "b" }, "verify.user is not an argument"],
  ["another service's", { host: "a", passwordPrefix: "b" }, "verify.passwordPrefix is not an argument"],
  ["a URL", { host: "mysql://db" }, "verify.host must be a host name"],
  ["a port in the host", { host: "db:3306" }, "verify.host must be a host name"],
  ["port 0", { host: "a", port: 0 }, "verify.port must be"],
  ["a port as a text", { host: "a", port: "3306" }, "verify.port must be"],
  ["tls as a text", { host: "a", tls: "off" }, "verify.tls must be"],
  ["an unknown part of tls", { host: "a", tls: { rejectUnauthorized: false } }, "verify.tls must be"],
  ["a file that is not there", { host: "a", tls: { caFile: "none.pem" } }, "is no file with a PEM certificate"],
  ["a time that is none", { host: "a", timeoutSeconds: 0 }, "verify.timeoutSeconds must be"],
  ["a flag that is none", { host: "a", onRefresh: "yes" }, "verify.onRefresh must be"],
  ["a certificate for a number", { host: "10.0.0.9" }, "give verify.tls.serverName"],
])("refused: %s", (_, verify, text) => {
  expect(problems(mariadb, verify)).toEqual([expect.stringContaining(text)]);
}); // prettier-ignore

test("a driver that is not installed is named, also in a preview that knows nothing else", () => {
  jest.spyOn(peers, "isInstalled").mockReturnValue(false);
  const text = "verify logs in with the package mysql2, which is not installed: run `npm install mysql2`"; // prettier-ignore
  expect(problems(mariadb, { host: unknown })).toEqual([text]);
  expect(problems("tencentcloud:TcrServiceAccountPassword", { host: "registry" })).toEqual([]);
  jest.restoreAllMocks();
});

test("a file that is there", () => {
  const caFile = join(process.env["XDG_CACHE_HOME"]!, "ca.pem");
  writeFileSync(caFile, selfSignedCertificate().cert);
  expect(problems(mariadb, { host: "db", tls: { caFile } })).toEqual([]);
  writeFileSync(caFile, "");
  expect(problems(mariadb, { host: "db", tls: { caFile } })).toHaveLength(1);
});

test("ServiceComb needs the engine's address, and no server", () => {
  const account = { engineId: "engine-1" };
  expect(problems(servicecomb, {}, account)).toEqual([
    expect.stringContaining("set servicecomb:engineEndpoint"),
  ]);
  process.env["SERVICECOMB_ENGINE_ENDPOINT"] = "https://engine.example.com";
  try {
    expect(problems(servicecomb, { onRefresh: true }, account)).toEqual([]);
    expect(problems(servicecomb, { host: "a" }, account)).toEqual([
      expect.stringContaining(
        "verify.host is not an argument: there are onRefresh, timeoutSeconds",
      ),
    ]);
  } finally {
    delete process.env["SERVICECOMB_ENGINE_ENDPOINT"];
  }
});
