/** The public API. */
export * as huaweicloud from "./huaweicloud";
export * as tencentcloud from "./tencentcloud";
export { RotatingPassword } from "./password/rotating-password";
export type {
  RotateEvery,
  RotatingPasswordArgs,
  RotationWindow,
} from "./password/rotating-password";
export type { Consumer } from "./password/alphabet";
export { AlternatingPasswords } from "./password/alternating-passwords";
export type {
  AlternatingAccount,
  AlternatingAccountClass,
  AlternatingPasswordsArgs,
  NamedAccount,
} from "./password/alternating-passwords";
export { inWaves } from "./password/waves";
export type { WaveOptions, WavesArgs } from "./password/waves";
export { rotationPeriod } from "./password/rotation-period";
export type { RotationPeriodArgs } from "./password/rotation-period";
export { PasswordPolicy } from "./password/policy";
export type { PasswordRule, PolicySource, RandomPasswordPolicyArgs } from "./password/policy";
export type {
  MariadbVerifyArgs,
  PostgresqlVerifyArgs,
  RedisVerifyArgs,
  TcrVerifyArgs,
  VerifyArgs,
  VerifyServerArgs,
  VerifyTlsArgs,
} from "./verification/verify-args";
export { AccountPasswordError } from "./errors";
export type { ErrorCode } from "./errors";
export type { AccountPassword, AccountPasswordArgs } from "./account-password";
