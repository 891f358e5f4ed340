/** The public API. */
export * as huaweicloud from "./huaweicloud";
export * as tencentcloud from "./tencentcloud";
export { RotatingPassword } from "./password/rotating-password";
export type { RotateEvery, RotatingPasswordArgs } from "./password/rotating-password";
export { PasswordPolicy } from "./password/policy";
export type { PasswordRule, PolicySource, RandomPasswordPolicyArgs } from "./password/policy";
export { AccountPasswordError } from "./errors";
export type { ErrorCode } from "./errors";
export type { AccountPassword, AccountPasswordArgs } from "./account-password";
