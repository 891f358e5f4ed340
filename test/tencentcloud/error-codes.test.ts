import type { CodeMeaning } from "../../provider/outcome";
import { meaningOf } from "../../provider/outcome";
import {
  commonCodes,
  mariadbCodes,
  postgresqlCodes,
  redisCodes,
  tcrCodes,
} from "../../provider/tencentcloud/error-codes";

// Written down from the vendor's pages and its Go client, apart from the tables of the code: what may be said of a
// password after each code. "Operation failed" and "internal error" do not say that nothing happened.
const common = `
  ActionOffline                                        refused  API_ERROR
  AuthFailure.InvalidAuthorization                     refused  AUTH_FAILED
  AuthFailure.InvalidSecretId                          refused  AUTH_FAILED
  AuthFailure.MFAFailure                               refused  AUTH_FAILED
  AuthFailure.SecretIdNotFound                         refused  AUTH_FAILED
  AuthFailure.SignatureExpire                          refused  CLOCK_SKEW
  AuthFailure.SignatureFailure                         refused  AUTH_FAILED
  AuthFailure.TokenFailure                             refused  AUTH_FAILED
  AuthFailure.UnauthorizedOperation                    refused  PERMISSION_DENIED
  DryRunOperation                                      refused  API_ERROR
  FailedOperation                                      unknown  OUTCOME_UNKNOWN
  InternalError                                        unknown  OUTCOME_UNKNOWN
  InvalidAction                                        refused  API_ERROR
  InvalidParameter                                     refused  API_ERROR
  InvalidParameterValue                                refused  API_ERROR
  InvalidRequest                                       refused  API_ERROR
  IpInBlacklist                                        refused  PERMISSION_DENIED
  IpNotInWhitelist                                     refused  PERMISSION_DENIED
  LimitExceeded                                        refused  API_ERROR
  MissingParameter                                     refused  API_ERROR
  NoSuchProduct                                        refused  API_ERROR
  NoSuchVersion                                        refused  API_ERROR
  RequestLimitExceeded                                 tryAgain THROTTLED
  RequestLimitExceeded.GlobalRegionUinLimitExceeded    tryAgain THROTTLED
  RequestLimitExceeded.IPLimitExceeded                 tryAgain THROTTLED
  RequestLimitExceeded.UinLimitExceeded                tryAgain THROTTLED
  RequestSizeLimitExceeded                             refused  API_ERROR
  ResourceInUse                                        tryAgain INSTANCE_UNAVAILABLE
  ResourceInsufficient                                 refused  API_ERROR
  ResourceNotFound                                     refused  NOT_FOUND
  ResourceUnavailable                                  refused  INSTANCE_UNAVAILABLE
  ResponseSizeLimitExceeded                            unknown  OUTCOME_UNKNOWN never
  ServiceUnavailable                                   unknown  OUTCOME_UNKNOWN
  UnauthorizedOperation                                refused  PERMISSION_DENIED
  UnknownParameter                                     refused  API_ERROR
  UnsupportedOperation                                 refused  ACCOUNT_UNSUPPORTED
  UnsupportedProtocol                                  refused  API_ERROR
  UnsupportedRegion                                    refused  INVALID_ARGUMENT
`;

const tcr = `
  FailedOperation.DbError                              unknown  OUTCOME_UNKNOWN
  OperationDenied                                      refused  PERMISSION_DENIED
`;

const mariadb = `
  FailedOperation.ResetPasswordFailed                  unknown  OUTCOME_UNKNOWN
  InternalError.CamAuthFailed                          unknown  OUTCOME_UNKNOWN
  InternalError.DbOperationFailed                      unknown  OUTCOME_UNKNOWN
  InternalError.InnerSystemError                       unknown  OUTCOME_UNKNOWN
  InvalidParameter.CharacterError                      refused  PASSWORD_REJECTED
  InvalidParameter.GenericParameterError               refused  API_ERROR
  LimitExceeded.TooFrequentlyCalled                    tryAgain THROTTLED
  ResourceNotFound.AccountDoesNotExist                 refused  NOT_FOUND
  ResourceUnavailable.InstanceAlreadyDeleted           refused  NOT_FOUND
  ResourceUnavailable.InstanceHasBeenLocked            tryAgain INSTANCE_UNAVAILABLE
  ResourceUnavailable.InstanceStatusAbnormal           tryAgain INSTANCE_UNAVAILABLE
  UnauthorizedOperation.PermissionDenied               refused  PERMISSION_DENIED
`;

