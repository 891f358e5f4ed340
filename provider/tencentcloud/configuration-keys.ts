/** Stack configuration keys that must be set with `--secret`. */
export const secretConfigurationKeys = [
  "tencentcloud:secretKey",
  "tencentcloud:securityToken",
] as const;
