/**
 * What every documented error code of the four actions means: the vendor's own text decides, read
 * in favour of doubt. "Operation failed" does not say that nothing happened, so the families
 * `FailedOperation` and `InternalError` are unknown unless a code says more. A code that stands in
 * no table is unknown too.
 *
 * Sources: the "Error Code" section of each action's page (TCR 2024-03-21, MariaDB 2023-06-21,
 * PostgreSQL 2023-10-13, Redis 2024-12-04), the page "Common Error Codes", and for codes marked
 * `client` tencentcloud-sdk-go of 2026-08-21, which lists them per action.
 */
import type { CodeMeaning } from "../outcome";

type Codes = Readonly<Record<string, CodeMeaning>>;

const refused = (code: CodeMeaning["code"], says: string): CodeMeaning => ({
  outcome: "refused",
  code,
  says,
});
const tryAgain = (code: CodeMeaning["code"], says: string): CodeMeaning => ({
  outcome: "tryAgain",
  code,
  says,
});
const unknown = (says: string, repeat: CodeMeaning["repeat"] = "budget"): CodeMeaning => ({
  outcome: "unknown",
  code: "OUTCOME_UNKNOWN",
  says,
  ...(repeat === "budget" ? {} : { repeat }),
});

const noKey = "Tencent Cloud does not accept the credentials";
const noPermission = "the credentials lack the permission";
const throttled = "the vendor's rate limit was reached";
const badPassword = "the vendor refused the new password by its rules";
const badRequest = "the vendor refused the request as malformed";

/** Page "Common Error Codes"; the same for every product. */
export const commonCodes: Codes = {
  ActionOffline: refused("API_ERROR", "the vendor has withdrawn this action"),
  "AuthFailure.InvalidAuthorization": refused("AUTH_FAILED", noKey),
  "AuthFailure.InvalidSecretId": refused("AUTH_FAILED", `${noKey}: the key is not one of an API`),
  "AuthFailure.MFAFailure": refused("AUTH_FAILED", `${noKey}: multi-factor authentication failed`),
  "AuthFailure.SecretIdNotFound": refused("AUTH_FAILED", `${noKey}: the SecretId does not exist`),
  "AuthFailure.SignatureExpire": refused(
    "CLOCK_SKEW",
    "the signature's time is more than five minutes off: the clock of this machine is wrong",
  ),
  "AuthFailure.SignatureFailure": refused("AUTH_FAILED", `${noKey}: the signature does not match`),
  "AuthFailure.TokenFailure": refused("AUTH_FAILED", `${noKey}: the session token is wrong`),
  "AuthFailure.UnauthorizedOperation": refused("PERMISSION_DENIED", noPermission),
  DryRunOperation: refused("API_ERROR", "the request was only a dry run"),
  FailedOperation: unknown("the vendor says that the operation failed, and no more"),
  InternalError: unknown("the vendor had an internal error"),
  InvalidAction: refused("API_ERROR", "the vendor does not know this action"),
  InvalidParameter: refused("API_ERROR", badRequest),
  InvalidParameterValue: refused("API_ERROR", badRequest),
  InvalidRequest: refused("API_ERROR", badRequest),
  IpInBlacklist: refused(
    "PERMISSION_DENIED",
    "this machine's address is on the vendor's deny list",
  ),
  IpNotInWhitelist: refused(
    "PERMISSION_DENIED",
    "this machine's address is not on the vendor's allow list",
  ),
  // A quota, not a rate: waiting does not help.
  LimitExceeded: refused("API_ERROR", "a quota of the vendor is used up"),
  MissingParameter: refused("API_ERROR", badRequest),
  NoSuchProduct: refused("API_ERROR", "the vendor does not know this product"),
  NoSuchVersion: refused("API_ERROR", "the vendor does not know this API version"),
  RequestLimitExceeded: tryAgain("THROTTLED", throttled),
  "RequestLimitExceeded.GlobalRegionUinLimitExceeded": tryAgain("THROTTLED", throttled),
  "RequestLimitExceeded.IPLimitExceeded": tryAgain("THROTTLED", throttled),
  "RequestLimitExceeded.UinLimitExceeded": tryAgain("THROTTLED", throttled),
  RequestSizeLimitExceeded: refused("API_ERROR", badRequest),
  ResourceInUse: tryAgain("INSTANCE_UNAVAILABLE", "the resource is in use"),
  ResourceInsufficient: refused("API_ERROR", "the vendor lacks resources for this"),
  ResourceNotFound: refused("NOT_FOUND", "the instance or the account does not exist"),
  ResourceUnavailable: refused("INSTANCE_UNAVAILABLE", "the resource is not available"),
  // The request was carried out: only its answer was too long.
  ResponseSizeLimitExceeded: unknown("the vendor's answer was too long for the vendor", "never"),
  ServiceUnavailable: unknown("the vendor's service was not available"),
  UnauthorizedOperation: refused("PERMISSION_DENIED", noPermission),
  UnknownParameter: refused("API_ERROR", badRequest),
  UnsupportedOperation: refused(
    "ACCOUNT_UNSUPPORTED",
    "the vendor does not support this operation",
  ),
  UnsupportedProtocol: refused("API_ERROR", badRequest),
  UnsupportedRegion: refused("INVALID_ARGUMENT", "the vendor does not know this region"),
};