const postgresql = `
  FailedOperation.CamSigAndAuthError                   unknown  OUTCOME_UNKNOWN
  FailedOperation.CheckAccountCAMCloseError            refused  ACCOUNT_UNSUPPORTED
  FailedOperation.DatabaseAccessError                  unknown  OUTCOME_UNKNOWN
  FailedOperation.FailedOperationError                 unknown  OUTCOME_UNKNOWN
  FailedOperation.OperateFrequencyLimitedError         tryAgain THROTTLED
  FailedOperation.OssAccessError                       unknown  OUTCOME_UNKNOWN
  FailedOperation.OssOperationFailed                   unknown  OUTCOME_UNKNOWN few
  FailedOperation.PreCheckError                        unknown  OUTCOME_UNKNOWN few
  InternalError.DBError                                unknown  OUTCOME_UNKNOWN
  InternalError.InternalHttpServerError                unknown  OUTCOME_UNKNOWN
  InternalError.SystemError                            unknown  OUTCOME_UNKNOWN
  InvalidAccountPassword                               refused  PASSWORD_REJECTED
  InvalidParameter.ParameterCheckError                 refused  API_ERROR
  InvalidParameterValue.AccountNotExist                refused  NOT_FOUND
  InvalidParameterValue.AccountNotExistError           refused  NOT_FOUND
  InvalidParameterValue.DecryptPasswordFailed          refused  API_ERROR
  InvalidParameterValue.InstanceNotExist               refused  NOT_FOUND
  InvalidParameterValue.InvalidAccountNameError        refused  INVALID_ARGUMENT
  InvalidParameterValue.InvalidAccountNameFormatError  refused  INVALID_ARGUMENT
  InvalidParameterValue.InvalidParameterValueError     refused  API_ERROR
  InvalidParameterValue.InvalidPasswordFormat          refused  PASSWORD_REJECTED
  InvalidParameterValue.InvalidPasswordLengthError     refused  PASSWORD_REJECTED
  InvalidParameterValue.InvalidPasswordValueError      refused  PASSWORD_REJECTED
  InvalidParameterValue.ParameterHandleError           refused  API_ERROR
  OperationDenied.CamDeniedError                       refused  PERMISSION_DENIED
  OperationDenied.InstanceStatusLimitError             tryAgain INSTANCE_UNAVAILABLE
  OperationDenied.InstanceStatusLimitOpError           tryAgain INSTANCE_UNAVAILABLE
  ResourceNotFound.InstanceNotFoundError               refused  NOT_FOUND
`;

const redis = `
  FailedOperation.SystemError                          unknown  OUTCOME_UNKNOWN
  InvalidParameter.EmptyParam                          refused  API_ERROR
  InvalidParameter.InvalidParameter                    refused  API_ERROR
  InvalidParameter.PermissionDenied                    refused  PERMISSION_DENIED
  InvalidParameterValue.PasswordError                  wrongOldPassword CURRENT_PASSWORD_UNKNOWN
  InvalidParameterValue.PasswordRuleError              wrongOldPassword CURRENT_PASSWORD_UNKNOWN
  ResourceNotFound.InstanceNotExists                   refused  NOT_FOUND
  ResourceUnavailable.InstanceLockedError              tryAgain INSTANCE_UNAVAILABLE
  ResourceUnavailable.InstanceStatusAbnormal           tryAgain INSTANCE_UNAVAILABLE
  UnauthorizedOperation.NoCAMAuthed                    refused  PERMISSION_DENIED
  UnauthorizedOperation.UserNotInWhiteList             refused  PERMISSION_DENIED
`;

type Row = readonly [vendorCode: string, meaning: Partial<CodeMeaning>];

function rows(table: string): Row[] {
  return table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): Row => {
      const [vendorCode = "", outcome, code, repeat] = line.trim().split(/ +/);
      return [vendorCode, { outcome, code, ...(repeat && { repeat }) } as Partial<CodeMeaning>];
    });
}

describe.each([
  ["commonCodes", commonCodes, rows(common)],
  ["tcrCodes", tcrCodes, rows(common + tcr)],
  ["mariadbCodes", mariadbCodes, rows(common + mariadb)],
  ["postgresqlCodes", postgresqlCodes, rows(common + postgresql)],
  ["redisCodes", redisCodes, rows(common + redis)],
])("%s", (_name, codes, documented) => {
  test.each(documented)("%s", (vendorCode, meaning) => {
    const { says, ...rest } = meaningOf(codes, vendorCode);
    expect(rest).toEqual(meaning);
    expect(says).toMatch(/^[^\n]*\w$/);
  });

  test("has no code beside the documented ones", () => {
    expect(Object.keys(codes).sort()).toEqual(documented.map(([code]) => code).sort());
  });

  test.each([
    "FailedOperation.Unheard",
    "InternalError.Unheard",
    "ResourceUnavailable.Unheard",
    "RequestLimitExceeded.Unheard",
    "InvalidParameterValue.Unheard",
    "invalidparameter",
    "InvalidParameter ",
    "constructor",
    "__proto__",
    "toString",
    "",
  ])("says of %p no more than that it is unknown, and not worth many repeats", (vendorCode) => {
    expect(meaningOf(codes, vendorCode)).toMatchObject({
      outcome: "unknown",
      code: "OUTCOME_UNKNOWN",
      repeat: "few",
    });
  });
});

test("only Redis' two codes say that the old password is wrong", () => {
  const others = { ...tcrCodes, ...mariadbCodes, ...postgresqlCodes };
  const wrong = (codes: Readonly<Record<string, CodeMeaning>>) =>
    Object.keys(codes).filter((code) => codes[code]?.outcome === "wrongOldPassword");
  expect(wrong(others)).toEqual([]);
  expect(wrong(redisCodes).sort()).toEqual([
    "InvalidParameterValue.PasswordError",
    "InvalidParameterValue.PasswordRuleError",
  ]);
});
