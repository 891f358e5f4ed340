/** Stack configuration keys that must be set with `--secret`, also with `_<ENGINE_ID>` behind. */
export const secretConfigurationKeys = [
  "huaweicloud:token",
  "huaweicloud:password",
  "servicecomb:rbacToken",
  "servicecomb:rbacPassword",
] as const;
