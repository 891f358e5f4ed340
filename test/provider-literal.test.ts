import { providerLiteral } from "../provider/provider-literal";

test("providerLiteral is the promised text, byte for byte", () => {
  expect(providerLiteral("password:RotatingPassword")).toBe(
    'exports.handler=()=>require("pulumi-account-passwords/provider").handler("password:RotatingPassword")',
  );
});

test.each([
  "tencentcloud:TcrServiceAccountPassword",
  "tencentcloud:PostgresqlAccountPassword",
  "huaweicloud:ServicecombAccountPassword",
])("providerLiteral takes at most 128 bytes for %s", (type) => {
  expect(Buffer.byteLength(providerLiteral(type))).toBeLessThanOrEqual(128);
});