/** TCR `ModifyServiceAccountPassword`, API page. It has no code for an account that is not there. */
export const tcrCodes: Codes = {
  ...commonCodes,
  "FailedOperation.DbError": unknown("the vendor had a database error"),
  OperationDenied: refused("PERMISSION_DENIED", "the vendor denies this operation"),
};

/** MariaDB `ResetAccountPassword`, API page. It has no code for an account that is not there. */
export const mariadbCodes: Codes = {
  ...commonCodes,
  "FailedOperation.ResetPasswordFailed": unknown("the vendor says that the reset failed"),
  "InternalError.CamAuthFailed": unknown("the vendor could not check the permission"),
  "InternalError.DbOperationFailed": unknown("the vendor had a database error"),
  "InternalError.InnerSystemError": unknown("the vendor had an internal error"), // client
  "InvalidParameter.CharacterError": refused("PASSWORD_REJECTED", badPassword),
  "InvalidParameter.GenericParameterError": refused(
    "API_ERROR",
    `${badRequest}, as it does when there is no such instance`,
  ),
  "LimitExceeded.TooFrequentlyCalled": tryAgain("THROTTLED", throttled), // client
  "ResourceNotFound.AccountDoesNotExist": refused("NOT_FOUND", "the account does not exist"), // client
  // Nothing is retried by its family: of these three, one is for good.
  "ResourceUnavailable.InstanceAlreadyDeleted": refused(
    "NOT_FOUND",
    "the instance has been deleted",
  ),
  "ResourceUnavailable.InstanceHasBeenLocked": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is locked",
  ),
  "ResourceUnavailable.InstanceStatusAbnormal": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is in a state that allows no change",
  ),
  "UnauthorizedOperation.PermissionDenied": refused("PERMISSION_DENIED", noPermission),
};

