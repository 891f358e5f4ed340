import { servicecombCodes, tokenExpired } from "../../provider/huaweicloud/error-codes";
import type { CodeMeaning } from "../../provider/outcome";
import { meaningOf } from "../../provider/outcome";

// Written down from Apache ServiceComb Service Center's errors (cari v0.9.0) and a run of it, apart from the code's table.
const documented: [string, CodeMeaning["outcome"], CodeMeaning["code"]][] = [
  ["400001", "refused", "PASSWORD_REJECTED"],
  ["400200", "refused", "NOT_FOUND"],
  ["400201", "refused", "API_ERROR"],
  ["400202", "refused", "API_ERROR"],
  ["400203", "refused", "API_ERROR"],
  ["400204", "refused", "API_ERROR"],
  ["400205", "refused", "API_ERROR"],
  ["400206", "refused", "PASSWORD_REJECTED"],
  ["401201", "refused", "AUTH_FAILED"],
  ["401202", "wrongOldPassword", "AUTH_FAILED"],
  ["401204", "refused", "AUTH_FAILED"],
  ["401205", "refused", "AUTH_FAILED"],
  ["401206", "refused", "AUTH_FAILED"],
  ["401207", "wrongOldPassword", "CURRENT_PASSWORD_UNKNOWN"],
  ["401302", "wrongOldPassword", "AUTH_FAILED"],
  ["403001", "refused", "PERMISSION_DENIED"],
  ["403201", "refused", "ACCOUNT_LOCKED"],
  ["403202", "refused", "ACCOUNT_UNSUPPORTED"],
  ["403203", "refused", "API_ERROR"],
  ["403204", "refused", "ACCOUNT_UNSUPPORTED"],
  ["403205", "refused", "PERMISSION_DENIED"],
  ["409200", "refused", "API_ERROR"],
  ["409201", "refused", "API_ERROR"],
  // API Gateway, page "Error Codes": refused before the engine sees anything.
  ["APIGW.0101", "refused", "API_ERROR"],
  ["APIGW.0301", "refused", "AUTH_FAILED"],
  ["APIGW.0302", "refused", "PERMISSION_DENIED"],
  ["APIGW.0305", "refused", "AUTH_FAILED"],
  ["APIGW.0306", "refused", "PERMISSION_DENIED"],
  ["APIGW.0307", "refused", "AUTH_FAILED"],
  ["APIGW.0308", "tryAgain", "THROTTLED"],
  ["APIGW.0310", "refused", "PERMISSION_DENIED"],
  ["APIGW.0401", "refused", "PERMISSION_DENIED"],
  ["APIGW.0402", "refused", "PERMISSION_DENIED"],
  ["APIGW.0801", "refused", "PERMISSION_DENIED"],
  ["APIGW.0802", "refused", "PERMISSION_DENIED"],
  ["500003", "unknown", "OUTCOME_UNKNOWN"],
];

describe("servicecombCodes", () => {
  test.each(documented)("%s is %s, %s", (vendorCode, outcome, code) => {
    expect(meaningOf(servicecombCodes, vendorCode)).toMatchObject({ outcome, code });
  });

  test("lists no code that is not documented", () => {
    expect(Object.keys(servicecombCodes).sort()).toEqual(documented.map(([code]) => code).sort());
  });

  test("none of the engine's is worth another try by itself: three wrong passwords lock an account", () => {
    const worthIt = Object.entries(servicecombCodes).filter(
      ([, { outcome }]) => outcome === "tryAgain",
    );
    expect(worthIt.map(([code]) => code)).toEqual(["APIGW.0308"]);
  });

  test.each([
    "400207",
    "401",
    "500001",
    "SVCSTG.00500404",
    "APIGW.0201",
    "APIGW.0601",
    "constructor",
    "",
  ])("%p is unknown", (vendorCode) => {
    expect(meaningOf(servicecombCodes, vendorCode)).toMatchObject({
      outcome: "unknown",
      repeat: "few",
    });
  });
});

test("tokenExpired is the one code after which a new token helps", () => {
  expect(tokenExpired).toBe("401205");
});
