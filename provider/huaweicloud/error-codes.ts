/**
 * What the error codes of a ServiceComb engine mean. The API page documents only that there are
 * some; the numbers are those of the engine's own service, Apache ServiceComb Service Center (cari
 * v0.9.0 `pkg/errsvc`, `rbac`), which a run of it confirmed. The HTTP status is the number over
 * 1000.
 *
 * The gateway before the API (`APIGW.`) refuses what never reaches the engine; its codes are those
 * of API Gateway's page "Error Codes"
 * (https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html) that say so.
 * One of them, 0201, covers a bad request and a backend that timed out alike, and the 06.. are the
 * gateway's own failures: unknown, like any code that is not here and the control plane's
 * (`SVCSTG.`).
 */
import type { CodeMeaning } from "../outcome";

const refused = (code: CodeMeaning["code"], says: string): CodeMeaning => ({
  outcome: "refused",
  code,
  says,
});

const noToken = "the engine does not accept the RBAC token";

export const servicecombCodes: Readonly<Record<string, CodeMeaning>> = {
  // The detail of this one repeats the refused password in clear: it is never read.
  "400001": refused("PASSWORD_REJECTED", "the engine refused the new password, or the request"),
  "400200": refused("NOT_FOUND", "the account does not exist on the engine"),
  "400201": refused("API_ERROR", "a role does not exist on the engine"),
  "400202": refused("API_ERROR", "the account has a role that is not valid"),
  "400203": refused("API_ERROR", "the engine's quota of accounts is used up"),
  "400204": refused("API_ERROR", "the engine's quota of roles is used up"),
  "400205": refused("API_ERROR", "the role is in use"),
  "400206": refused(
    "PASSWORD_REJECTED",
    "the new password is the same as the one given as current",
  ),
  "401201": refused("AUTH_FAILED", noToken),
  "401202": {
    outcome: "wrongOldPassword",
    code: "AUTH_FAILED",
    says: "the engine refused the login",
  },
  "401204": refused("AUTH_FAILED", noToken),
  "401205": refused("AUTH_FAILED", "the RBAC token has expired"),
  "401206": refused("AUTH_FAILED", "the account of the RBAC token has been deleted"),
  "401207": {
    outcome: "wrongOldPassword",
    code: "CURRENT_PASSWORD_UNKNOWN",
    says: "the engine refused the current password",
  },
  "401302": {
    outcome: "wrongOldPassword",
    code: "AUTH_FAILED",
    says: "the engine refused the login",
  },
  "403001": refused(
    "PERMISSION_DENIED",
    "the RBAC token's account may not change the password of this account",
  ),
  "403201": refused(
    "ACCOUNT_LOCKED",
    "the engine has locked the account for 15 minutes after wrong passwords",
  ),
  "403202": refused("ACCOUNT_UNSUPPORTED", "the engine keeps this account as it is"),
  "403203": refused("API_ERROR", "the engine keeps this role as it is"),
  "403204": refused("ACCOUNT_UNSUPPORTED", "the engine does not let an account edit itself so"),
  "403205": refused("PERMISSION_DENIED", "the RBAC token's role lacks the permission"),
  "409200": refused("API_ERROR", "the account exists already"),
  "409201": refused("API_ERROR", "the role exists already"),
  "APIGW.0101": refused("API_ERROR", "there is no such API at this endpoint"),
  "APIGW.0301": refused("AUTH_FAILED", "Huawei Cloud does not accept the IAM token"),
  "APIGW.0302": refused("PERMISSION_DENIED", "the IAM user may not call this API"),
  "APIGW.0305": refused("AUTH_FAILED", "Huawei Cloud does not accept the IAM token"),
  "APIGW.0306": refused("PERMISSION_DENIED", "the IAM user may not call this API"),
  "APIGW.0307": refused(
    "AUTH_FAILED",
    "the IAM token has expired, or belongs to another region than the endpoint",
  ),
  "APIGW.0308": {
    outcome: "tryAgain",
    code: "THROTTLED",
    says: "the vendor's rate limit was reached",
  },
  "APIGW.0310": refused("PERMISSION_DENIED", "the project is not available"),
  "APIGW.0401": refused("PERMISSION_DENIED", "the gateway does not allow this IP address"),
  "APIGW.0402": refused("PERMISSION_DENIED", "the gateway does not allow this IP address"),
  "APIGW.0801": refused("PERMISSION_DENIED", "the service is not available in this region"),
  "APIGW.0802": refused("PERMISSION_DENIED", "the IAM user is not allowed in this region"),
  // Also an unknown account on newer engines, and an engine without security authentication.
  "500003": {
    outcome: "unknown",
    code: "OUTCOME_UNKNOWN",
    says: "the engine had an internal error",
  },
};

/** The token has expired: the one answer after which a new token is worth a second try. */
export const tokenExpired = "401205";
/** A new password against the rules, or no current one where it is needed: it does not say which. */
export const invalidRequest = "400001";