/** PostgreSQL `ResetAccountPassword`, API page. */
export const postgresqlCodes: Codes = {
  ...commonCodes,
  "FailedOperation.CamSigAndAuthError": unknown("the vendor could not check the permission"),
  "FailedOperation.CheckAccountCAMCloseError": refused(
    "ACCOUNT_UNSUPPORTED",
    "the account's password is managed by CAM, which allows no other",
  ), // client
  "FailedOperation.DatabaseAccessError": unknown("the vendor could not reach its database"),
  "FailedOperation.FailedOperationError": unknown("the vendor says that the operation failed"),
  "FailedOperation.OperateFrequencyLimitedError": tryAgain("THROTTLED", throttled), // client
  "FailedOperation.OssAccessError": unknown("the vendor could not reach its back end"),
  // The page's own example of it is a permanent "admin unmatch": repeats will hardly help.
  "FailedOperation.OssOperationFailed": unknown("the vendor's back end refused or failed", "few"),
  "FailedOperation.PreCheckError": unknown("the vendor's check before the change failed", "few"), // client
  "InternalError.DBError": unknown("the vendor had a database error"),
  "InternalError.InternalHttpServerError": unknown("the vendor had an internal error"),
  "InternalError.SystemError": unknown("the vendor had an internal error"),
  InvalidAccountPassword: refused("PASSWORD_REJECTED", badPassword),
  "InvalidParameter.ParameterCheckError": refused("API_ERROR", badRequest), // client
  "InvalidParameterValue.AccountNotExist": refused("NOT_FOUND", "the account does not exist"), // client
  "InvalidParameterValue.AccountNotExistError": refused("NOT_FOUND", "the account does not exist"),
  "InvalidParameterValue.DecryptPasswordFailed": refused("API_ERROR", badRequest), // client
  "InvalidParameterValue.InstanceNotExist": refused("NOT_FOUND", "the instance does not exist"),
  "InvalidParameterValue.InvalidAccountNameError": refused(
    "INVALID_ARGUMENT",
    "userName is no account's name",
  ), // client
  "InvalidParameterValue.InvalidAccountNameFormatError": refused(
    "INVALID_ARGUMENT",
    "userName is no account's name",
  ), // client
  "InvalidParameterValue.InvalidParameterValueError": refused("API_ERROR", badRequest),
  "InvalidParameterValue.InvalidPasswordFormat": refused("PASSWORD_REJECTED", badPassword),
  "InvalidParameterValue.InvalidPasswordLengthError": refused("PASSWORD_REJECTED", badPassword),
  "InvalidParameterValue.InvalidPasswordValueError": refused("PASSWORD_REJECTED", badPassword),
  "InvalidParameterValue.ParameterHandleError": refused("API_ERROR", badRequest),
  "OperationDenied.CamDeniedError": refused("PERMISSION_DENIED", "CAM denies this operation"),
  "OperationDenied.InstanceStatusLimitError": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is in a state that allows no change",
  ), // client
  "OperationDenied.InstanceStatusLimitOpError": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is in a state that allows no change",
  ), // client
  "ResourceNotFound.InstanceNotFoundError": refused("NOT_FOUND", "the instance does not exist"),
};

/** Redis `ModifyInstancePassword` and `ResetPassword`, API page and client. */
export const redisCodes: Codes = {
  ...commonCodes,
  "FailedOperation.SystemError": unknown("the vendor had an internal error"),
  "InvalidParameter.EmptyParam": refused("API_ERROR", badRequest),
  "InvalidParameter.InvalidParameter": refused("API_ERROR", badRequest),
  "InvalidParameter.PermissionDenied": refused("PERMISSION_DENIED", noPermission),
  "InvalidParameterValue.PasswordError": {
    outcome: "wrongOldPassword",
    code: "CURRENT_PASSWORD_UNKNOWN",
    says: "the old password, or the new one, was refused",
  },
  // Despite its name: "the old password passed in does not match the previously set password".
  "InvalidParameterValue.PasswordRuleError": {
    outcome: "wrongOldPassword",
    code: "CURRENT_PASSWORD_UNKNOWN",
    says: "the old password, or the new one, was refused",
  },
  "ResourceNotFound.InstanceNotExists": refused("NOT_FOUND", "the instance does not exist"),
  "ResourceUnavailable.InstanceLockedError": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is locked by another change",
  ),
  "ResourceUnavailable.InstanceStatusAbnormal": tryAgain(
    "INSTANCE_UNAVAILABLE",
    "the instance is in a state that allows no change",
  ),
  "UnauthorizedOperation.NoCAMAuthed": refused("PERMISSION_DENIED", noPermission),
  "UnauthorizedOperation.UserNotInWhiteList": refused("PERMISSION_DENIED", noPermission), // client
};
